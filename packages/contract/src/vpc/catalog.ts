import type { Action } from '../action.ts'
import { networkActions } from './networks.ts'

export const vpcActions: readonly Action[] = networkActions
