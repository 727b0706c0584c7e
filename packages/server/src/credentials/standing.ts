// How a credential stands at present: whether it holds, at which version, and what its bearer may do. Read on
// every request, but no oftener than once a second and credential, so "at once" means within a second.

import type { Action } from '../access/actions.ts'
import { type Actor, personOf, type ServiceAccount } from '../access/actor.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { type Prepared, prepare } from '../db/prepared.ts'
import { FreshAnswers } from '../memory/fresh-answers.ts'
import type { PolicySets } from '../policies/evaluate.ts'
import { Rights } from '../policies/rights.ts'
import { type CredentialRef, credentialLabel } from './caller.ts'
import { type ExchangedRef, exchangedActor, exchangeRule } from './exchanged.ts'
import { isSuspended, type PersonRow, rightsHolderOf, selectPeople, whoIs } from './people.ts'
import { servicePrefix } from './service-account-name.ts'

/** About ten thousand credentials in use at the same time. */
const maxRemembered = 8 * 1024 * 1024

export type Ended = 'deleted' | 'disabled' | 'expired' | 'suspended' | 'changed'

export type Standing =
  | {
      readonly ended: undefined
      readonly actor: Actor
      readonly version: number
      /** 0 where no person stands behind it. */
      readonly personVersion: number
    }
  | { readonly ended: Ended }

const longTerm = prepare<{ id: string }>()((db, p) =>
  selectPeople(db)
    .innerJoin('user_credentials as c', 'c.uin', 'a.uin')
    .select(['c.disabled_at', 'c.version as credential_version'])
    .where('c.id', '=', p('id')),
)

const person = prepare<{ uin: number }>()((db, p) => selectPeople(db).where('a.uin', '=', p('uin')))

const personal = prepare<{ uin: number }>()((db, p) =>
  selectPeople(db)
    .innerJoin('personal_users as u', 'u.uin', 'a.uin')
    .select('u.version as credential_version')
    .where('a.uin', '=', p('uin')),
)

const serviceAccount = prepare<{ id: string }>()((db, p) =>
  db
    .selectFrom('service_accounts as s')
    .leftJoin('service_account_permissions as g', 'g.service_account_id', 's.id')
    .select(['s.id', 's.instance_id', 's.name', 's.disabled_at', 's.expires_at', 's.version'])
    .select(['g.namespace_id', 'g.action'])
    .where('s.id', '=', p('id')),
)

export class Standings {
  readonly #db: Database
  readonly #clock: Clock
  readonly #rights: Rights
  /** The same object as long as nothing changed, so that callers built from it can be kept. */
  readonly #known: FreshAnswers<Standing>

  constructor(db: Database, clock: Clock, rights = new Rights(db)) {
    this.#db = db
    this.#clock = clock
    this.#rights = rights
    this.#known = new FreshAnswers(clock, { maxWeight: maxRemembered, isSame: sameStanding })
  }

  /** A promise only when it must be read and the database does not answer synchronously. */
  current(credential: CredentialRef): Standing | Promise<Standing> {
    return this.#known.find(standingKey(credential), () => this.#ask(credential))
  }

  /** Asks the database, whatever is remembered. */
  read(credential: CredentialRef): Standing | Promise<Standing> {
    return this.#known.ask(standingKey(credential), () => this.#ask(credential))
  }

