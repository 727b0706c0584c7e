import type { Action } from '../action.ts'

export const camActions: readonly Action[] = []
