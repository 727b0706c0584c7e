// Namespaces, with what they hold: a call for each two hundred.

import type { Reply } from '../../api/call.ts'
import { useReads } from '../../api/use-api.ts'

export type NamespaceFigures = Reply<'DescribeNamespaceStatistics'>['Statistics'][number]

export type Namespace = Reply<'DescribeNamespaces'>['NamespaceList'][number] & {
  /** Undefined until they are known. */
  readonly figures: NamespaceFigures | undefined
}

const namesPerCall = 200

export function useNamespaceFigures(
  instance: string,
  names: readonly string[],
): ReadonlyMap<string, NamespaceFigures> {
  const pages = Array.from({ length: Math.ceil(names.length / namesPerCall) }, (_, page) =>
    names.slice(page * namesPerCall, (page + 1) * namesPerCall),
  )
  const replies = useReads(
    'DescribeNamespaceStatistics',
    pages.map((page) => ({ RegistryId: instance, NamespaceNames: page, Limit: namesPerCall })),
  )
  return new Map(
    replies.flatMap(({ data }) => data?.Statistics ?? []).map((one) => [one.NamespaceName, one]),
  )
}
