// Who may call what: every action, and what docker asks for, by the usual roles. Drawn by the code that decides about
// calls, and kept in `action-matrix.txt`.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it, snapshot } from 'node:test'
import type { Action } from '@entrepot/contract/action.ts'
import { actions } from '@entrepot/contract/catalog.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { resourcesOf } from '../access/action-resources.ts'
import {
  createInstanceToken,
  readOnly,
  readWrite,
  actions as registryActions,
} from '../access/actions.ts'
import { type Account, type Actor, anonymous, everyNamespace, personOf } from '../access/actor.ts'
import { type AccessInstance, decide } from '../access/decide.ts'
import { anonymousCaller } from '../credentials/caller.ts'
import { compilePolicy } from '../policies/compiled.ts'
import { findPreset } from '../policies/presets.ts'
import type { ApiCaller } from './authenticate.ts'
import { authorizeAction } from './authorize.ts'

snapshot.setDefaultSnapshotSerializers([(value) => String(value)])

const operatorUin = 1
const otherUin = 2
const appId = 0
const instanceId = 'tcr-a'

function compile(text: string) {
  return compilePolicy(text, { id: 7, authorUin: operatorUin })
}

function preset(name: string): string {
  return findPreset(name)?.document ?? ''
}

/** A sub-account of the operator's. */
function member(...documents: readonly string[]): Account {
  const identity = documents.map(compile)
  return personOf({ uin: 3, ownerUin: operatorUin, appId }, { identity })
}

function policy(...statements: readonly object[]): string {
  return JSON.stringify({ version: '2.0', statement: statements })
}

/** The first example of docs/access.md. */
const ofTeam = policy(
  {
    effect: 'allow',
    action: 'tcr:*',
    resource: [`qcs::tcr:::repository/${instanceId}/team/*`, 'qcs::tcr:::repo/team/*'],
  },
  {
    effect: 'allow',
    action: 'tcr:DescribeInstance*',
    resource: `qcs::tcr:::instance/${instanceId}`,
  },
)
const describesOnly = policy({ effect: 'allow', action: 'tcr:Describe*', resource: '*' })

/** Temporary keys of GetFederationToken, by a person who may do everything. */
const federated: Account = {
  ...member(preset('AdministratorAccess')),
  rights: {
    identity: [compile(preset('AdministratorAccess'))],
    session: [compile(describesOnly)],
  },
  session: { kind: 'federated', name: '3:ci', principal: '3', expiresAt: 1 },
}

function robot(granted: typeof readOnly): Actor {
  const permissions = new Map([[everyNamespace, new Set(granted)]])
  return { kind: 'service-account', id: 's', instanceId, name: 'tcr$ci', permissions }
}

const roles: Readonly<Record<string, Actor>> = {
  operator: personOf({ uin: operatorUin, ownerUin: operatorUin, appId }),
  root: personOf({ uin: otherUin, ownerUin: otherUin, appId }),
  none: member(),
  Administrator: member(preset('AdministratorAccess')),
  'TCR full': member(preset('QcloudTCRFullAccess')),
  'TCR reads': member(preset('QcloudTCRReadOnlyAccess')),
  'CAM full': member(preset('QcloudCamFullAccess')),
  'CAM reads': member(preset('QcloudCamReadOnlyAccess')),
  'one namespace': member(ofTeam),
  federated,
  'robot ro': robot(readOnly),
  'robot rw': robot(readWrite),
  anonymous,
}

/** Whatever the field is called. */
function inputOf(namespace: string): Readonly<Record<string, unknown>> {
  return new Proxy<Record<string, unknown>>(
    {},
    {
      get(_, name) {
        const field = String(name)
        if (/^(Source)?Namespace(Name)?$/.test(field)) return namespace
        if (/^Repo(Name|Names)$/.test(field)) return `${namespace}/app`
        if (/Regis?try|Instance/.test(field)) return instanceId
        return field.endsWith('Uin') ? 4 : 'app'
      },
    },
  )
}

