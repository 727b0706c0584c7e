// Who acts. Everything that a decision needs to know of a caller stands here, so that deciding reads nothing.

import type { PolicySets } from '../policies/evaluate.ts'
import { mainRights } from '../policies/rights.ts'
import type { Action } from './actions.ts'

export interface Anonymous {
  readonly kind: 'anonymous'
}

/** A person (the main account, which is its own owner, or one of its sub-accounts), or a role that is taken on. */
export interface Account {
  readonly kind: 'account'
  /** Of a role's session the role's number: a role owns nothing, and no person has that number. */
  readonly uin: number
  readonly ownerUin: number
  readonly appId: number
  /** All that decides: what a main account may do is in here too, so that a session can narrow it. */
  readonly rights: PolicySets
  /** The caller showed a second factor. */
  readonly hasFactor: boolean
  /** Undefined: with a lasting credential. */
  readonly session: TemporarySession | undefined
}

/** Temporary keys, or a role taken on in the console. */
export interface TemporarySession {
  readonly kind: 'role' | 'federated' | 'own'
  /** How the caller is called in the audit log: `<role>:<session>`, `<uin>:<name>`, or the uin. */
  readonly name: string
  /** Who asked for the keys: a uin, or the provider that spoke for somebody. */
  readonly principal: string
  /** Milliseconds. */
  readonly expiresAt: number
}

/** A robot of one instance. */
export interface ServiceAccount {
  readonly kind: 'service-account'
  readonly id: string
  readonly instanceId: string
  /** With its prefix: `tcr$ci`. */
  readonly name: string
  /** By namespace id; `everyNamespace` for all of the instance. */
  readonly permissions: ReadonlyMap<string, ReadonlySet<Action>>
}

export type Actor = Anonymous | Account | ServiceAccount

export const anonymous: Anonymous = { kind: 'anonymous' }

/** In place of a namespace's id in a permission: all namespaces of the instance, later ones too. */
export const everyNamespace = '*'

/** A person with a lasting credential. */
export function personOf(
  person: Pick<Account, 'uin' | 'ownerUin' | 'appId'>,
  rights: PolicySets = mainRights,
): Account {
  const { uin, ownerUin, appId } = person
  return { kind: 'account', uin, ownerUin, appId, rights, hasFactor: false, session: undefined }
}

/** How audit rows, events and `created_by` name an actor. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'anonymous':
      return 'anonymous'
    case 'account':
      return actor.session?.name ?? String(actor.uin)
    case 'service-account':
      return actor.name
  }
}
