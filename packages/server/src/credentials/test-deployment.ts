// For tests: a database with a main account, two instances and namespaces, and any number of servers over
// it: what each process builds for itself.

import { randomBytes } from 'node:crypto'
import { systemOrigin } from '../audit/origin.ts'
import { type FakeClock, fakeClock } from '../clock.ts'
import { openVault, type Vault } from '../crypto/vault.ts'
import type { Database } from '../db/database.ts'
import { createInstance, type Instance } from '../instances/instances.ts'
import { silentLog } from '../log.ts'
import { createNamespace, type Namespace } from '../namespaces/namespaces.ts'
import { Authenticator } from './authenticate.ts'
import { insertMainAccount, makeFirstCredentials } from './first-credentials.ts'
import { LastUses } from './last-use.ts'
import { Logins } from './login.ts'
import { Standings } from './standing.ts'
import { LoginThrottle } from './throttle.ts'
import { TokenKeys } from './token-keys.ts'
import { Tokens } from './tokens.ts'

export const ownerUin = 100000000001
export const origin = systemOrigin('test')
export const context = { address: '192.0.2.1' }

export interface TestServer {
  readonly db: Database
  readonly clock: FakeClock
  readonly vault: Vault
  readonly keys: TokenKeys
  readonly tokens: Tokens
  readonly logins: Logins
  readonly authenticator: Authenticator
}

export interface TestDeployment {
  readonly db: Database
  readonly clock: FakeClock
  readonly instance: Instance
  readonly otherInstance: Instance
  readonly privateNamespace: Namespace
  readonly publicNamespace: Namespace
  readonly password: string
  /** Another process: its own clock, caches and keys. */
  startServer(clock?: FakeClock): Promise<TestServer>
}

export async function openTestDeployment(
  db: Database,
  clock: FakeClock = fakeClock(),
): Promise<TestDeployment> {
  const masterKey = { kind: 'given' as const, key: randomBytes(32), previous: undefined }
  const vault = await openVault({ db, clock }, masterKey)
  const given = { password: undefined, apiKey: undefined, token: undefined }
  const credentials = await makeFirstCredentials(given, vault)
  const at = clock.now()
  const made = await db.write(async (tx) => {
    await tx
      .insertInto('storage_backends')
      .values({ id: 'memory', kind: 'memory', settings_wrapped: new Uint8Array(), created_at: at })
      .execute()
    const fields = { region: 'default', edition: 'premium' as const, ownerUin, backendId: 'memory' }
    const instance = await createInstance(tx, { ...fields, name: 'first', createdAt: at })
    const otherInstance = await createInstance(tx, { ...fields, name: 'second', createdAt: at })
    const namespace = { createdBy: ownerUin, at }
    return {
      instance,
      otherInstance,
      privateNamespace: await createNamespace(
        tx,
        instance,
        { ...namespace, name: 'team', isPublic: false },
        origin,
      ),
      publicNamespace: await createNamespace(
        tx,
        instance,
        { ...namespace, name: 'open', isPublic: true },
        origin,
      ),
      wasNew: await insertMainAccount(tx, instance, {
        uin: ownerUin,
        name: 'main',
        credentials,
        at,
        origin,
      }),
    }
  })
  return {
    ...made,
    db,
    clock,
    password: credentials.shown.token ?? '',
    async startServer(own = clock) {
      const ownVault = await openVault({ db, clock: own }, masterKey)
      const keys = new TokenKeys({ db, clock: own, vault: ownVault })
      await keys.load()
      const tokens = new Tokens(keys, own)
      const logins = new Logins({ db, clock: own, tokens, throttle: new LoginThrottle(db, own) })
      const standings = new Standings(db, own)
      const uses = new LastUses({ db, clock: own, log: silentLog })
      const authenticator = new Authenticator({ clock: own, keys, tokens, standings, logins, uses })
      return { db, clock: own, vault: ownVault, keys, tokens, logins, authenticator }
    },
  }
}

export function basic(username: string | number, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/** The code and message of what `promise` rejects with, for one assertion. */
export async function refusal(answer: () => unknown): Promise<string> {
  try {
    await answer()
  } catch (error) {
    if (error instanceof Error && 'code' in error) return `${error.code}: ${error.message}`
    throw error
  }
  return 'none'
}
