import type { Action } from '../action.ts'
import { cryptographyActions } from './cryptography.ts'
import { keyActions } from './keys.ts'

export const kmsActions: readonly Action[] = [...keyActions, ...cryptographyActions]
