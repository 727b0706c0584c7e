// The product's own actions: what Tencent's API lacks.

import type { Action } from '../action.ts'
import { accountActions } from './accounts.ts'
import { activityActions } from './activity.ts'
import { auditActions } from './audit.ts'
import { bulkDeletionActions } from './bulk-deletions.ts'
import { helmChartKeyActions } from './chart-keys.ts'
import { helmChartActions } from './charts.ts'
import { credentialActions } from './credentials.ts'
import { deletionActions } from './deletions.ts'
import { deploymentActions } from './deployment.ts'
import { identityProviderActions } from './identity-providers.ts'
import { imageActions } from './images.ts'
import { immutabilityCoverageActions } from './immutability.ts'
import { instanceActions } from './instances.ts'
import { jobActions } from './jobs.ts'
import { loginAddressActions } from './login-addresses.ts'
import { meteringActions } from './metering.ts'
import { mfaActions } from './mfa.ts'
import { overviewActions } from './overview.ts'
import { personalActions } from './personal.ts'
import { policyActions } from './policies.ts'
import { recycleBinActions } from './recycle-bin.ts'
import { repositoryContentActions } from './repository-contents.ts'
import { retentionRunActions } from './retention.ts'
import { searchActions } from './search.ts'
import { sessionActions } from './sessions.ts'
import { statisticsActions } from './statistics.ts'
import { storageBackendActions } from './storage-backends.ts'
import { storageCleanupActions } from './storage-cleanup.ts'
import { systemActions } from './system.ts'
import { tokenExchangeActions } from './token-exchange.ts'
import { userActions } from './users.ts'
import { webhookDeliveryActions } from './webhooks.ts'

export const entrepotActions: readonly Action[] = [
  ...deploymentActions,
  ...overviewActions,
  ...searchActions,
  ...activityActions,
  ...accountActions,
  ...userActions,
  ...sessionActions,
  ...mfaActions,
  ...loginAddressActions,
  ...policyActions,
  ...identityProviderActions,
  ...tokenExchangeActions,
  ...credentialActions,
  ...instanceActions,
  ...storageBackendActions,
  ...statisticsActions,
  ...repositoryContentActions,
  ...imageActions,
  ...deletionActions,
  ...recycleBinActions,
  ...bulkDeletionActions,
  ...immutabilityCoverageActions,
  ...webhookDeliveryActions,
  ...retentionRunActions,
  ...helmChartActions,
  ...helmChartKeyActions,
  ...personalActions,
  ...auditActions,
  ...meteringActions,
  ...jobActions,
  ...storageCleanupActions,
  ...systemActions,
]
