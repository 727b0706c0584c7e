import type { Action } from '../action.ts'
import { accelerationActions } from './acceleration.ts'
import { aiModelActions } from './ai-models.ts'
import { gcActions } from './gc.ts'
import { immutabilityActions } from './immutability.ts'
import { namespaceActions } from './namespaces.ts'
import { personalAccountActions } from './personal-accounts.ts'
import { personalImageActions } from './personal-images.ts'
import { personalLifecycleActions } from './personal-lifecycle.ts'
import { personalNamespaceActions } from './personal-namespaces.ts'
import { personalRepositoryActions } from './personal-repositories.ts'
import { personalTriggerActions } from './personal-triggers.ts'
import { retentionActions } from './retention.ts'
import { signatureActions } from './signatures.ts'
import { skillActions } from './skills.ts'

export const tcrActions: readonly Action[] = [
  ...namespaceActions,
  ...retentionActions,
  ...immutabilityActions,
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
