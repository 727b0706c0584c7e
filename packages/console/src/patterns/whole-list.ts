// A list that the API gives whole and can't search or sort: that is done here, and it is shown like any other.

import type { CallError } from '@entrepot/client/errors.ts'
import type { List } from '../api/use-api.ts'

interface WholeReply {
  readonly isPending: boolean
  readonly isPlaceholderData: boolean
  readonly error: CallError | null
  refetch(): unknown
}

/** `rows` are those that match; undefined until they are known. */
export function wholeList<Row>(reply: WholeReply, rows: readonly Row[] | undefined): List<Row> {
  return {
    rows: rows ?? [],
    total: rows?.length,
    isLoading: reply.isPending,
    isOld: reply.isPlaceholderData,
    error: reply.error,
    hasMore: false,
    loadMore() {},
    refresh: () => void reply.refetch(),
  }
}

/** Null and undefined come last, whichever way it is sorted. */
export type SortValue = string | number | null | undefined

/** `sort` as the address has it: `-created` is the largest first; a name that is not in `orders` leaves them as they are. */
export function sortWhole<Row>(
  rows: readonly Row[],
  sort: string,
  orders: Readonly<Record<string, (row: Row) => SortValue>>,
): readonly Row[] {
  const isDown = sort.startsWith('-')
  const orderOf = orders[isDown ? sort.slice(1) : sort]
  if (!orderOf) return rows
  return rows.toSorted((a, b) => {
    const [x, y] = [orderOf(a), orderOf(b)]
    if (x === y) return 0
    if (x === null || x === undefined) return 1
    if (y === null || y === undefined) return -1
    return (x < y ? -1 : 1) * (isDown ? -1 : 1)
  })
}
