import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PolicySets } from './evaluate.ts'
import {
  endOfPrefix,
  hasPath,
  likePattern,
  maxRowTests,
  mayReach,
  type Reach,
  reach,
} from './reach.ts'
import { context, member, owner, policy, rule } from './test-requests.ts'

const place = { service: 'tcr', region: 'ap-guangzhou', ownerUin: owner }
const nothing = { equal: [], prefixes: [], globs: [] }

function under(sets: PolicySets, root = 'repository/tcr-a/'): Reach {
  return reach(sets, { action: 'tcr:DescribeRepositories', place, root, context })
}

function reached(...statements: object[]): Reach {
  return under({ identity: [policy(statements)] })
}

const on = (...paths: string[]) => paths.map((path) => `qcs::tcr:::repository/${path}`).join(' ')

describe('what a list may show', () => {
  it('is all where nothing narrows it', () => {
    assert.deepEqual(reached(rule('allow tcr:* on *')), { kind: 'all' })
    assert.deepEqual(reached(rule(`allow tcr:* on ${on('tcr-a/*')}`)), { kind: 'all' })
    assert.deepEqual(reached(rule(`allow tcr:* on ${on('*')}`)), { kind: 'all' })
  })

  it('is none where nothing is allowed on anything', () => {
    const none: object[][] = [
      [rule('allow tcr:PullRepository on *')],
      [rule(`allow tcr:* on ${on('tcr-b/*')}`)],
      [rule('allow tcr:* on qcs::tcr:ap-beijing::*')],
      [rule('allow tcr:* on *', { bool_equal: { 'qcs:mfa': 'true' } })],
      [rule('allow tcr:* on *'), rule('deny tcr:Describe* on *')],
      [rule(`allow tcr:* on ${on('tcr-a/Team/*')}`)],
      [rule(`allow tcr:* on ${on('tcr-a/team/app')}`), rule(`deny * on ${on('tcr-a/*')}`)],
    ]
    for (const statements of none) assert.deepEqual(reached(...statements), { kind: 'none' })
    const identity = [policy(rule('allow * on *'))]
    const boundary = policy(rule('allow cam:* on *'))
    assert.deepEqual(under({ identity, boundary }), { kind: 'none' })
    const foreign = { ...place, ownerUin: owner + 1 }
    const request = { action: 'tcr:DescribeRepositories', place: foreign, root: '', context }
    assert.deepEqual(reach({ identity }, request), { kind: 'none' })
  })

  it('is paths, prefixes and patterns, each once', () => {
    const statements = [
      rule(`allow tcr:* on ${on('tcr-a/team/app', 'tcr-a/team/app', 'tcr-a/x-*', 'tcr-a/x-y/z')}`),
      rule(`allow tcr:* on ${on('tcr-a/data/*', 'tcr-a/data/in/*', '*/prod/db', 'tcr-?/no')}`),
    ]
    assert.deepEqual(reached(...statements, rule(`deny * on ${on('tcr-a/data/raw/*')}`)), {
      kind: 'some',
      allow: [
        {
          equal: ['team/app', 'data', 'prod/db'],
          prefixes: ['x-', 'data/'],
          globs: ['*/prod/db'],
        },
      ],
      deny: { equal: ['data/raw'], prefixes: ['data/raw/'], globs: [] },
      rows: undefined,
    })
  })

  it('fills in variables and other roots', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of policies
    const own = policy(rule('allow * on qcs::tcr:::repo/u${uin}/* qcs::tcr:::instance/tcr-b'))
    const some = (set: object) => ({ kind: 'some', allow: [set], deny: nothing, rows: undefined })
    assert.deepEqual(
      under({ identity: [own] }, 'repo/'),
      some({ equal: [`u${member}`], prefixes: [`u${member}/`], globs: [] }),
    )
    assert.deepEqual(
      under({ identity: [own] }, 'instance/'),
      some({ equal: ['tcr-b'], prefixes: [], globs: [] }),
    )
  })

  it('is in every layer', () => {
    const team = policy(rule(`allow * on ${on('tcr-a/team/*')}`))
    const app = policy(rule(`allow * on ${on('tcr-a/*/app')}`))
    const found = under({
      identity: [team],
      boundary: policy(rule('allow * on *')),
      session: [app],
    })
    assert.ok(found.kind === 'some' && found.allow.length === 2)
    assert.deepEqual(
      ['team/app', 'team/x/app', 'team/x', 'other/app'].map((path) => mayReach(found, path)),
      [true, true, false, false],
    )
  })

  const tagged = { 'for_any_value:string_equal': { 'qcs:resource_tag': 'env&dev' } }
  const test = {
    subject: 'tags',
    quantifier: 'some',
    ifMissing: false,
    accepted: ['env&dev'],
    refused: [],
    acceptsOthers: false,
  }
  const byRows = (rows: object) => ({
    kind: 'some',
    allow: [],
    deny: nothing,
    rows: { ownerUin: owner, allow: [], deny: [], lacks: [], ...rows },
  })

  it('says what is asked of each row', () => {
    const dev = rule('allow * on *', tagged)
    const rules = [{ paths: 'all', tests: [test] }]
    assert.deepEqual(reached(dev), byRows({ allow: [{ paths: nothing, rules }] }))
    const denied = reached(rule('allow * on *'), { ...dev, effect: 'deny' })
    assert.deepEqual(denied, byRows({ deny: rules }))
    assert.deepEqual(reached(rule('allow * on *'), dev), { kind: 'all' })
    const elsewhere = rule(`deny * on ${on('tcr-b/*')}`, tagged)
    assert.deepEqual(reached(rule('allow * on *'), elsewhere), { kind: 'all' })
    const both = { ...tagged, bool_equal: { 'qcs:mfa': 'true' } }
    assert.deepEqual(reached(rule('allow * on *', both)), { kind: 'none' })
  })

  it('asks once what several statements ask', () => {
    const found = reached(
      ...['team', 'data'].map((name) => rule(`allow * on ${on(`tcr-a/${name}/*`)}`, tagged)),
      rule(`allow * on ${on('tcr-a/open/*')}`),
    )
    assert.ok(found.kind === 'some')
    assert.deepEqual(found.allow, [
      { equal: ['team', 'data', 'open'], prefixes: ['team/', 'data/', 'open/'], globs: [] },
    ])
    const paths = { equal: ['team', 'data'], prefixes: ['team/', 'data/'], globs: [] }
    assert.deepEqual(found.rows?.allow, [
      {
        paths: { equal: ['open'], prefixes: ['open/'], globs: [] },
        rules: [{ paths, tests: [test] }],
      },
    ])
    assert.deepEqual([mayReach(found, 'open/app'), mayReach(found, 'team/app')], [true, false])
  })

  it('names the values that count, or lacks them', () => {
    const like = { string_not_like: { 'qcs:create_uin': '1000*' } }
    const action = 'tcr:DescribeRepositories'
    const ask = (known?: object) =>
      reach(
        { identity: [policy(rule('allow * on *', like))] },
        {
          ...{ action, place, root: 'repository/tcr-a/', context },
          ...(known && { known }),
        },
      )
    assert.deepEqual(ask(), byRows({ allow: [{ paths: nothing, rules: [] }], lacks: ['creator'] }))
    const settled = ask({ creator: ['1000', '2000'] })
    assert.ok(settled.kind === 'some')
    assert.deepEqual(settled.rows?.allow[0]?.rules[0]?.tests, [
      {
        subject: 'creator',
        quantifier: 'every',
        ifMissing: false,
        accepted: ['2000'],
        refused: ['1000'],
        acceptsOthers: true,
      },
    ])
  })

  it('asks of a list a number of tests at most, and then lets nothing more through', () => {
    const many = (effect: string) =>
      Array.from({ length: maxRowTests + 6 }, (_, n) =>
        rule(`${effect} * on ${on(`tcr-a/n${n}/*`)}`, {
          string_equal: { 'qcs:resource_tag': `env&${n}` },
        }),
      )
    const allowed = reached(...many('allow'))
    assert.equal(allowed.kind === 'some' && allowed.rows?.allow[0]?.rules.length, maxRowTests)
    const denied = reached(rule('allow * on *'), ...many('deny'))
    assert.ok(denied.kind === 'some')
    assert.equal(denied.rows?.deny.length, maxRowTests)
    assert.equal(denied.deny.prefixes.length, 6)
  })
})

describe('paths for SQL', () => {
  it('are exact in LIKE', () => {
    assert.equal(likePattern('*/a_b%/x*y\\'), '%/a\\_b\\%/x%y\\\\')
  })

  it('end a prefix right behind it', () => {
    assert.equal(endOfPrefix('team/'), 'team0')
    for (const [path, isIn] of [
      ['team/~', true],
      ['team/', true],
      ['team', false],
      ['team0', false],
    ] as const) {
      assert.equal(path >= 'team/' && path < endOfPrefix('team/'), isIn, path)
      assert.equal(hasPath({ ...nothing, prefixes: ['team/'] }, path), isIn)
    }
  })
})
