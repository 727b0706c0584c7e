import type { Action } from '../action.ts'

export const kmsActions: readonly Action[] = []
