import type { Action } from '../action.ts'
import { accelerationActions } from './acceleration.ts'
import { aiModelActions } from './ai-models.ts'
import { chartActions } from './charts.ts'
import { credentialActions } from './credentials.ts'
import { domainActions } from './domains.ts'
import { endpointActions } from './endpoints.ts'
import { gcActions } from './gc.ts'
import { imageActions } from './images.ts'
import { immutabilityActions } from './immutability.ts'
import { instanceActions } from './instances.ts'
import { namespaceActions } from './namespaces.ts'
import { personalAccountActions } from './personal-accounts.ts'
import { personalImageActions } from './personal-images.ts'
import { personalLifecycleActions } from './personal-lifecycle.ts'
import { personalNamespaceActions } from './personal-namespaces.ts'
import { personalRepositoryActions } from './personal-repositories.ts'
import { personalTriggerActions } from './personal-triggers.ts'
import { replicationActions } from './replication.ts'
import { repositoryActions } from './repositories.ts'
import { retentionActions } from './retention.ts'
import { securityPolicyActions } from './security-policies.ts'
import { signatureActions } from './signatures.ts'
import { skillActions } from './skills.ts'
import { syncActions } from './sync.ts'
import { webhookActions } from './webhooks.ts'

export const tcrActions: readonly Action[] = [
  ...instanceActions,
  ...endpointActions,
  ...domainActions,
  ...credentialActions,
  ...namespaceActions,
  ...repositoryActions,
  ...imageActions,
  ...chartActions,
  ...replicationActions,
  ...syncActions,
  ...webhookActions,
  ...retentionActions,
  ...immutabilityActions,
  ...securityPolicyActions,
  ...signatureActions,
  ...gcActions,
  ...accelerationActions,
  ...aiModelActions,
  ...skillActions,
  ...personalAccountActions,
  ...personalNamespaceActions,
  ...personalRepositoryActions,
  ...personalImageActions,
  ...personalLifecycleActions,
  ...personalTriggerActions,
]
