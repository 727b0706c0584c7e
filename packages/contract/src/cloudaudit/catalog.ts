import type { Action } from '../action.ts'
import { auditActions } from './audit.ts'

export const cloudauditActions: readonly Action[] = auditActions
