import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { evaluate, operationLevel, type PolicySets } from './evaluate.ts'
import { everythingAllowed } from './presets.ts'
import type { Resource } from './resources.ts'
import { simulate } from './simulate.ts'
import { context, member, onResource, owner, policy, rule } from './test-requests.ts'

const pull = 'tcr:PullRepository'
const app = 'repository/tcr-a/team/app'

function ask(sets: PolicySets, action: string, on: Resource | readonly Resource[] | 'operation') {
  const resources = on === operationLevel ? on : [on].flat()
  return evaluate(sets, { action, resources, context })
}

/** The effect of one allowing statement with this action and resource. */
function allowed(action: string, pattern: string, asked: string, on: Resource | 'operation') {
  const identity = [policy({ effect: 'allow', action, resource: pattern })]
  return ask({ identity }, asked, on).effect === 'allow'
}

describe('resources', () => {
  const cases: [pattern: string, path: string, isCovered: boolean][] = [
    ['*', app, true],
    ['qcs::tcr:::*', app, true],
    ['qcs::tcr:::repository/tcr-a/team/app', app, true],
    ['qcs::tcr:::repository/tcr-a/team/app', `${app}/sub`, false],
    ['qcs::tcr:::repository/tcr-a/team/app', 'repository/tcr-a/team', false],
    ['qcs::tcr:::repository/tcr-a/team/app/*', app, true],
    ['qcs::tcr:::repository/tcr-a/team/app/*', `${app}/sub/sub`, true],
    ['qcs::tcr:::repository/tcr-a/team/app/*', `${app}2`, false],
    ['qcs::tcr:::repository/tcr-a/team/ap*', `${app}/sub`, true],
    ['qcs::tcr:::repository/tcr-a/team/ap*', 'repository/tcr-a/team', false],
    ['qcs::tcr:::repository/tcr-a/*/app', app, true],
    ['qcs::tcr:::repository/tcr-a/*/app', 'repository/tcr-a/x/y/app', true],
    ['qcs::tcr:::repository/tcr-a/*/app', `${app}/sub`, false],
    ['qcs::tcr:::repository/tcr-a/*/app/*', `${app}/sub`, true],
    ['qcs::tcr:::repository/*/app/*', app, true],
    ['qcs::tcr:::*/app', app, true],
    ['qcs::tcr:::repo/*', app, false],
    ['qcs:::::repository/*', app, true],
    ['qcs::*:*:*:repository/*', app, true],
    ['qcs::t*:ap-*:uin/:repository/*', app, true],
    ['qcs::cam:::*', app, false],
    ['qcs::tcr:ap-guangzhou::repository/*', app, true],
    ['qcs::tcr:ap-beijing::repository/*', app, false],
    [`qcs::tcr::uin/${owner}:repository/*`, app, true],
    [`qcs::tcr::uin/${owner + 1}:repository/*`, app, false],
    [`qcs::tcr::uin/${member}:repository/*`, app, false],
    ['qcs::tcr::uid/1250000001:repository/*', app, true],
    ['qcs::tcr::uid/1250000002:repository/*', app, false],
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: variables of policies
    ['qcs::tcr::uin/${owner_uin}:repository/tcr-a/u${uin}/*', app, false],
    [
      'qcs::tcr::uin/${owner_uin}:repository/tcr-a/u${uin}/*',
      `repository/tcr-a/u${member}/x`,
      true,
    ],
    ['qcs::tcr:::repository/tcr-a/${app_id}', 'repository/tcr-a/1250000001', true],
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: variables of policies
    ['qcs::ccr:::*', 'repo/team/app', true],
    ['qcs::ccr:::*', app, false],
  ]
  for (const [pattern, path, isCovered] of cases) {
    it(`${pattern} ${isCovered ? 'covers' : 'does not cover'} ${path}`, () => {
      assert.equal(allowed('*', pattern, pull, onResource(path)), isCovered)
    })
  }

  it('of operations are matched by * alone', () => {
    assert.equal(allowed('tcr:*', '*', 'tcr:CreateApplicationTokenPersonal', 'operation'), true)
    for (const pattern of ['qcs::tcr:::*', 'qcs:::::*', 'qcs::*:*:*:*']) {
      assert.equal(allowed('*', pattern, 'tcr:CreateApplicationTokenPersonal', 'operation'), false)
    }
  })

  it('without an account are those of the author, of a preset those of the caller', () => {
    const foreign = onResource(app, { ownerUin: owner + 7 })
    assert.equal(allowed('*', 'qcs::tcr:::*', pull, foreign), false)
    assert.deepEqual(ask({ identity: [everythingAllowed] }, pull, foreign), {
      effect: 'none',
      lacks: 'account',
    })
    assert.equal(ask({ identity: [everythingAllowed] }, pull, onResource(app)).effect, 'allow')
  })

  it('that are a whole set must be covered whole, and one refusal in it refuses', () => {
    const set = onResource('repository/tcr-a/*')
    assert.equal(allowed('*', 'qcs::tcr:::repository/tcr-a/*', pull, set), true)
    assert.equal(allowed('*', 'qcs::tcr:::repository/tcr-*', pull, set), true)
    assert.equal(allowed('*', 'qcs::tcr:::repository/tcr-a/team/*', pull, set), false)
    const some = policy([
      rule('allow * on *'),
      rule('deny * on qcs::tcr:::repository/tcr-a/secret/*'),
    ])
    assert.equal(ask({ identity: [some] }, pull, set).effect, 'deny')
    assert.equal(ask({ identity: [some] }, pull, onResource('repository/tcr-b/*')).effect, 'allow')
  })

  it('that are new are refused only with all of their kind', () => {
    const made = onResource('instance/*', { isNew: true })
    const but = (refused: string) =>
      policy([rule('allow * on *'), rule(`deny * on qcs::tcr:::${refused}`)])
    const create = 'tcr:CreateInstance'
    assert.equal(ask({ identity: [but('instance/tcr-a')] }, create, made).effect, 'allow')
    assert.equal(ask({ identity: [but('instance/*')] }, create, made).effect, 'deny')
  })
})

