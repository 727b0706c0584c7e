// Who acts. Everything that a decision needs to know of a caller stands here, so that deciding reads nothing.

import type { Action } from './actions.ts'

export interface Anonymous {
  readonly kind: 'anonymous'
}

/** A person: the main account (its own owner) or one of its sub-accounts. */
export interface Account {
  readonly kind: 'account'
  readonly uin: number
  readonly ownerUin: number
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

/** How audit rows, events and `created_by` name an actor. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'anonymous':
      return 'anonymous'
    case 'account':
      return String(actor.uin)
    case 'service-account':
      return actor.name
  }
}
