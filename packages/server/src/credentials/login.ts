// A user name and a password: whose are they? Asked by `/service/token` and by Basic straight on `/v2/`.

import { parseUin } from '../accounts/accounts.ts'
import type { Clock } from '../clock.ts'
import { hashMachineSecret, isHumanHash, sha256Hex, verifySecret } from '../crypto/secrets.ts'
import type { Database } from '../db/database.ts'
import { prepare } from '../db/prepared.ts'
import type { Instance } from '../instances/instances.ts'
import { RecentlyUsed } from '../memory/recently-used.ts'
import { unauthorized } from './authorization-header.ts'
import type { CredentialRef } from './caller.ts'
import { parseExchangedLogin } from './exchanged.ts'
import { exchangedExpired, refusedLogin, temporaryExpired } from './refusal.ts'
import { parseServiceLogin } from './service-account-name.ts'
import type { LoginThrottle } from './throttle.ts'
import { clockSkewMs } from './token-keys.ts'
import type { Tokens } from './tokens.ts'

export interface Login {
  readonly username: string
  readonly password: string
}

/** Where a login comes from: failed ones are counted by it. */
export interface LoginContext {
  readonly address: string | null
}

/** Verified logins and Argon2id results that a process remembers, about eight thousand. */
const maxRemembered = 4 * 1024 * 1024
/** Chosen secrets cost Argon2id each; nobody needs more of them than this at one instance. */
const maxHumanSecretsTried = 4

/** The one that matches by hash, and those that only Argon2id can tell. */
const candidates = prepare<{ instance: string; uin: number; hash: string }>()((db, p) =>
  db
    .selectFrom('user_credentials as c')
    .innerJoin('accounts as a', 'a.uin', 'c.uin')
    .select(['c.id', 'c.secret_hash', 'c.version', 'a.version as person_version'])
    .where('c.instance_id', '=', p('instance'))
    .where('c.uin', '=', p('uin'))
    .where((eb) =>
      eb.or([eb('c.secret_hash', '=', p('hash')), eb('c.secret_hash', 'like', '$argon2id$%')]),
    )
    .orderBy('c.id'),
)

/** Only of the instance that is the Personal edition. */
const personalUser = prepare<{ instance: string; uin: number }>()((db, p) =>
  db
    .selectFrom('personal_users as u')
    .innerJoin('accounts as a', 'a.uin', 'u.uin')
    .innerJoin('instances as i', (join) => join.on('i.id', '=', p('instance')))
    .select(['u.password_hash', 'u.version', 'a.version as person_version'])
    .where('u.uin', '=', p('uin'))
    .where('i.kind', '=', 'personal'),
)

const serviceAccountByName = prepare<{ instance: string; name: string }>()((db, p) =>
  db
    .selectFrom('service_accounts')
    .select(['id', 'secret_hash', 'version'])
    .where('instance_id', '=', p('instance'))
    .where('name', '=', p('name')),
)

const elsewhere = prepare<{ instance: string; uin: number; hash: string }>()((db, p) =>
  db
    .selectFrom('user_credentials')
    .select('id')
    .where('uin', '=', p('uin'))
    .where('secret_hash', '=', p('hash'))
    .where('instance_id', '!=', p('instance')),
)

const serviceAccountElsewhere = prepare<{ instance: string; name: string; hash: string }>()(
  (db, p) =>
    db
      .selectFrom('service_accounts as s')
      .innerJoin('instances as i', 'i.id', 's.instance_id')
      .select('s.id')
      .where('s.name', '=', p('name'))
      .where('s.secret_hash', '=', p('hash'))
      .where('s.instance_id', '!=', p('instance'))
      // Of the same account: what others have is none of its business.
      .where('i.owner_uin', '=', (eb) =>
        eb.selectFrom('instances as o').select('o.owner_uin').where('o.id', '=', p('instance')),
      ),
)

interface LoginsGround {
  readonly db: Database
  readonly clock: Clock
  readonly tokens: Tokens
  readonly throttle: LoginThrottle
}

export class Logins {
  readonly #ground: LoginsGround
  /** By a hash of instance, name and secret: so no secret stays in memory. */
  readonly #verified = new RecentlyUsed<CredentialRef>(maxRemembered)
  readonly #running = new Map<string, Promise<CredentialRef | undefined>>()

  constructor(ground: LoginsGround) {
    this.#ground = ground
  }

  /** A login that this process verified before; whether it still holds says its standing. */
  remembered(login: Login, instanceId: string): CredentialRef | undefined {
    const key = loginKey(login, instanceId)
    const known = this.#verified.get(key)
    if (!known || !('expiresAt' in known)) return known
    return this.#ground.clock.now() < known.expiresAt + clockSkewMs ? known : undefined
  }