describe('actions', () => {
  const cases: [pattern: string, action: string, isMeant: boolean][] = [
    ['*', pull, true],
    ['tcr:*', pull, true],
    ['tcr:PullRepository', pull, true],
    ['name/tcr:PullRepository', pull, true],
    ['tcr:pullrepository', pull, true],
    ['tcr:Pull*', pull, true],
    ['tcr:Pull*', 'tcr:PushRepository', false],
    ['tcr:PullRepository', 'tcr:PullRepositoryPersonal', false],
    ['tcr:PullRepository*', 'tcr:PullRepositoryPersonal', true],
    ['*:Describe*', 'tcr:DescribeImages', true],
    ['tcr:*Personal', 'tcr:PullRepositoryPersonal', true],
    ['cam:*', pull, false],
    ['permid/280655', pull, false],
    ['ccr:pull', 'tcr:PullRepositoryPersonal', true],
    ['name/ccr:pull', 'tcr:PullRepositoryPersonal', true],
    ['ccr:pull', pull, false],
    ['ccr:push', 'tcr:PushRepositoryPersonal', true],
    ['ccr:CreateCCRNamespace', 'tcr:CreateNamespacePersonal', true],
    ['ccr:DeleteUserNamespace', 'tcr:DeleteNamespacePersonal', true],
    ['ccr:GetUserRepositoryList', 'tcr:DescribeRepositoryOwnerPersonal', true],
    ['ccr:CreateRepository', 'tcr:CreateRepositoryPersonal', true],
    ['ccr:DeleteRepository', 'tcr:DeleteRepositoryPersonal', true],
    ['ccr:BatchDeleteRepository', 'tcr:BatchDeleteRepositoryPersonal', true],
    ['ccr:DeleteTag', 'tcr:DeleteImagePersonal', true],
    ['ccr:BatchDeleteTag', 'tcr:BatchDeleteImagePersonal', true],
    ['ccr:*', 'tcr:BatchDeleteImagePersonal', true],
    ['ccr:Delete*', 'tcr:DeleteImagePersonal', true],
    ['ccr:Delete*', 'tcr:PullRepositoryPersonal', false],
    ['ccr:*', pull, false],
  ]
  for (const [pattern, action, isMeant] of cases) {
    it(`${pattern} ${isMeant ? 'means' : 'does not mean'} ${action}`, () => {
      assert.equal(allowed(pattern, '*', action, onResource(app)), isMeant)
    })
  }
})

