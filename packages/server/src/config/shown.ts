// The settings in force, as the operator may see them: no secret, and nothing that stands in an address beside it.

import { redact } from '../redact.ts'
import type { Given } from './sources.ts'
import { settings } from './table.ts'

export interface ShownSetting {
  readonly name: string
  /** Null: it is not set and has no default of its own, or it is a secret. */
  readonly text: string | null
  readonly isGiven: boolean
  readonly isSecret: boolean
}

export function shownSettings(given: Given): readonly ShownSetting[] {
  return Object.values(settings).map(({ name, kind, fallback }) => {
    const found = given.texts.get(name)
    const { secret: isSecret } = kind
    const text = found?.text ?? fallback ?? null
    return {
      name,
      text: isSecret || text === null ? null : redact(text),
      isGiven: found !== undefined,
      isSecret,
    }
  })
}
