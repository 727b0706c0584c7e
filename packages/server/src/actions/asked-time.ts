import { invalidValue } from '@entrepot/contract/validate.ts'
import { parseTime } from '../policies/operators.ts'

/** Undefined where it was left out. Throws INVALID_PARAMETER_VALUE. */
export function askedTime(parameter: string, text: string | undefined): number | undefined {
  if (!text) return undefined
  const ms = parseTime(text)
  if (ms !== undefined) return ms
  throw invalidValue(parameter, {
    en: 'must be a time in ISO 8601, such as 2026-06-16T08:37:05Z',
    zh: '应为 ISO 8601 时间，如 2026-06-16T08:37:05Z',
  })
}
