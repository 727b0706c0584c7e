// When and from where credentials were last used, by id or name: a call for each two hundred of a list.

import type { Reply } from '../../api/call.ts'
import { useReads } from '../../api/use-api.ts'

export type CredentialUse = Reply<'DescribeCredentialUse'>['Credentials'][number]

const usesPerCall = 200

export function useCredentialUse(
  instance: string,
  kind: CredentialUse['Kind'],
  count: number,
): { readonly uses: ReadonlyMap<string, CredentialUse>; readonly isKnown: boolean } {
  const replies = useReads(
    'DescribeCredentialUse',
    Array.from({ length: Math.ceil(count / usesPerCall) }, (_, page) => ({
      RegistryId: instance,
      Kind: kind,
      Limit: usesPerCall,
      Offset: page * usesPerCall,
    })),
  )
  const uses = replies.flatMap(({ data }) => data?.Credentials ?? [])
  return {
    uses: new Map(uses.map((use) => [use.CredentialId, use])),
    isKnown: replies.every(({ isPending }) => !isPending),
  }
}
