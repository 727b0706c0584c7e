import type { Action } from '../action.ts'
import { temporaryKeyActions } from './sts.ts'

export const stsActions: readonly Action[] = temporaryKeyActions
