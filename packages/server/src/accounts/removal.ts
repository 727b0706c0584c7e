// The end of a person. Everything that he could log in or act with goes in the same transaction, so that within a
// second no process takes any of it; what he made for others (service accounts, policies, images) stays.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Origin } from '../audit/origin.ts'
import type { Tx } from '../db/database.ts'
import { record } from '../events/record.ts'
import { holdPerson, raiseRights } from './accounts.ts'

export interface Removal {
  readonly ownerUin: number
  readonly uin: number
  /** False: refused while the person has API keys. */
  readonly withKeys: boolean
  readonly at: number
  readonly origin: Origin
}

/** Throws USER_HAS_KEYS. The caller has found the person below this main account. */
export async function deleteUser(tx: Tx, removal: Removal): Promise<void> {
  const { uin, ownerUin, withKeys } = removal
  await raiseRights(tx, ownerUin)
  await holdPerson(tx, uin)
  if (!withKeys) await refuseKeys(tx, uin)
  await deleteCredentials(tx, removal)
  await tx.deleteFrom('api_keys').where('uin', '=', uin).execute()
  await tx.deleteFrom('console_sessions').where('uin', '=', uin).execute()
  await tx.deleteFrom('console_login_failures').where('uin', '=', uin).execute()
  await tx.deleteFrom('mfa_devices').where('uin', '=', uin).execute()
  await tx.deleteFrom('mfa_recovery_codes').where('uin', '=', uin).execute()
  await tx.deleteFrom('password_history').where('uin', '=', uin).execute()
  await tx.deleteFrom('group_members').where('uin', '=', uin).execute()
  await tx
    .deleteFrom('policy_attachments')
    .where('target_kind', '=', 'user')
    .where('target_id', '=', uin)
    .execute()
  await tx.deleteFrom('personal_users').where('uin', '=', uin).execute()
  await tx.deleteFrom('favourites').where('uin', '=', uin).execute()
  await tx.deleteFrom('accounts').where('uin', '=', uin).execute()
}

async function refuseKeys(tx: Tx, uin: number): Promise<void> {
  const key = await tx
    .selectFrom('api_keys')
    .select('secret_id')
    .where('uin', '=', uin)
    .executeTakeFirst()
  if (key) throw new ApiError('USER_HAS_KEYS')
}

async function deleteCredentials(tx: Tx, { uin, at, origin }: Removal): Promise<void> {
  const rows = await tx
    .selectFrom('user_credentials as c')
    .innerJoin('instances as i', 'i.id', 'c.instance_id')
    .select(['c.id', 'i.id as instance_id', 'i.region'])
    .where('c.uin', '=', uin)
    .orderBy('c.id')
    .execute()
  await tx.deleteFrom('user_credentials').where('uin', '=', uin).execute()
  for (const row of rows) {
    await record(tx, {
      at,
      type: 'credential.deleted',
      instanceId: row.instance_id,
      region: row.region,
      origin,
      cause: 'user',
      payload: { credential: `long-term:${row.id}` },
    })
  }
}