  /** The remembered one ended or changed: the next `verify` looks again. */
  forget(login: Login, instanceId: string): void {
    this.#verified.delete(loginKey(login, instanceId))
  }

  /**
   * The same words for an unknown name and a wrong secret. Their times may differ, which tells whether a uin
   * chose its secret; uins are no secrets.
   * @throws ApiError UNAUTHORIZED, TOO_MANY_REQUESTS
   */
  async verify(
    login: Login,
    instance: Pick<Instance, 'id'>,
    context: LoginContext,
  ): Promise<CredentialRef> {
    const { throttle } = this.#ground
    await throttle.check(context.address, login.username)
    const key = loginKey(login, instance.id)
    // A fleet that starts at once logs in with one credential a thousand times: one look for all.
    let running = this.#running.get(key)
    if (!running) {
      running = this.#identify(login, instance.id).finally(() => this.#running.delete(key))
      this.#running.set(key, running)
    }
    const credential = await running
    if (!credential) {
      await throttle.countFailure(context.address, login.username)
      const fault = (await this.#isOfAnother(login, instance.id))
        ? 'other-instance'
        : 'wrong-credential'
      throw unauthorized(undefined, refusedLogin(fault, login.username))
    }
    this.#verified.set(key, credential)
    return credential
  }

  async #identify(login: Login, instanceId: string): Promise<CredentialRef | undefined> {
    const uin = parseUin(login.username)
    if (uin !== undefined) {
      const temporary = await this.#temporary(login.password, instanceId, uin)
      if (temporary) return temporary
      const longTerm = await this.#longTerm(login.password, instanceId, uin)
      return longTerm ?? this.#personal(login.password, instanceId, uin)
    }
    const rule = parseExchangedLogin(login.username)
    if (rule !== undefined) return this.#exchanged(login.password, instanceId, rule)
    const name = parseServiceLogin(login.username)
    return name === undefined ? undefined : this.#serviceAccount(login.password, instanceId, name)
  }

  /** For the audit log: the right secret at the wrong host. The client is told nothing of it. */
  async #isOfAnother({ username, password }: Login, instance: string): Promise<boolean> {
    const { db } = this.#ground
    const hash = hashMachineSecret(password)
    const uin = parseUin(username)
    if (uin !== undefined) return (await db.fetch(elsewhere, { instance, uin, hash })).length > 0
    const name = parseServiceLogin(username)
    if (name === undefined) return false
    return (await db.fetch(serviceAccountElsewhere, { instance, name, hash })).length > 0
  }

  async #temporary(token: string, instanceId: string, uin: number) {
    if (!looksSigned(token)) return undefined
    const result = await this.#ground.tokens.verifyTemporary(token, { instanceId, uin })
    if (result === 'invalid') return undefined
    if (result !== 'expired') return result
    // No guess, so it is not counted: whoever holds this once had a right to it.
    throw temporaryExpired(String(uin))
  }

  async #exchanged(token: string, instanceId: string, ruleId: string) {
    const result = await this.#ground.tokens.verifyExchanged(token, { instanceId, ruleId })
    if (result === 'expired') throw exchangedExpired()
    return result === 'invalid' ? undefined : result
  }

  async #longTerm(
    secret: string,
    instance: string,
    uin: number,
  ): Promise<CredentialRef | undefined> {
    const hash = hashMachineSecret(secret)
    const rows = await this.#ground.db.fetch(candidates, { instance, uin, hash })
    const machineMade = rows.find((row) => !isHumanHash(row.secret_hash))
    const tried = machineMade ? [machineMade] : rows.slice(0, maxHumanSecretsTried)
    for (const row of tried) {
      if (!(await verifySecret(secret, row.secret_hash))) continue
      const { id, version, person_version: personVersion } = row
      return { kind: 'long-term', id, version, uin, personVersion }
    }
    return undefined
  }

  async #personal(
    secret: string,
    instance: string,
    uin: number,
  ): Promise<CredentialRef | undefined> {
    const [row] = await this.#ground.db.fetch(personalUser, { instance, uin })
    if (!row || !(await verifySecret(secret, row.password_hash))) return undefined
    const { version, person_version: personVersion } = row
    return { kind: 'personal', id: String(uin), version, uin, personVersion }
  }

  async #serviceAccount(
    secret: string,
    instance: string,
    name: string,
  ): Promise<CredentialRef | undefined> {
    const [row] = await this.#ground.db.fetch(serviceAccountByName, { instance, name })
    if (!row || !(await verifySecret(secret, row.secret_hash))) return undefined
    return { kind: 'service-account', id: row.id, version: row.version }
  }
}

function loginKey(login: Login, instanceId: string): string {
  return sha256Hex(`${instanceId}\n${login.username}\n${login.password}`)
}

/** A JWT, so probably a temporary credential; a chosen secret may look like one too. */
function looksSigned(password: string): boolean {
  return /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(password)
}
