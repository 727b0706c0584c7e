import type { Action } from '../action.ts'

export const cloudauditActions: readonly Action[] = []
