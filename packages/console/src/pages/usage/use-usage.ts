// What was used in a time, all of it: the first page tells how many there are, the others are asked for at once.

import type { Request } from '../../api/call.ts'
import { useRead, useReads } from '../../api/use-api.ts'
import type { Usage } from './usage-sums.ts'

/** As many as the API gives at once. */
const pageRows = 200
/** More numbers than this are no plot any more. */
const maxPages = 40

export interface WholeUsage {
  readonly usages: readonly Usage[]
  readonly isLoading: boolean
  /** More than is read here: choose one instance, or a shorter time. */
  readonly isCut: boolean
  readonly error: unknown
}

export function useUsage(input: Request<'DescribeUsage'>, isEnabled = true): WholeUsage {
  const first = useRead('DescribeUsage', { ...input, Limit: pageRows }, { isEnabled })
  const pages = Math.ceil((first.data?.TotalCount ?? 0) / pageRows)
  const rest = useReads(
    'DescribeUsage',
    Array.from({ length: Math.max(0, Math.min(pages, maxPages) - 1) }, (_, index) => ({
      ...input,
      Limit: pageRows,
      Offset: (index + 1) * pageRows,
    })),
  )
  const all = [first, ...rest]
  return {
    usages: all.flatMap(({ data }) => data?.Usage ?? []),
    isLoading: isEnabled && all.some(({ isPending }) => isPending),
    isCut: pages > maxPages,
    error: all.find(({ error }) => error)?.error,
  }
}
