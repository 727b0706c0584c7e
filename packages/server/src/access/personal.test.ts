import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compilePolicy } from '../policies/compiled.ts'
import {
  type Action,
  createRepository,
  deleteImage,
  describeRepositories,
  pullRepository,
  pushRepository,
} from './actions.ts'
import { type Actor, anonymous, personOf } from './actor.ts'
import { type AccessInstance, decide, type Resource } from './decide.ts'

const instance: AccessInstance = {
  id: 'tcr-p',
  kind: 'personal',
  ownerUin: 0,
  region: 'default',
  allowsAnonymousPull: true,
}

function member(...statements: readonly object[]): Actor {
  const text = JSON.stringify({ version: '2.0', statement: statements })
  const identity = [compilePolicy(text, { id: 7, authorUin: 1 })]
  return personOf({ uin: 2, ownerUin: 1, appId: 0 }, { identity })
}

const allow = (action: string, resource: string) => ({ effect: 'allow', action, resource })
const deny = (action: string, resource: string) => ({ effect: 'deny', action, resource })

const actors: Readonly<Record<string, Actor>> = {
  owner: personOf({ uin: 1, ownerUin: 1, appId: 0 }),
  stranger: personOf({ uin: 3, ownerUin: 3, appId: 0 }),
  puller: member(allow('tcr:PullRepositoryPersonal', 'qcs::tcr:::repo/team/app')),
  // The actions of instances are others.
  enterprise: member(allow('tcr:PullRepository', '*')),
  older: member(allow('ccr:push', 'qcs::ccr:::repo/team/*')),
  denied: member(
    allow('tcr:*', '*'),
    deny('tcr:PullRepositoryPersonal', 'qcs::tcr:::repo/team/app'),
  ),
  anonymous,
}

const namespace = { id: 'n', name: 'team', ownerUin: 1 }
const resources: Readonly<Record<string, Resource>> = {
  private: {
    kind: 'repository',
    namespace: { ...namespace, isPublic: false },
    path: 'team/app',
  },
  public: { kind: 'repository', namespace: { ...namespace, isPublic: true }, path: 'team/app' },
  missing: { kind: 'repository', namespace: undefined, path: 'none/app' },
  catalog: { kind: 'instance' },
}

const letters: readonly (readonly [string, Action])[] = [
  ['p', pullRepository],
  ['u', pushRepository],
  ['c', createRepository],
  ['d', deleteImage],
  ['l', describeRepositories],
]

function allowed(actor: Actor, resource: Resource): string {
  const request = { actor, resource, instance, address: '192.0.2.1', nowMs: 0 }
  return letters
    .filter(([, action]) => decide({ ...request, action, network: 'public' }).allowed)
    .map(([letter]) => letter)
    .join('')
}

describe('the Personal edition', () => {
  const cases: [keyof typeof actors, pri: string, pub: string, missing: string, catalog: string][] =
    [
      ['owner', 'pucdl', 'pucdl', 'pucdl', ''],
      // A name that nobody has is asked about as if it were the caller's.
      ['stranger', '', 'pl', 'pucdl', ''],
      ['puller', 'p', 'pl', '', ''],
      ['enterprise', '', 'pl', '', ''],
      ['older', 'u', 'pul', '', ''],
      ['denied', 'ucdl', 'pucdl', 'pucdl', ''],
      ['anonymous', '', 'pl', '', ''],
    ]
  for (const [name, ...expected] of cases) {
    it(`lets ${name} do ${expected.join(', ')}`, () => {
      const actor = actors[name]
      assert.ok(actor)
      assert.deepEqual(
        Object.values(resources).map((resource) => allowed(actor, resource)),
        expected,
      )
    })
  }
})
