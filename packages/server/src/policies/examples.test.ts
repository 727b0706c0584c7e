// The policies that the product's documents print, word by word, and what each must allow. Whatever stands in
// no list must be refused, on every resource, and so must the same on another account's.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type CompiledPolicy, compilePolicy } from './compiled.ts'
import { evaluate, operationLevel } from './evaluate.ts'
import { findPreset } from './presets.ts'
import { context, onResource, owner } from './test-requests.ts'

const dataPlane = ['PullRepository', 'PushRepository', 'CreateRepository', 'DeleteImage']
const personalDataPlane = dataPlane.map((name) => `${name}Personal`)
const reads = [
  ...['DescribeRepositories', 'DescribeImages', 'DescribeNamespaces', 'DescribeInstances'],
  ...['DescribeInstanceStatus', 'DescribeRepositoryOwnerPersonal'],
]
const writes = [
  ...['ModifyRepository', 'DeleteRepository', 'CreateNamespace', 'DeleteNamespace'],
  ...['CreateInstance', 'DeleteInstance', 'CreateInstanceToken', 'CreateNamespacePersonal'],
  ...[
    'DeleteRepositoryPersonal',
    'BatchDeleteRepositoryPersonal',
    'CreateApplicationTokenPersonal',
  ],
]
const everyAction = [...dataPlane, ...personalDataPlane, ...reads, ...writes]
const pulls = ['PullRepository', 'PullRepositoryPersonal']

const instance = 'instance/tcr-xxxxxxxx'
const instances = [instance, 'instance/tcr-yyyyyyyy']
const namespace = 'repository/tcr-xxxxxxxx/team-01'
const demo = `${namespace}/repo-demo`
const inNamespace = [demo, `${demo}/nested/deep`, `${namespace}/repo-demo-2`]
const inInstance = [namespace, ...inNamespace, 'repository/tcr-xxxxxxxx/team-011/repo-demo']
const enterprise = [...inInstance, 'repository/tcr-yyyyyyyy/team-01/repo-demo']
const personalNamespace = 'repo/team-01'
const personalDemo = `${personalNamespace}/repo-demo`
const inPersonalNamespace = [personalDemo, `${personalDemo}/nested`, 'repo/team-01/other']
const personal = [
  ...[personalNamespace, ...inPersonalNamespace],
  ...['repo/team-02/repo-demo', 'repo/namespace-a/repo-b', 'repo/namespace-a/repo-b/c'],
]
const everywhere = [...instances, ...enterprise, ...personal, operationLevel]

interface Example {
  readonly name: string
  readonly document: string
  /** Which actions on which resources. */
  readonly allows: readonly (readonly [actions: readonly string[], on: readonly string[]])[]
}

function document(...statements: readonly [action: string[], resource: string | string[]][]) {
  const statement = statements.map(([action, resource]) => ({ action, resource, effect: 'allow' }))
  return JSON.stringify({ version: '2.0', statement })
}

