// For tests: people and policies of the main account, made by the API.

import assert from 'node:assert/strict'
import type { ApiAnswer, TestKey } from '../cloud-api/test-client.ts'
import { createUserCredential } from '../credentials/user-credentials.ts'
import { basic } from '../registry/test-client.ts'
import { seedOrigin } from '../registry/test-seed.ts'
import type { TestApp } from '../test-app.ts'

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

/** A sub-account with an API key. */
export async function addPerson(app: TestApp, name: string): Promise<TestPerson> {
  const made = await ok(cam(app, 'AddUser', { Name: name, UseApi: 1 }))
  return { uin: made.Uin, name, key: { secretId: made.SecretId, secretKey: made.SecretKey } }
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
