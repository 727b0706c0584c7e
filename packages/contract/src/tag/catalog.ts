import type { Action } from '../action.ts'
import { cloudTagActions } from './tags.ts'

export const tagActions: readonly Action[] = cloudTagActions