  #ask(credential: CredentialRef): Standing | Promise<Standing> {
    switch (credential.kind) {
      case 'long-term':
        return map(this.#db.fetch(longTerm, { id: credential.id }), ([row]) => {
          if (row?.disabled_at === null) return this.#fromPerson(row, row.credential_version)
          return row && isSuspended(row) ? { ended: 'suspended' } : endedBy(row)
        })
      case 'temporary':
        return map(this.#db.fetch(person, { uin: credential.uin }), ([row]) =>
          row ? this.#fromPerson(row, 0) : { ended: 'deleted' },
        )
      case 'personal':
        return map(this.#db.fetch(personal, { uin: credential.uin }), ([row]) =>
          row ? this.#fromPerson(row, row.credential_version) : { ended: 'deleted' },
        )
      case 'service-account':
        return this.#serviceAccount(credential.id)
      case 'exchanged':
        return map(this.#db.fetch(exchangeRule, { id: credential.id }), ([row]) =>
          row ? this.#fromRule(row, credential) : { ended: 'deleted' },
        )
    }
  }

  #fromPerson(row: PersonRow, version: number): Standing | Promise<Standing> {
    if (isSuspended(row)) return { ended: 'suspended' }
    const personVersion = row.person_version
    const standing = (rights: PolicySets): Standing => {
      return { ended: undefined, actor: personOf(whoIs(row), rights), version, personVersion }
    }
    const rights = this.#rights.of(rightsHolderOf(row))
    return rights instanceof Promise ? rights.then(standing) : standing(rights)
  }

  #fromRule(row: ExchangeRuleRow, credential: ExchangedRef): Standing | Promise<Standing> {
    if (row.enabled !== 1 || row.provider_state === 'off') return { ended: 'disabled' }
    if (row.owner_state === 'suspended') return { ended: 'suspended' }
    const { version, role_id: id, role_version: personVersion } = row
    if (row.service_account_id !== null) {
      return then(this.#serviceAccount(row.service_account_id), (target) =>
        target.ended === undefined ? { ...target, version, personVersion: target.version } : target,
      )
    }
    // A rule goes with its role.
    if (id === null || personVersion === null) return { ended: 'deleted' }
    const rights = this.#rights.of({
      kind: 'role',
      id,
      ownerUin: row.owner_uin,
      boundaryPolicyId: row.boundary_policy_id,
      revision: row.rights_revision,
    })
    return then(rights, (sets) => {
      const actor = exchangedActor(row, id, credential, sets)
      return { ended: undefined, actor, version, personVersion }
    })
  }

  #serviceAccount(id: string): Standing | Promise<Standing> {
    return map(this.#db.fetch(serviceAccount, { id }), (rows) => this.#fromServiceAccount(rows))
  }

  #fromServiceAccount(rows: readonly ServiceAccountRow[]): Standing | Promise<Standing> {
    const [row] = rows
    if (!row) return { ended: 'deleted' }
    if (row.disabled_at !== null) return { ended: 'disabled' }
    const actor = toServiceAccount(row, rows)
    const standing: Standing = { ended: undefined, actor, version: row.version, personVersion: 0 }
    const { expires_at: expiresAt } = row
    if (expiresAt === null) return standing
    return this.#clock
      .deployment(this.#db.read)
      .then((now) => (now >= expiresAt ? { ended: 'expired' } : standing))
  }
}

function standingKey(credential: CredentialRef): string {
  return credential.kind === 'temporary' ? `person:${credential.uin}` : credentialLabel(credential)
}

type ExchangeRuleRow = typeof exchangeRule extends Prepared<infer _P, infer R> ? R : never

function then<T>(
  value: T | Promise<T>,
  convert: (value: T) => Standing,
): Standing | Promise<Standing> {
  return value instanceof Promise ? value.then(convert) : convert(value)
}

function map<R>(
  rows: R[] | Promise<R[]>,
  convert: (rows: R[]) => Standing | Promise<Standing>,
): Standing | Promise<Standing> {
  return rows instanceof Promise ? rows.then(convert) : convert(rows)
}

function endedBy(credential: object | undefined): Standing {
  return { ended: credential ? 'disabled' : 'deleted' }
}

interface ServiceAccountRow {
  readonly id: string
  readonly instance_id: string
  readonly name: string
  readonly disabled_at: number | null
  readonly expires_at: number | null
  readonly version: number
  readonly namespace_id: string | null
  readonly action: string | null
}

function toServiceAccount(
  row: ServiceAccountRow,
  rows: readonly ServiceAccountRow[],
): ServiceAccount {
  const permissions = new Map<string, Set<Action>>()
  for (const { namespace_id: namespaceId, action } of rows) {
    if (namespaceId === null || action === null) continue
    const granted = permissions.get(namespaceId) ?? new Set<Action>()
    // Rows are written by `setPermissions` only, which takes nothing else.
    granted.add(action as Action)
    permissions.set(namespaceId, granted)
  }
  const name = `${servicePrefix}${row.name}`
  return { kind: 'service-account', id: row.id, instanceId: row.instance_id, name, permissions }
}

function sameStanding(a: Standing, b: Standing): boolean {
  if (a.ended !== undefined || b.ended !== undefined) return a.ended === b.ended
  return (
    a.version === b.version && a.personVersion === b.personVersion && sameActor(a.actor, b.actor)
  )
}

function sameActor(a: Actor, b: Actor): boolean {
  if (a.kind === 'service-account' && b.kind === 'service-account') {
    return a.id === b.id && samePermissions(a, b)
  }
  if (a.kind !== 'account' || b.kind !== 'account') return false
  return a.uin === b.uin && a.rights === b.rights
}

function samePermissions(a: ServiceAccount, b: ServiceAccount): boolean {
  if (a.permissions.size !== b.permissions.size) return false
  for (const [namespaceId, granted] of a.permissions) {
    const other = b.permissions.get(namespaceId)
    if (!other || other.symmetricDifference(granted).size > 0) return false
  }
  return true
}

/** Why the credential, verified at its versions, holds no more; undefined: it holds. */
export function endOf(credential: CredentialRef, standing: Standing): Ended | undefined {
  if (standing.ended !== undefined) return standing.ended
  const isSame =
    (credential.kind === 'temporary' || credential.version === standing.version) &&
    (credential.kind === 'service-account' || credential.personVersion === standing.personVersion)
  return isSame ? undefined : 'changed'
}
