import type { Action } from '../action.ts'

export const vpcActions: readonly Action[] = []