const examples: readonly Example[] = [
  {
    name: 'read one repository, from the generator',
    document: document(
      [
        ['tcr:DescribeRepositories', 'tcr:PullRepository', 'tcr:DescribeNamespaces'],
        ['qcs::tcr:::repository/tcr-xxxxxxxx/team-01/repo-demo/*'],
      ],
      [['tcr:DescribeInstance*'], ['qcs::tcr:::instance/tcr-xxxxxxxx']],
    ),
    allows: [
      [
        ['DescribeRepositories', 'PullRepository', 'DescribeNamespaces'],
        [demo, `${demo}/nested/deep`],
      ],
      [['DescribeInstances', 'DescribeInstanceStatus'], [instance]],
    ],
  },
  {
    name: 'QcloudTCRFullAccess',
    document: document([['tcr:*'], '*']),
    allows: [[everyAction, everywhere]],
  },
  {
    name: 'QcloudTCRReadOnlyAccess',
    document: document([['tcr:Describe*', 'tcr:PullRepository*'], '*']),
    allows: [[[...reads, ...pulls], everywhere]],
  },
  {
    name: 'everything in Enterprise',
    document: document([['tcr:*'], ['qcs::tcr:::instance/*', 'qcs::tcr:::repository/*']]),
    allows: [[everyAction, [...instances, ...enterprise]]],
  },
  {
    name: 'read everything in Enterprise',
    document: document([
      ['tcr:Describe*', 'tcr:PullRepository*'],
      ['qcs::tcr:::instance/*', 'qcs::tcr:::repository/*'],
    ]),
    allows: [
      [
        [...reads, ...pulls],
        [...instances, ...enterprise],
      ],
    ],
  },
  {
    name: 'one instance',
    document: document([
      ['tcr:*'],
      ['qcs::tcr:::instance/tcr-xxxxxxxx', 'qcs::tcr:::repository/tcr-xxxxxxxx/*'],
    ]),
    allows: [[everyAction, [instance, ...inInstance]]],
  },
  {
    name: 'one namespace',
    document: document(
      [
        ['tcr:*'],
        [
          'qcs::tcr:::repository/tcr-xxxxxxxx/team-01',
          'qcs::tcr:::repository/tcr-xxxxxxxx/team-01/*',
        ],
      ],
      [['tcr:DescribeInstance*'], ['qcs::tcr:::instance/tcr-xxxxxxxx']],
    ),
    allows: [
      [everyAction, [namespace, ...inNamespace]],
      [['DescribeInstances', 'DescribeInstanceStatus'], [instance]],
    ],
  },
  {
    name: 'read one repository',
    document: document([
      ['tcr:Describe*', 'tcr:PullRepository'],
      [
        'qcs::tcr:::instance/tcr-xxxxxxxx',
        'qcs::tcr:::repository/tcr-xxxxxxxx/team-01',
        'qcs::tcr:::repository/tcr-xxxxxxxx/team-01/repo-demo',
        'qcs::tcr:::repository/tcr-xxxxxxxx/team-01/repo-demo/*',
      ],
    ]),
    allows: [
      [
        [...reads, 'PullRepository'],
        [instance, namespace, demo, `${demo}/nested/deep`],
      ],
    ],
  },
  {
    name: 'everything in Personal',
    document: document([['tcr:*'], ['qcs::tcr:::repo/*']]),
    allows: [[everyAction, personal]],
  },
  {
    name: 'read everything in Personal',
    document: document([['tcr:Describe*', 'tcr:PullRepository*'], ['qcs::tcr:::repo/*']]),
    allows: [[[...reads, ...pulls], personal]],
  },
  {
    name: 'one namespace of Personal',
    document: document([['tcr:*'], ['qcs::tcr:::repo/team-01', 'qcs::tcr:::repo/team-01/*']]),
    allows: [[everyAction, [personalNamespace, ...inPersonalNamespace]]],
  },
  {
    name: 'read one repository of Personal',
    document: document([
      ['tcr:Describe*', 'tcr:PullRepositoryPersonal'],
      [
        'qcs::tcr:::repo/team-01',
        'qcs::tcr:::repo/team-01/repo-demo',
        'qcs::tcr:::repo/team-01/repo-demo/*',
      ],
    ]),
    allows: [
      [
        [...reads, 'PullRepositoryPersonal'],
        [personalNamespace, personalDemo, `${personalDemo}/nested`],
      ],
    ],
  },
  {
    name: 'the older words',
    document: document([['ccr:pull'], 'qcs::ccr:::repo/namespace-a/repo-b']),
    allows: [[['PullRepositoryPersonal'], ['repo/namespace-a/repo-b']]],
  },
  {
    name: 'the newer words for the same',
    document: document([['tcr:PullRepositoryPersonal'], 'qcs::tcr:::repo/namespace-a/repo-b']),
    allows: [[['PullRepositoryPersonal'], ['repo/namespace-a/repo-b']]],
  },
]

function compile(text: string): CompiledPolicy {
  return compilePolicy(text, { id: 10_001, authorUin: owner })
}

function effectOf(policy: CompiledPolicy, name: string, path: string, ownerUin = owner) {
  const resources = path === operationLevel ? path : [onResource(path, { ownerUin })]
  return evaluate({ identity: [policy] }, { action: `tcr:${name}`, resources, context }).effect
}

