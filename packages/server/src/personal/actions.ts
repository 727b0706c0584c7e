// All of the API's actions on the Personal edition but those of its triggers, which come with delivery.

import type { Handler } from '../actions/define.ts'
import type { Clock } from '../clock.ts'
import { imageHandlers } from './image-actions.ts'
import { lifecycleHandlers } from './lifecycle-actions.ts'
import { namespaceHandlers } from './namespace-actions.ts'
import { inPersonalCodes } from './refusals.ts'
import { repositoryHandlers } from './repository-actions.ts'
import { userHandlers } from './user-actions.ts'

export function personalHandlers(clock: Clock): readonly Handler[] {
  const handlers = [
    ...userHandlers,
    ...namespaceHandlers,
    ...repositoryHandlers,
    ...imageHandlers(clock),
    ...lifecycleHandlers,
  ]
  return handlers.map(inPersonalCodes)
}
