import type { Action } from '../action.ts'
import { certificateActions } from './certificates.ts'

export const sslActions: readonly Action[] = certificateActions