function may(actor: Actor, action: Action, resources: readonly string[]): boolean {
  const caller: ApiCaller | undefined =
    actor.kind === 'account' ? { ...anonymousCaller, actor } : undefined
  try {
    authorizeAction({
      caller,
      action,
      resources,
      ...{ region: 'default', address: '192.0.2.1', nowMs: 0, operatorUin },
      ...{ facts: undefined, requestTags: [] },
    })
    return true
  } catch (error) {
    assert.ok(error instanceof ApiError)
    return false
  }
}

/** One's own credentials on an instance that one sees. */
const ofOwnCredentials = /^tcr:(Create|Describe|Modify|Delete)InstanceToken$/

function cell(actor: Actor, action: Action): string {
  const { access, permission } = action
  const [own, others] = ['team', 'other'].map((namespace) =>
    may(actor, action, resourcesOf(action, inputOf(namespace))),
  )
  if (!own) return '-'
  if (access.kind === 'self' || ofOwnCredentials.test(permission)) return 'own'
  if (!others) return 'some'
  if (access.kind !== 'list') return 'yes'
  // All of it, or filtered.
  const whole: Action = { ...action, access: { ...access, kind: 'resource' } }
  return may(actor, whole, resourcesOf(action, inputOf('*'))) ? 'yes' : 'some'
}

const instance: AccessInstance = {
  id: instanceId,
  kind: 'enterprise',
  ownerUin: operatorUin,
  region: 'default',
  allowsAnonymousPull: true,
}

function registryCell(actor: Actor, action: (typeof registryActions)[number]): string {
  const [own, others] = ['team', 'other'].map((name) => {
    const namespace = { id: name, name, isPublic: false }
    const resource = { kind: 'repository', namespace, path: `${name}/app` } as const
    const common = { network: 'public', address: '192.0.2.1', nowMs: 0 } as const
    return decide({ ...common, actor, action, resource, instance }).allowed
  })
  if (!own) return '-'
  return others ? 'yes' : 'some'
}

function drawMatrix(): string {
  const lines = [['action', 'asked', ...Object.keys(roles)]]
  for (const action of actions) {
    const name = `${action.product}:${action.name}`
    const asked = action.permission === name ? '' : ` as ${action.permission}`
    const cells = Object.values(roles).map((actor) => cell(actor, action))
    lines.push([name, `${action.access.kind}${asked}`, ...cells])
  }
  for (const action of registryActions.filter((one) => one !== createInstanceToken)) {
    const cells = Object.values(roles).map((actor) => registryCell(actor, action))
    lines.push([`docker ${action}`, 'repository', ...cells])
  }
  const legend = [
    'yes: on everything; some: on what his policies name, and lists show that alone; own: on what is his own;',
    '-: refused. Service accounts and nobody sign no calls; they are asked about below, as docker does.',
  ]
  return `${[...legend, '', ...lines.map((line) => line.join(' | '))].join('\n')}\n`
}

describe('calls', () => {
  // After a change that is meant: node --test --test-update-snapshots <this file>
  it('are allowed as action-matrix.txt draws', (t) => {
    t.assert.fileSnapshot(drawMatrix(), join(import.meta.dirname, 'action-matrix.txt'))
  })

  it('of nobody are open ones', () => {
    for (const action of actions) {
      assert.equal(cell(anonymous, action) !== '-', action.access.kind === 'open', action.name)
    }
  })

  it('that change something are allowed to nobody who only reads', () => {
    const readers = ['TCR reads', 'CAM reads', 'none'].map((name) => roles[name] ?? anonymous)
    for (const action of actions.filter(({ kind }) => kind === 'write')) {
      for (const reader of readers) {
        assert.match(cell(reader, action), /^(-|own|yes)$/)
        if (cell(reader, action) === 'yes') assert.equal(action.access.kind, 'open', action.name)
      }
    }
  })
})
