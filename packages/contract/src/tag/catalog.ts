import type { Action } from '../action.ts'

export const tagActions: readonly Action[] = []
