// Requests for the tests of this room: a sub-account of 1, and what it asks for.

import { type CompiledPolicy, compilePolicy } from './compiled.ts'
import type { Context } from './conditions.ts'
import type { Resource } from './resources.ts'

export const owner = 100000000001
export const member = 100000000002

export const context: Context = {
  uin: member,
  ownerUin: owner,
  appId: 1250000001,
  address: '192.0.2.7',
  nowMs: Date.parse('2026-06-15T12:00:00Z'),
  hasMfa: false,
}

export function onResource(path: string, more: Partial<Resource> = {}): Resource {
  return { service: 'tcr', region: 'ap-guangzhou', ownerUin: owner, path, ...more }
}

export function policy(statement: unknown, id = 10_001): CompiledPolicy {
  return compilePolicy(JSON.stringify({ version: '2.0', statement }), { id, authorUin: owner })
}

/** `allow tcr:Describe* on qcs::tcr:::instance/*`, with several resources divided by blanks. */
export function rule(text: string, condition?: unknown): object {
  const [effect, action, , ...resource] = text.split(' ')
  return { effect, action, resource, condition }
}
