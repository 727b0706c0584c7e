// The actions of `cam` that are declared here.

import type { Action } from '../action.ts'
import { accessKeyActions } from './access-keys.ts'
import { attachmentActions } from './attachments.ts'
import { boundaryActions } from './boundaries.ts'
import { groupActions } from './groups.ts'
import { identityProviderActions } from './identity-providers.ts'
import { loginSecurityActions } from './login-security.ts'
import { policyActions } from './policies.ts'
import { roleActions } from './roles.ts'
import { userActions } from './users.ts'

export const camActions: readonly Action[] = [
  ...userActions,
  ...groupActions,
  ...policyActions,
  ...attachmentActions,
  ...roleActions,
  ...accessKeyActions,
  ...boundaryActions,
  ...identityProviderActions,
  ...loginSecurityActions,
]
