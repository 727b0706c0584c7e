// Own action: who would be cut off without a credential.

import { describeCredentialDeletion } from '@entrepot/contract/entrepot/credentials.ts'
import { describeServiceAccounts } from '@entrepot/contract/tcr/credentials.ts'
import { assertMayDo } from '../actions/authority.ts'
import { type Handler, type ReadCall, read } from '../actions/define.ts'
import { isoUtc } from '../actions/times.ts'
import { findRecentUse, recentMs } from '../audit/recent-pulls.ts'
import { bareName } from './service-account-name.ts'
import { unknownServiceAccount } from './service-accounts.ts'
import { unknownCredential } from './user-credentials.ts'

export const credentialDeletionHandlers: readonly Handler[] = [
  read(describeCredentialDeletion, async (call) => {
    const { ground, instance, nowMs } = call
    const found = await findCredential(call)
    const use = await findRecentUse(ground.db.heavy, {
      ownerUin: instance.ownerUin,
      credential: found.label,
      since: nowMs - recentMs,
    })
    return {
      RecentPulls: use.pulls,
      RecentPushes: use.pushes,
      RecentAddresses: use.addresses,
      LastUsedTime: found.lastUsedAt === null ? null : isoUtc(found.lastUsedAt),
      LastUsedAddress: found.lastUsedAddress,
    }
  }),
]

interface FoundCredential {
  /** As audit rows have it. */
  readonly label: string
  readonly lastUsedAt: number | null
  readonly lastUsedAddress: string | null
}

async function findCredential(
  call: ReadCall<typeof describeCredentialDeletion>,
): Promise<FoundCredential> {
  const { db, actor, instance, input } = call
  const columns = ['id', 'last_used_at', 'last_used_address'] as const
  const { CredentialId: named } = input
  if (input.Kind === 'LongTerm') {
    const row = await db
      .selectFrom('user_credentials')
      .select(columns)
      .where('id', '=', named)
      .where('instance_id', '=', instance.id)
      // Nobody else's: they are a person's own business.
      .where('uin', '=', actor.uin)
      .executeTakeFirst()
    if (!row) throw unknownCredential(named)
    return toFound('long-term', row)
  }
  await assertMayDo(call, describeServiceAccounts.permission, [`instance/${instance.id}`])
  const row = await db
    .selectFrom('service_accounts')
    .select(columns)
    .where('instance_id', '=', instance.id)
    .where('name', '=', bareName(named))
    .executeTakeFirst()
  if (!row) throw unknownServiceAccount(named)
  return toFound('service-account', row)
}

interface UseRow {
  readonly id: string
  readonly last_used_at: number | null
  readonly last_used_address: string | null
}

function toFound(kind: 'long-term' | 'service-account', row: UseRow): FoundCredential {
  return {
    label: `${kind}:${row.id}`,
    lastUsedAt: row.last_used_at,
    lastUsedAddress: row.last_used_address,
  }
}
