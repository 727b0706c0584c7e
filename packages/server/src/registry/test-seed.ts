// For tests: what no interface makes yet, by the nouns' own functions.

import assert from 'node:assert/strict'
import type { GrantableAction } from '../access/actions.ts'
import { systemOrigin } from '../audit/origin.ts'
import { createServiceAccount } from '../credentials/service-accounts.ts'
import { TokenKeys } from '../credentials/token-keys.ts'
import { Tokens } from '../credentials/tokens.ts'
import { createUserCredential } from '../credentials/user-credentials.ts'
import { createInstance, type Instance, type NewInstance } from '../instances/instances.ts'
import { createNamespace, type Namespace } from '../namespaces/namespaces.ts'
import type { TestApp } from '../test-app.ts'
import { basic } from './test-client.ts'

export const seedOrigin = systemOrigin('test')

interface NamespaceOptions {
  readonly isPublic?: boolean
  readonly instance?: Instance
}

export function addNamespace(
  { app, instance, clock, username }: TestApp,
  name: string,
  options: NamespaceOptions = {},
): Promise<Namespace> {
  const input = {
    name,
    isPublic: options.isPublic ?? false,
    createdBy: Number(username),
    at: clock.now(),
  }
  return app.db.write((tx) => createNamespace(tx, options.instance ?? instance, input, seedOrigin))
}

export interface Login {
  readonly id: string
  readonly username: string
  readonly password: string
  /** The header of Basic. */
  readonly authorization: string
}

interface RobotOptions {
  readonly instance?: Instance
  /** Milliseconds; null: never. */
  readonly expiresAt?: number | null
}

/** A service account; the permissions are by namespace. */
export async function addRobot(
  { app, instance, clock, username }: TestApp,
  name: string,
  permissions: readonly (readonly [Namespace, readonly GrantableAction[]])[],
  options: RobotOptions = {},
): Promise<Login> {
  const input = {
    name,
    permissions: permissions.map(([namespace, actions]) => ({
      namespaceId: namespace.id,
      actions,
    })),
    ...(options.expiresAt !== undefined && { expiresAt: options.expiresAt }),
    createdBy: Number(username),
    at: clock.now(),
    origin: seedOrigin,
  }
  const place = options.instance ?? instance
  const made = await app.db.write((tx) => createServiceAccount(tx, place, input))
  return {
    id: made.id,
    username: made.name,
    password: made.secret,
    authorization: basic(made.name, made.secret),
  }
}

/** A long-term credential of the main account. */
export async function addCredential(
  { app, instance, clock, username }: TestApp,
  place: Instance = instance,
): Promise<Login> {
  const input = { uin: Number(username), description: '', at: clock.now(), origin: seedOrigin }
  const { id, secret } = await app.db.write((tx) => createUserCredential(tx, place, input))
  assert(secret)
  return { id, username, password: secret, authorization: basic(username, secret) }
}

/** A temporary credential of the main account, of an hour. */
export async function addTemporary({ app, instance, clock, username }: TestApp): Promise<Login> {
  const keys = new TokenKeys({ db: app.db, clock, vault: app.vault })
  await keys.load()
  const uin = Number(username)
  const { version } = await app.db.read
    .selectFrom('accounts')
    .select('version')
    .where('uin', '=', uin)
    .executeTakeFirstOrThrow()
  const tokens = new Tokens(keys, clock)
  const { token } = await tokens.issueTemporary({
    instanceId: instance.id,
    uin,
    ownerUin: uin,
    version,
  })
  return { id: '', username, password: token, authorization: basic(username, token) }
}

/** Another instance of the main account, in the same store. */
export function addInstance(
  { app, instance, clock }: TestApp,
  name: string,
  more: Partial<NewInstance> = {},
): Promise<Instance> {
  const { region, edition, ownerUin, backendId } = instance
  const input = { region, edition, ownerUin, backendId, name, createdAt: clock.now(), ...more }
  return app.db.write((tx) => createInstance(tx, input))
}
