// How a noun offers an action of the management API. A handler sees who asks, for what, and a read view or a
// transaction, never a request or a reply. `change` writes the audit row in the transaction of the change, so that
// it can't be forgotten.

import type { Action, ActionInput, ActionReply } from '@entrepot/contract/action.ts'
import type { Account } from '../access/actor.ts'
import { recordAudit } from '../audit/audit.ts'
import type { Origin } from '../audit/origin.ts'
import type { Clock } from '../clock.ts'
import type { ShownSetting } from '../config/shown.ts'
import type { Caller } from '../credentials/caller.ts'
import type { Tokens } from '../credentials/tokens.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Database, Queryable, Tx } from '../db/database.ts'
import type { Client } from '../http/client-address.ts'
import type { OutboundGuard } from '../http/outbound.ts'
import type { ProviderKeys } from '../identity-providers/provider-keys.ts'
import type { InstanceDirectory } from '../instances/directory.ts'
import type { Instance } from '../instances/instances.ts'
import { assertChangeable } from '../instances/states.ts'
import type { Log } from '../log.ts'
import type { OpenStore } from '../storage/backends.ts'
import type { Stores } from '../storage/stores.ts'

/** What handlers are built on; each names what it needs of it. */
export interface ActionGround {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
  readonly vault: Vault
  readonly stores: Stores
  /** For a store that is not yet known. */
  readonly openStore: OpenStore
  readonly tokens: Tokens
  readonly directory: InstanceDirectory
  /** For requests to addresses that a tenant chose. */
  readonly outbound: OutboundGuard
  readonly providerKeys: ProviderKeys
  /** Of this deployment. */
  readonly region: string
  /** In which it is midnight when rules run by time. */
  readonly timeZone: string
  readonly baseDomain: string | undefined
  /** The main account that runs the deployment. */
  readonly operatorUin: number
  readonly program: ProgramFacts
}

/** What pages tell of the program that answers them. */
export interface ProgramFacts {
  readonly version: string
  readonly maxBlobBytes: number
  /** How long nothing may have named what a clean-up takes. */
  readonly graceMs: number
  readonly settings: readonly ShownSetting[]
}

interface CallFacts {
  readonly ground: ActionGround
  readonly caller: Caller
  /** Of the caller: a person, or a role in a person's account. */
  readonly actor: Account
  readonly origin: Origin
  readonly client: Client
  /** Where the resources lie, whichever region the caller named: policies are asked about this one. */
  readonly region: string
  /** Wall time. */
  readonly nowMs: number
}

/** As the edge makes it: the input is of the declared shape. */
export interface CheckedCall extends CallFacts {
  readonly input: Readonly<Record<string, unknown>>
  readonly instance: Instance | undefined
}

/** The fields that name the instance an action is about, in the order they are looked for. */
export const instanceFields = ['RegistryId', 'InstanceId', 'SourceRegistryId'] as const

type NamesInstance<A> =
  Extract<keyof ActionInput<A>, (typeof instanceFields)[number]> extends never ? false : true

export interface ActionCall<A> extends CallFacts {
  readonly input: ActionInput<A>
  /** The one that the input names: the caller's account owns it. */
  readonly instance: NamesInstance<A> extends true ? Instance : undefined
}

export interface ReadCall<A> extends ActionCall<A> {
  readonly db: Queryable
}

export interface ChangeCall<A, P = undefined> extends ActionCall<A> {
  readonly tx: Tx
  /** By the deployment's clock. */
  readonly at: number
  readonly prepared: P
}

/** What the audit row names where the declared resources don't tell which thing it was. */
export interface Audited {
  readonly resource?: string
  readonly reference?: string
}

/** What `run` answers has the declared shape. */
export interface Handler {
  readonly action: Action
  run(call: CheckedCall, resource: string): Promise<Readonly<Record<string, unknown>>>
}

type Answer<A> = Promise<ActionReply<A>> | ActionReply<A>

/** Changes nothing. */
export function read<A extends Action>(
  action: A,
  handle: (call: ReadCall<A>) => Answer<A>,
): Handler {
  return {
    action,
    async run(call) {
      // The edge has checked the input by this very declaration.
      const typed = call as unknown as ActionCall<A>
      return handle({ ...typed, db: call.ground.db.read })
    },
  }
}

/**
 * One transaction, in which its audit row is written; it may run several times, so it has no effect outside.
 * `prepare` runs before it, once: what takes long (Argon2id, a request to somebody else).
 */
export function change<A extends Action, P = undefined>(
  action: A,
  handle: (call: ChangeCall<A, P>) => Answer<A>,
  prepare?: (call: ActionCall<A>) => Promise<P>,
  audited?: (input: ActionInput<A>, reply: ActionReply<A>) => Audited,
): Handler {
  return {
    action,
    async run(call, resource) {
      const { db, clock } = call.ground
      const typed = call as unknown as ActionCall<A>
      // Undefined only where P is.
      const prepared = (prepare ? await prepare(typed) : undefined) as P
      return db.write(async (tx) => {
        const at = await clock.deployment(tx)
        if (call.instance) assertChangeable(call.instance, action, at)
        const reply = await handle({ ...typed, tx, at, prepared })
        await recordAudit(tx, {
          at,
          instanceId: call.instance?.id ?? null,
          origin: call.origin,
          action: action.permission,
          event: action.name,
          ownerUin: call.actor.ownerUin,
          resource,
          ...audited?.(typed.input, reply),
          result: 'ok',
        })
        return reply
      })
    },
  }
}
