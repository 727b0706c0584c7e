import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it, snapshot } from 'node:test'
import type { Namespace } from '../namespaces/namespaces.ts'
import { compilePolicy } from '../policies/compiled.ts'
import { findPreset } from '../policies/presets.ts'
import { mayReach } from '../policies/reach.ts'
import {
  type Action,
  actions,
  pullRepository,
  pushRepository,
  readOnly,
  readWrite,
} from './actions.ts'
import { type Actor, actorName, anonymous, everyNamespace, personOf } from './actor.ts'
import { answer } from './answer.ts'
import { type AccessInstance, type AccessRequest, decide, type Resource } from './decide.ts'
import { parseScopes } from './scopes.ts'
import { visibleRepositories } from './visibility.ts'

snapshot.setDefaultSnapshotSerializers([(value) => String(value)])

const instance: AccessInstance = {
  id: 'tcr-a',
  kind: 'enterprise',
  ownerUin: 1,
  region: 'default',
  allowsAnonymousPull: true,
}
const closed: AccessInstance = { ...instance, allowsAnonymousPull: false }

function robot(instanceId: string, grants: [string, readonly Action[]][]): Actor {
  const permissions = new Map(grants.map(([id, granted]) => [id, new Set(granted)]))
  return { kind: 'service-account', id: 's', instanceId, name: 'tcr$ci', permissions }
}

/** A sub-account with policies. */
function member(...documents: readonly string[]): Actor {
  const identity = documents.map((text) => compilePolicy(text, { id: 7, authorUin: 1 }))
  return personOf({ uin: 2, ownerUin: 1, appId: 0 }, { identity })
}

function preset(name: string): string {
  return findPreset(name)?.document ?? ''
}

function statement(effect: string, action: string | string[], resource: string): object {
  return { effect, action, resource }
}

function policy(...statements: object[]): string {
  return JSON.stringify({ version: '2.0', statement: statements })
}

const pullTeam = statement(
  'allow',
  ['tcr:PullRepository', 'tcr:DescribeRepositories'],
  'qcs::tcr:::repository/tcr-a/team/*',
)
const noPulls = statement('deny', 'tcr:PullRepository', 'qcs::tcr:::repository/tcr-a/team/x')

const roles: Readonly<Record<string, Actor>> = {
  owner: personOf({ uin: 1, ownerUin: 1, appId: 0 }),
  'user none': member(),
  'user full': member(preset('QcloudTCRFullAccess')),
  'user reads': member(preset('QcloudTCRReadOnlyAccess')),
  'user team': member(policy(pullTeam)),
  'user denied': member(preset('QcloudTCRFullAccess'), policy(noPulls)),
  stranger: personOf({ uin: 3, ownerUin: 3, appId: 0 }),
  'robot ro': robot('tcr-a', [
    ['private', readOnly],
    ['public', readOnly],
  ]),
  'robot rw': robot('tcr-a', [
    ['private', readWrite],
    ['public', readWrite],
  ]),
  'robot rw+del': robot('tcr-a', [[everyNamespace, [...readWrite, 'tcr:DeleteImage']]]),
  'robot none': robot('tcr-a', [['elsewhere', readWrite]]),
  'robot alien': robot('tcr-b', [[everyNamespace, readWrite]]),
  anonymous,
}

const namespaces = {
  private: { id: 'private', name: 'team', isPublic: false },
  public: { id: 'public', name: 'open', isPublic: true },
}

const resources: Readonly<Record<string, Resource>> = {
  instance: { kind: 'instance' },
  private: { kind: 'repository', namespace: namespaces.private, path: 'team/x' },
  public: { kind: 'repository', namespace: namespaces.public, path: 'open/x' },
  missing: { kind: 'repository', namespace: undefined, path: 'none/x' },
}

const circumstances = { address: '192.0.2.1', nowMs: 0 }

function request(actor: Actor, action: Action, resource: Resource, on = instance): AccessRequest {
  return { actor, action, resource, ...circumstances, network: 'public', instance: on }
}

