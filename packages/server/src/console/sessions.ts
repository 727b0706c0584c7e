// Who stands behind a session at present. Asked anew by each request, so that a session ends, and a change of rights
// holds, at once: with its person's suspension, a new version, another password, or the role that was taken on.

import { type Account, actorName, personOf } from '../access/actor.ts'
import type { Clock } from '../clock.ts'
import type { ApiCaller } from '../cloud-api/authenticate.ts'
import { isSuspended, rightsHolderOf, selectPeople, whoIs } from '../credentials/people.ts'
import type { Database } from '../db/database.ts'
import { prepare } from '../db/prepared.ts'
import { type FirstStep, firstStepOf } from '../logins/first-step.ts'
import { findPasswordRules } from '../logins/password-rules.ts'
import {
  findSession,
  markSeen,
  type Session,
  seenEveryMs,
  sessionCredential,
} from '../logins/sessions.ts'
import type { Rights } from '../policies/rights.ts'

const personById = prepare<{ uin: number }>()((db, p) =>
  selectPeople(db)
    .select(['a.name', 'a.need_reset_password', 'a.password_changed_at', 'a.created_at'])
    .select('a.login_factor')
    .where('a.uin', '=', p('uin')),
)

const roleById = prepare<{ id: number }>()((db, p) =>
  db
    .selectFrom('roles as r')
    .innerJoin('accounts as o', 'o.uin', 'r.owner_uin')
    .select(['r.id', 'r.name', 'r.owner_uin', 'r.version', 'r.boundary_policy_id'])
    .select(['o.state as owner_state', 'o.rights_revision', 'o.app_id'])
    .where('r.id', '=', p('id')),
)

type Person = ReturnType<typeof selectPerson> extends Promise<infer R> ? R : never

export interface OpenSession {
  readonly session: Session
  readonly caller: ApiCaller
  /** Of a role: the name that was given to the session. */
  readonly name: string
  readonly roleName: string | undefined
  readonly first: FirstStep | undefined
}

interface SessionsGround {
  readonly db: Database
  readonly clock: Clock
  readonly rights: Rights
}

/** Ours comes last: its path is the shortest that the browser may send here. */
const maxTokens = 8

export class ConsoleSessions {
  readonly #ground: SessionsGround

  constructor(ground: SessionsGround) {
    this.#ground = ground
  }

  /**
   * Of the tokens that came, in the order of whom to believe: the first where the page itself has proved which is its
   * own, else that of the latest login. None open: the first, for a visitor.
   */
  async choose(
    tokens: readonly string[],
    { isOwn, isBackground }: { isOwn(token: string): boolean; isBackground: boolean },
  ): Promise<{ readonly token: string | undefined; readonly open: OpenSession | undefined }> {
    const own = tokens.find(isOwn)
    const ofPage = own === undefined ? undefined : await this.find(own, isBackground)
    if (ofPage) return { token: own, open: ofPage }
    let chosen: { readonly token: string; readonly open: OpenSession } | undefined
    for (const token of tokens.slice(-maxTokens)) {
      const open = token === own ? undefined : await this.find(token, isBackground)
      if (open && open.session.createdAt >= (chosen?.open.session.createdAt ?? 0)) {
        chosen = { token, open }
      }
    }
    return chosen ?? { token: own ?? tokens[0], open: undefined }
  }

  /** Undefined: there is none, or it has ended. `isBackground`: nobody sits there, so that its rest goes on. */
  async find(token: string | undefined, isBackground: boolean): Promise<OpenSession | undefined> {
    if (token === undefined) return undefined
    const { db, clock } = this.#ground
    const at = await clock.deployment(db.read)
    const session = await findSession(db.read, token, at)
    const open = session && (await this.#open(session, at))
    if (!open || isBackground || at - open.session.seenAt < seenEveryMs) return open
    return { ...open, session: await this.#seen(open.session, at) }
  }

  async #open(session: Session, at: number): Promise<OpenSession | undefined> {
    const { db } = this.#ground
    const person = await selectPerson(db, session.uin)
    if (!person || isSuspended(person)) return undefined
    if (session.roleId !== null) {
      const role = await this.#role(session, session.roleId)
      const name = session.sessionName ?? person.name
      return role && { session, name, first: undefined, ...role }
    }
    if (person.person_version !== session.version) return undefined
    const rights = await this.#ground.rights.of(rightsHolderOf(person))
    const { hasFactor } = session
    const actor = { ...personOf(whoIs(person), rights), hasFactor }
    const first = await this.#firstStep(session, person, at)
    const { name } = person
    return { session, caller: callerOf(session, actor), name, roleName: undefined, first }
  }

  /** A provider that spoke for somebody asks for what it wants to know itself. */
  async #firstStep(
    { providerName, hasFactor }: Session,
    person: NonNullable<Person>,
    at: number,
  ): Promise<FirstStep | undefined> {
    if (providerName !== null) return undefined
    const rules = await findPasswordRules(this.#ground.db.read, person.owner_uin)
    return firstStepOf(person, rules, { hasFactor, at })
  }

  async #role(
    session: Session,
    id: number,
  ): Promise<Pick<OpenSession, 'caller' | 'roleName'> | undefined> {
    const { db, rights } = this.#ground
    const [row] = await db.fetch(roleById, { id })
    if (row?.owner_state !== 'active' || row.version !== session.version) return undefined
    const actor: Account = {
      kind: 'account',
      uin: id,
      ownerUin: row.owner_uin,
      appId: row.app_id ?? 0,
      rights: await rights.of({
        kind: 'role',
        id,
        ownerUin: row.owner_uin,
        boundaryPolicyId: row.boundary_policy_id,
        revision: row.rights_revision,
      }),
      hasFactor: session.hasFactor,
      session: {
        kind: 'role',
        name: `${id}:${session.sessionName ?? session.uin}`,
        principal: String(session.uin),
        expiresAt: session.expiresAt,
      },
    }
    return { caller: callerOf(session, actor), roleName: row.name }
  }

  async #seen(session: Session, at: number): Promise<Session> {
    try {
      await this.#ground.db.write((tx) => markSeen(tx, session.id, at))
      return { ...session, seenAt: at }
    } catch {
      // A full disk or a busy database is no reason to refuse a read: the next request tries again.
      return session
    }
  }
}

async function selectPerson(db: Database, uin: number) {
  const [row] = await db.fetch(personById, { uin })
  return row
}

function callerOf(session: Session, actor: Account): ApiCaller {
  return {
    actor,
    credential: undefined,
    credentialLabel: sessionCredential(session.id),
    name: actorName(actor),
    scopes: undefined,
  }
}
