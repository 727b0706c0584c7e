// A list that the API answers whole: found and shown here, like those that come in pages.

import type { CallError } from '@entrepot/client/errors.ts'
import type { List } from '../../api/use-api.ts'

interface WholeRead {
  readonly isPending: boolean
  readonly error: CallError | null
  refetch(): unknown
}

export function wholeList<Row>(rows: readonly Row[], read: WholeRead): List<Row> {
  return {
    rows,
    total: read.isPending || read.error ? undefined : rows.length,
    isLoading: read.isPending,
    isOld: false,
    error: read.error,
    hasMore: false,
    loadMore: () => {},
    refresh: () => void read.refetch(),
  }
}

/** Does any of the texts hold what is searched for? */
export function isFound(q: string, ...texts: readonly (string | number | null | undefined)[]) {
  const wanted = q.trim().toLowerCase()
  return texts.some((text) =>
    String(text ?? '')
      .toLowerCase()
      .includes(wanted),
  )
}

export function inChunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const chunks: (readonly T[])[] = []
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size))
  return chunks
}
