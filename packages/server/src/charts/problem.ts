// Why something is no chart: which field or file, which rule it breaks, what to do. It is told to whoever uploads.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Doc } from '@entrepot/contract/fields.ts'

/** Throws CHART_INVALID. `field`: of Chart.yaml (`name`), a path in the package, `package` or `prov`. */
export function refuseChart(field: string, en: string, zh: string): never {
  throw chartProblem(field, { en, zh })
}

export function chartProblem(field: string, words: Doc): ApiError {
  const shown = printable(field)
  return new ApiError('CHART_INVALID', {
    message: { en: `${shown}: ${words.en}`, zh: `${shown}：${words.zh}` },
    detail: { field: shown },
  })
}

const maxShownChars = 200

/** What a stranger chose, for a message: no control characters, and not much of it. */
export function printable(text: string): string {
  const cut = text.length > maxShownChars ? `${text.slice(0, maxShownChars)}…` : text
  return cut.replace(/\p{C}/gu, '\uFFFD')
}
