import type { Action } from '../action.ts'

export const entrepotActions: readonly Action[] = []