/** Rows: resource and action, with the instance's switch on and off; columns: roles. */
function drawMatrix(): string {
  const names = Object.keys(roles)
  const lines = [['resource', 'anonymous pull', 'action', ...names].join(' | ')]
  for (const [resourceName, resource] of Object.entries(resources)) {
    for (const on of [instance, closed]) {
      for (const action of actions) {
        const cells = Object.values(roles).map((actor) => {
          const decision = decide(request(actor, action, resource, on))
          return decision.allowed ? 'yes' : '-'
        })
        const setting = on.allowsAnonymousPull ? 'on' : 'off'
        lines.push([resourceName, setting, action, ...cells].join(' | '))
      }
    }
  }
  return `${lines.join('\n')}\n`
}

describe('decide', () => {
  // After a change that is meant: node --test --test-update-snapshots <this file>
  it('is what access-matrix.txt draws', (t) => {
    t.assert.fileSnapshot(drawMatrix(), join(import.meta.dirname, 'access-matrix.txt'))
  })

  it('lets a list show exactly what it allows to see', () => {
    for (const on of [instance, closed]) {
      for (const [name, actor] of Object.entries(roles)) {
        for (const namespace of Object.values(namespaces)) {
          const path = `${namespace.name}/x`
          const resource: Resource = { kind: 'repository', namespace, path }
          const isListed = lists(actor, on, namespace, path)
          const decision = decide(request(actor, 'tcr:DescribeRepositories', resource, on))
          assert.equal(isListed, decision.allowed, `${name} ${namespace.name}`)
        }
      }
    }
  })

  function lists(actor: Actor, on: AccessInstance, namespace: Namespace, path: string): boolean {
    const visible = visibleRepositories(actor, on, circumstances)
    if (visible.kind === 'all') return true
    if (visible.withPublic && namespace.isPublic) return true
    return visible.kind === 'namespaces'
      ? visible.ids.includes(namespace.id)
      : mayReach(visible.reach, path)
  }

  it('names actors for the audit log', () => {
    assert.deepEqual(
      [roles.owner, roles['robot ro'], anonymous].map((actor) => actor && actorName(actor)),
      ['1', 'tcr$ci', 'anonymous'],
    )
  })
})

describe('the answer to a refused caller', () => {
  const reader = roles['robot ro'] ?? anonymous
  const outsider = roles['robot none'] ?? anonymous
  const owner = roles.owner ?? anonymous
  const { private: hidden, public: open, missing } = resources
  const cases: [string, Actor, Action, Resource | undefined, string[] | undefined, string][] = [
    ['anonymous, private', anonymous, pullRepository, hidden, undefined, 'login-needed'],
    ['anonymous, missing', anonymous, pullRepository, missing, undefined, 'login-needed'],
    ['anonymous pushes to public', anonymous, pushRepository, open, undefined, 'login-needed'],
    ['may not pull', outsider, pullRepository, hidden, undefined, 'hidden'],
    ['may not pull, pushes', outsider, pushRepository, hidden, undefined, 'hidden'],
    ['missing is the same', outsider, pullRepository, missing, undefined, 'hidden'],
    ['may pull, pushes', reader, pushRepository, hidden, undefined, 'denied'],
    ['allowed without a token', owner, pushRepository, hidden, undefined, 'allowed'],
    ['a token without the scope', owner, pushRepository, hidden, [], 'scope-needed'],
    ['a token of another path', owner, pullRepository, hidden, ['team/y'], 'scope-needed'],
    ['a token with the scope', owner, pullRepository, hidden, ['team/x'], 'allowed'],
    ['scopes add nothing', reader, pushRepository, hidden, ['team/x'], 'denied'],
  ]
  for (const [name, actor, action, resource, paths, expected] of cases) {
    it(`${name}: ${expected}`, () => {
      assert.ok(resource)
      const scopes = paths && parseScopes(paths.map((path) => `repository:${path}:pull,push`))
      assert.equal(answer(request(actor, action, resource), scopes).kind, expected)
    })
  }
})