describe('the documented policies', () => {
  for (const { name, document: text, allows } of examples) {
    const policy = compile(text)
    it(`${name}: allows what is listed and nothing else`, () => {
      const expected = new Set(
        allows.flatMap(([names, on]) => names.flatMap((n) => on.map((path) => `${n} ${path}`))),
      )
      const allowed = everyAction.flatMap((n) =>
        everywhere.filter((path) => effectOf(policy, n, path) === 'allow').map((p) => `${n} ${p}`),
      )
      assert.deepEqual(new Set(allowed), expected)
    })
    it(`${name}: allows nothing in another account`, () => {
      for (const action of everyAction) {
        for (const path of [...instances, ...enterprise, ...personal]) {
          assert.equal(effectOf(policy, action, path, owner + 500), 'none', `${action} ${path}`)
        }
      }
    })
  }

  it('that are presets have the same documents', () => {
    for (const name of ['QcloudTCRFullAccess', 'QcloudTCRReadOnlyAccess']) {
      const preset = compile(findPreset(name)?.document ?? '')
      const example = compile(examples.find((e) => e.name === name)?.document ?? '')
      assert.deepEqual(preset.statements, example.statements)
    }
  })
})

describe('docker under the documented policies', () => {
  // What `docker` needs of the registry, in the names of Enterprise edition.
  const verbs: Readonly<Record<string, readonly string[]>> = {
    pull: ['PullRepository'],
    push: ['PullRepository', 'PushRepository'],
    'first push': ['PullRepository', 'PushRepository', 'CreateRepository'],
    delete: ['DeleteImage'],
  }
  const all = Object.keys(verbs)
  const none: readonly string[] = []
  const [demoB] = personal.slice(-2)
  const table: readonly (readonly [name: string, path: string, may: readonly string[]])[] = [
    ['read one repository, from the generator', demo, ['pull']],
    ['read one repository, from the generator', `${namespace}/repo-demo-2`, none],
    ['QcloudTCRFullAccess', demo, all],
    ['QcloudTCRFullAccess', personalDemo, all],
    ['QcloudTCRReadOnlyAccess', demo, ['pull']],
    ['QcloudTCRReadOnlyAccess', personalDemo, ['pull']],
    ['everything in Enterprise', demo, all],
    ['everything in Enterprise', personalDemo, none],
    ['read everything in Enterprise', demo, ['pull']],
    ['read everything in Enterprise', personalDemo, none],
    ['one instance', demo, all],
    ['one instance', 'repository/tcr-yyyyyyyy/team-01/repo-demo', none],
    ['one namespace', `${demo}/nested/deep`, all],
    ['one namespace', 'repository/tcr-xxxxxxxx/team-011/repo-demo', none],
    ['read one repository', demo, ['pull']],
    ['read one repository', `${namespace}/repo-demo-2`, none],
    ['everything in Personal', personalDemo, all],
    ['everything in Personal', demo, none],
    ['read everything in Personal', personalDemo, ['pull']],
    ['one namespace of Personal', personalDemo, all],
    ['one namespace of Personal', 'repo/team-02/repo-demo', none],
    ['read one repository of Personal', personalDemo, ['pull']],
    ['read one repository of Personal', 'repo/team-01/other', none],
    ['the older words', demoB ?? '', ['pull']],
    ['the older words', personalDemo, none],
    ['the newer words for the same', demoB ?? '', ['pull']],
    ['the newer words for the same', personalDemo, none],
  ]
  for (const [name, path, may] of table) {
    it(`${name}: ${path}: ${may.join(', ') || 'nothing'}`, () => {
      const policy = compile(examples.find((example) => example.name === name)?.document ?? '')
      const ending = path.startsWith('repo/') ? 'Personal' : ''
      const allowed = all.filter((verb) =>
        verbs[verb]?.every((action) => effectOf(policy, action + ending, path) === 'allow'),
      )
      assert.deepEqual(allowed, may)
    })
  }
})
