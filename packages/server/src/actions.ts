// Every action that has a handler. An action of the contract that stands here not is answered UnsupportedOperation and
// listed in docs/api-coverage.md.

import type { Handler } from './actions/define.ts'
import { auditHandlers } from './audit-log/actions.ts'
import type { Clock } from './clock.ts'
import { tagHandlers } from './cloud-tags/actions.ts'
import { tagChangeHandlers } from './cloud-tags/change-actions.ts'
import { credentialHandlers } from './credentials/actions.ts'
import { serviceAccountHandlers } from './credentials/service-account-actions.ts'
import { imageHandlers } from './images/actions.ts'
import { artifactHandlers } from './images/artifact-actions.ts'
import { jobHandlers } from './job-list/actions.ts'
import { meteringHandlers } from './metering/actions.ts'
import { namespaceHandlers } from './namespaces/actions.ts'
import { repositoryHandlers } from './repositories/actions.ts'

export function buildHandlers(clock: Clock): readonly Handler[] {
  return [
    ...tagHandlers,
    ...tagChangeHandlers,
    ...credentialHandlers,
    ...serviceAccountHandlers,
    ...namespaceHandlers,
    ...repositoryHandlers(clock),
    ...imageHandlers(clock),
    ...artifactHandlers,
    ...auditHandlers,
    ...meteringHandlers,
    ...jobHandlers,
  ]
}
