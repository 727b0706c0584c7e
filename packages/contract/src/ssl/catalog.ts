import type { Action } from '../action.ts'

export const sslActions: readonly Action[] = []
