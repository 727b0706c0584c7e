// For tests: people with keys of the management API, below the main account and beside it, and their policies.

import assert from 'node:assert/strict'
import type { ApiAnswer, TestKey } from '../cloud-api/test-client.ts'
import { createUserCredential } from '../credentials/user-credentials.ts'
import { createKey } from '../keys/keys.ts'
import { createPolicy } from '../policies/policies.ts'
import { basic } from '../registry/test-client.ts'
import { seedOrigin } from '../registry/test-seed.ts'
import type { TestApp } from '../test-app.ts'
import { createMainAccount, raiseRights } from './accounts.ts'
import { createUser } from './users.ts'

/** A call of `cam`, by the main account unless told otherwise. */
export async function cam(
  app: TestApp,
  action: string,
  input: unknown = {},
  key?: TestKey,
): Promise<ApiAnswer> {
  return app.api(action, input, { product: 'cam', ...(key && { key }) })
}

/** What the answer must not be: an error. */
export async function ok(answer: Promise<ApiAnswer>): Promise<ApiAnswer> {
  const given = await answer
  assert.equal(given.Error, undefined)
  return given
}

/** `Code: Message`, or `ok`. */
export async function outcomeOf(answer: Promise<ApiAnswer>): Promise<string> {
  const { Error: error } = await answer
  return error ? error.Code : 'ok'
}

export interface TestPerson {
  readonly uin: number
  readonly name: string
  readonly key: TestKey
}

/** A sub-account with an API key. `statements`: of a policy that is attached; none: the person may do nothing. */
export function addPerson(
  { app, instance, clock }: TestApp,
  name: string,
  ...statements: readonly object[]
): Promise<TestPerson> {
  const { ownerUin } = instance
  const made = { createdBy: ownerUin, at: clock.now() }
  return app.db.write(async (tx) => {
    const uin = await createUser(tx, ownerUin, { ...made, name })
    if (statements.length > 0) {
      const policyId = await createPolicy(tx, ownerUin, {
        ...made,
        name: `policy-of-${name}`,
        description: '',
        document: policyOf(...statements),
      })
      await tx
        .insertInto('policy_attachments')
        .values({
          target_kind: 'user',
          target_id: uin,
          policy_id: policyId,
          owner_uin: ownerUin,
          attached_by: ownerUin,
          attached_at: clock.now(),
        })
        .execute()
      await raiseRights(tx, ownerUin)
    }
    const keyInput = { ownerUin, uin, description: '', at: clock.now() }
    return { uin, name, key: await createKey(tx, app.vault, keyInput) }
  })
}

/** Another main account. */
export function addStranger({ app, clock }: TestApp, uin: number): Promise<TestPerson> {
  const name = `main-${uin}`
  return app.db.write(async (tx) => {
    await createMainAccount(tx, { uin, name, passwordHash: undefined, at: clock.now() })
    const input = { ownerUin: uin, uin, description: '', at: clock.now() }
    return { uin, name, key: await createKey(tx, app.vault, input) }
  })
}

/** The header of Basic of a long-term credential of the person. */
export async function addLogin({ app, instance, clock }: TestApp, uin: number): Promise<string> {
  const input = { uin, description: '', at: clock.now(), origin: seedOrigin }
  const { secret } = await app.db.write((tx) => createUserCredential(tx, instance, input))
  return basic(String(uin), secret ?? '')
}

export function policyOf(...statements: readonly object[]): string {
  return JSON.stringify({ version: '2.0', statement: statements })
}

export function allow(action: string | readonly string[], resource: string | readonly string[]) {
  return { effect: 'allow', action, resource }
}

export function deny(action: string | readonly string[], resource: string | readonly string[]) {
  return { effect: 'deny', action, resource }
}

/** Attached to the person; returns its number. */
export async function givePolicy(
  app: TestApp,
  { uin }: Pick<TestPerson, 'uin'>,
  document: string,
  name = `policy-of-${uin}`,
): Promise<number> {
  const made = { PolicyName: name, PolicyDocument: document }
  const { PolicyId } = await ok(cam(app, 'CreatePolicy', made))
  await ok(cam(app, 'AttachUserPolicy', { PolicyId, AttachUin: uin }))
  return PolicyId
}
