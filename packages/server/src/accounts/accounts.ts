// The people: a main account owns everything; its sub-accounts name it as their owner. An account's version
// is carried by every token of the person, so raising it ends them all.

import { recordAudit } from '../audit/audit.ts'
import type { Origin } from '../audit/origin.ts'
import type { Queryable, Tx } from '../db/database.ts'

export interface AccountRecord {
  readonly uin: number
  readonly ownerUin: number
  readonly name: string
  readonly state: 'active' | 'suspended'
  readonly version: number
}

export interface NewMainAccount {
  readonly uin: number
  readonly name: string
  /** Of the console; undefined: nobody can log in there yet. */
  readonly passwordHash: string | undefined
  readonly at: number
}

/** Digits only, as docker's user name carries it; undefined for anything that is no uin. */
export function parseUin(text: string): number | undefined {
  if (!/^[1-9][0-9]{0,15}$/.test(text)) return undefined
  const uin = Number(text)
  return Number.isSafeInteger(uin) ? uin : undefined
}

/** False when the account is there already, which then stays as it is. */
export async function createMainAccount(tx: Tx, input: NewMainAccount): Promise<boolean> {
  const inserted = await tx
    .insertInto('accounts')
    .values({
      uin: input.uin,
      owner_uin: input.uin,
      name: input.name,
      password_hash: input.passwordHash ?? null,
      state: 'active',
      version: 1,
      created_at: input.at,
    })
    .onConflict((conflict) => conflict.column('uin').doNothing())
    .returning('uin')
    .executeTakeFirst()
  return inserted !== undefined
}

export async function findAccount(db: Queryable, uin: number): Promise<AccountRecord | undefined> {
  const row = await db
    .selectFrom('accounts')
    .select(['uin', 'owner_uin', 'name', 'state', 'version'])
    .where('uin', '=', uin)
    .executeTakeFirst()
  return row && { ...row, ownerUin: row.owner_uin }
}

interface Change {
  readonly at: number
  readonly origin: Origin
}

/** Ends every credential, token and session of the person within a second; what is suspended can return. */
export async function suspendAccount(tx: Tx, uin: number, change: Change): Promise<boolean> {
  return setState(tx, uin, { ...change, state: 'suspended', action: 'cam:SuspendUser' })
}

/** The tokens from before stay ended: only the credentials work again. */
export async function resumeAccount(tx: Tx, uin: number, change: Change): Promise<boolean> {
  return setState(tx, uin, { ...change, state: 'active', action: 'cam:ResumeUser' })
}

interface StateChange extends Change {
  readonly state: AccountRecord['state']
  readonly action: string
}

async function setState(tx: Tx, uin: number, change: StateChange): Promise<boolean> {
  const updated = await tx
    .updateTable('accounts')
    .set((eb) => ({ state: change.state, version: eb('version', '+', 1) }))
    .where('uin', '=', uin)
    .where('state', '!=', change.state)
    .returning('uin')
    .executeTakeFirst()
  if (!updated) return false
  await recordAudit(tx, {
    at: change.at,
    instanceId: null,
    origin: change.origin,
    action: change.action,
    resource: String(uin),
    result: 'ok',
  })
  return true
}