describe('several policies', () => {
  const all = policy(rule('allow * on *'), 1)
  const noPush = policy(rule('deny tcr:PushRepository on *'), 2)
  const onlyTeam = policy(rule('allow tcr:* on qcs::tcr:::repository/tcr-a/team/*'), 3)
  const other = onResource('repository/tcr-a/other/x')

  it('refuse by default, and say what is lacking', () => {
    assert.deepEqual(ask({ identity: [] }, pull, onResource(app)), {
      effect: 'none',
      lacks: 'identity',
    })
    assert.equal(ask({ identity: [all] }, pull, []).effect, 'none')
  })

  it('refuse where any refuses, wherever it stands', () => {
    const by = (set: string) => ({ effect: 'deny', by: { set, policyId: 2, statement: 0 } })
    const push = 'tcr:PushRepository'
    const on = onResource(app)
    assert.deepEqual(ask({ identity: [all, noPush] }, push, on), by('identity'))
    assert.deepEqual(ask({ identity: [noPush, all] }, push, on), by('identity'))
    assert.deepEqual(ask({ identity: [all], boundary: noPush }, push, on), by('boundary'))
    assert.deepEqual(ask({ identity: [all], session: [all, noPush] }, push, on), by('session'))
    assert.equal(ask({ identity: [all, noPush] }, pull, on).effect, 'allow')
  })

  it('are narrowed by the boundary and by every session policy, and not widened', () => {
    const narrow: PolicySets[] = [
      { identity: [all], boundary: onlyTeam },
      { identity: [all], session: [onlyTeam] },
      { identity: [all], session: [all, onlyTeam] },
      { identity: [onlyTeam], boundary: all, session: [all] },
    ]
    const lacks = ['boundary', 'session', 'session', 'identity']
    for (const [n, sets] of narrow.entries()) {
      assert.equal(ask(sets, pull, onResource(app)).effect, 'allow')
      assert.deepEqual(ask(sets, pull, other), { effect: 'none', lacks: lacks[n] })
    }
    assert.equal(ask({ identity: [], boundary: all, session: [all] }, pull, other).effect, 'none')
  })

  it('must allow each of several resources', () => {
    const both = [onResource(app), other]
    assert.equal(ask({ identity: [onlyTeam] }, pull, both).effect, 'none')
    const rest = policy(rule('allow tcr:* on qcs::tcr:::repository/tcr-a/other/*'), 4)
    assert.equal(ask({ identity: [onlyTeam, rest] }, pull, both).effect, 'allow')
  })

  it('are explained by a simulation', () => {
    const some = policy(
      [
        rule('allow cam:* on *'),
        rule('allow tcr:Pull* on qcs::tcr:::repository/tcr-b/*'),
        rule('allow tcr:* on *', { ip_equal: { 'qcs:ip': '198.51.100.0/24' } }),
        rule('allow tcr:* on *'),
      ],
      9,
    )
    const request = { action: pull, resources: [onResource(app)], context }
    const { decision, considered } = simulate({ identity: [some] }, request)
    assert.deepEqual(decision.by, { set: 'identity', policyId: 9, statement: 3 })
    assert.deepEqual(
      considered.map((c) => [c.statement, c.coversResource, c.conditionsHold]),
      [
        [3, true, true],
        [2, true, false],
        [1, false, false],
      ],
    )
  })
})
