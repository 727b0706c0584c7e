import type { Action } from '../action.ts'
import { namespaceActions } from './namespaces.ts'

export const tcrActions: readonly Action[] = [...namespaceActions]
