// When and from where credentials were last used, by id or name: a call for each two hundred.

import type { Reply } from '../../api/call.ts'
import { useRead, useReads } from '../../api/use-api.ts'

export type CredentialUse = Reply<'DescribeCredentialUse'>['Credentials'][number]

const usesPerCall = 200

export function useCredentialUse(
  instance: string,
  kind: CredentialUse['Kind'],
): { readonly uses: ReadonlyMap<string, CredentialUse>; readonly isFetching: boolean } {
  const page = (at: number) => ({
    RegistryId: instance,
    Kind: kind,
    Limit: usesPerCall,
    Offset: at * usesPerCall,
  })
  const first = useRead('DescribeCredentialUse', page(0))
  const pages = Math.ceil((first.data?.TotalCount ?? 0) / usesPerCall)
  const others = useReads(
    'DescribeCredentialUse',
    Array.from({ length: Math.max(0, pages - 1) }, (_, at) => page(at + 1)),
  )
  const replies = [first, ...others]
  const uses = replies.flatMap(({ data }) => data?.Credentials ?? [])
  return {
    uses: new Map(uses.map((use) => [use.CredentialId, use])),
    isFetching: replies.some(({ isFetching }) => isFetching),
  }
}
