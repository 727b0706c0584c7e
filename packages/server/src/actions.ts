// Every action that has a handler. An action of the contract that stands here not is answered UnsupportedOperation and
// listed in docs/api-coverage.md.

import { userHandlers } from './accounts/actions.ts'
import { userDeletionHandlers } from './accounts/deletion-actions.ts'
import { operatorHandlers } from './accounts/operator-actions.ts'
import { ownAccountHandlers } from './accounts/own-account-actions.ts'
import { userListHandlers } from './accounts/user-list-actions.ts'
import type { Handler } from './actions/define.ts'
import { activityHandlers } from './activity/actions.ts'
import { modelHandlers } from './ai-artifacts/model-actions.ts'
import { skillHandlers } from './ai-artifacts/skill-actions.ts'
import { attachmentHandlers } from './attachments/actions.ts'
import { boundaryHandlers } from './attachments/boundary-actions.ts'
import { auditHandlers } from './audit-log/actions.ts'
import { bulkDeletionHandlers } from './bulk-deletions/actions.ts'
import { chartHandlers } from './charts/actions.ts'
import { chartChangeHandlers } from './charts/change-actions.ts'
import { chartKeyHandlers } from './charts/key-actions.ts'
import type { Clock } from './clock.ts'
import { tagHandlers } from './cloud-tags/actions.ts'
import { tagChangeHandlers } from './cloud-tags/change-actions.ts'
import { credentialHandlers } from './credentials/actions.ts'
import { credentialDeletionHandlers } from './credentials/deletion-actions.ts'
import { serviceAccountHandlers } from './credentials/service-account-actions.ts'
import { gcHandlers } from './gc/actions.ts'
import { groupHandlers } from './groups/actions.ts'
import { identityProviderHandlers } from './identity-providers/actions.ts'
import { ownProviderHandlers } from './identity-providers/own-actions.ts'
import { imageHandlers } from './images/actions.ts'
import { artifactHandlers } from './images/artifact-actions.ts'
import { repositoryContentHandlers } from './images/content-actions.ts'
import { imageDeletionHandlers } from './images/deletion-actions.ts'
import { immutabilityHandlers } from './immutability/actions.ts'
import { instanceHandlers } from './instances/actions.ts'
import { ownInstanceHandlers } from './instances/own-actions.ts'
import { instanceStatisticsHandlers } from './instances/statistics-actions.ts'
import { storeHandlers } from './instances/store-actions.ts'
import { TagCounts } from './instances/tag-counts.ts'
import { jobHandlers } from './job-list/actions.ts'
import { keyHandlers } from './keys/actions.ts'
import { loginHandlers } from './logins/actions.ts'
import { mfaHandlers } from './logins/mfa-actions.ts'
import { sessionHandlers } from './logins/session-actions.ts'
import { meteringHandlers } from './metering/actions.ts'
import { spaceHandlers } from './metering/space-actions.ts'
import { namespaceHandlers } from './namespaces/actions.ts'
import { anonymousAccessHandlers } from './namespaces/anonymous-actions.ts'
import { overviewHandlers } from './overview/actions.ts'
import { personalHandlers } from './personal/actions.ts'
import { personalMigrationHandlers } from './personal-migration/actions.ts'
import { policyHandlers } from './policies/actions.ts'
import { ownRightsHandlers } from './policies/own-rights-actions.ts'
import { simulationHandlers } from './policies/simulate-actions.ts'
import { recycleBinHandlers } from './recycle-bin/actions.ts'
import { permanentDeletionHandlers } from './recycle-bin/permanent-actions.ts'
import { repositoryHandlers } from './repositories/actions.ts'
import { deletionHandlers } from './repositories/deletion-actions.ts'
import { retentionHandlers } from './retention/actions.ts'
import { retentionRunHandlers } from './retention/run-actions.ts'
import { roleHandlers } from './roles/actions.ts'
import { searchHandlers } from './search/actions.ts'
import { stsHandlers } from './sts/actions.ts'
import { systemHandlers } from './system/actions.ts'
import { tokenExchangeHandlers } from './token-exchange/actions.ts'
import { webhookHandlers } from './webhooks/actions.ts'
import { ownWebhookHandlers } from './webhooks/own-actions.ts'
import { webhookTestHandlers } from './webhooks/test-delivery.ts'

export function buildHandlers(clock: Clock): readonly Handler[] {
  const tagCounts = new TagCounts(clock)
  return [
    ...systemHandlers,
    ...activityHandlers,
    ...imageDeletionHandlers,
    ...deletionHandlers,
    ...recycleBinHandlers(clock),
    ...permanentDeletionHandlers,
    ...bulkDeletionHandlers,
    ...userDeletionHandlers,
    ...userListHandlers,
    ...credentialDeletionHandlers,
    ...searchHandlers,
    ...overviewHandlers(tagCounts),
    ...ownAccountHandlers,
    ...userHandlers,
    ...groupHandlers,
    ...roleHandlers,
    ...keyHandlers,
    ...loginHandlers,
    ...mfaHandlers,
    ...sessionHandlers,
    ...operatorHandlers,
    ...simulationHandlers,
    ...ownRightsHandlers,
    ...identityProviderHandlers,
    ...ownProviderHandlers,
    ...tokenExchangeHandlers,
    ...policyHandlers,
    ...attachmentHandlers,
    ...boundaryHandlers,
    ...stsHandlers,
    ...tagHandlers,
    ...tagChangeHandlers,
    ...credentialHandlers,
    ...serviceAccountHandlers,
    ...instanceHandlers,
    ...ownInstanceHandlers,
    ...instanceStatisticsHandlers(tagCounts),
    ...storeHandlers,
    ...namespaceHandlers,
    ...immutabilityHandlers,
    ...webhookHandlers,
    ...ownWebhookHandlers,
    ...webhookTestHandlers,
    ...retentionHandlers,
    ...retentionRunHandlers,
    ...anonymousAccessHandlers,
    ...repositoryHandlers(clock),
    ...imageHandlers(clock),
    ...auditHandlers,
    ...meteringHandlers,
    ...spaceHandlers(clock),
    ...jobHandlers,
    ...gcHandlers(clock),
    ...artifactHandlers,
    ...modelHandlers,
    ...skillHandlers,
    ...repositoryContentHandlers(),
    ...chartHandlers,
    ...chartChangeHandlers,
    ...chartKeyHandlers,
    ...personalHandlers(clock),
    ...personalMigrationHandlers,
  ]
}
