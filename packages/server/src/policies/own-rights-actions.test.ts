import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import {
  addPerson,
  allow,
  deny,
  givePolicy,
  ok,
  outcomeOf,
  policyOf,
  type TestPerson,
} from '../accounts/test-people.ts'
import type { TestKey } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { type TestApp, testApp } from '../test-app.ts'

type Asked = readonly [action: string, resource?: string]

onEachDatabase('own rights', (_open, dialect) => {
  let app: TestApp
  let instance: string
  let person: TestPerson
  before(async () => {
    app = await testApp({ dialect })
    instance = app.instance.id
    person = await addPerson(app, 'asks')
    const team = [
      `qcs::tcr:::repository/${instance}/team`,
      `qcs::tcr:::repository/${instance}/team/*`,
    ]
    const document = policyOf(
      allow('tcr:*', team),
      allow('tag:TagResources', team),
      deny('tcr:DeleteRepository', `qcs::tcr:::repository/${instance}/team/kept`),
    )
    await givePolicy(app, person, document)
  })
  after(() => app.close())

  async function rights(asked: readonly Asked[], key?: TestKey): Promise<readonly boolean[]> {
    const Asked = asked.map(([Action, Resource]) => ({ Action, ...(Resource && { Resource }) }))
    const options = { product: 'entrepot', ...(key && { key }) } as const
    const { Rights } = await ok(app.api('DescribeOwnRights', { Asked }, options))
    const told = Rights.map((one: Record<string, unknown>) => [
      one.Action,
      one.Resource ?? undefined,
    ])
    assert.deepEqual(
      told,
      asked.map(([action, resource]) => [action, resource]),
    )
    return Rights.map(({ Allowed }: { Allowed: boolean }) => Allowed)
  }

  it('are told of a resource, of some of a kind, and of anything at all', async () => {
    const cases: [Asked, boolean][] = [
      [['tcr:CreateRepository', `repository/${instance}/team/app`], true],
      [['tcr:CreateRepository', `repository/${instance}/other/app`], false],
      [['tcr:CreateRepository', `repository/${instance}/*`], true],
      [['tcr:CreateRepository', 'repository/tcr-other/*'], false],
      [['tcr:CreateRepository'], true],
      [['tcr:DescribeRepositories', `repository/${instance}/*`], true],
      [['tcr:DeleteRepository', `repository/${instance}/team/app`], true],
      [['tcr:DeleteRepository', `repository/${instance}/team/kept`], false],
      [['tcr:DeleteRepository', `repository/${instance}/team/kept*`], true],
      [['tcr:PullRepository', `repository/${instance}/team/app`], true],
      [['tcr:PullRepository'], true],
      [['tcr:DeleteInstance', `instance/${instance}`], false],
      [['tcr:DeleteInstance'], false],
      [['tcr:CreateInstance'], false],
      [['cam:AddUser'], false],
      [['nobody:KnowsIt'], false],
      // By its permission.
      [['entrepot:SimulatePolicy'], false],
      [['entrepot:CreateAccount'], false],
      // Whoever sees something of an instance makes credentials of his own there.
      [['tcr:CreateInstanceToken', `instance/${instance}`], true],
      [['tcr:CreateInstanceToken'], true],
      [['tcr:CreateInstanceToken', 'instance/tcr-other'], false],
      [['entrepot:DescribeOwnRights'], true],
      // Whoever tags is asked about what is tagged.
      [['tag:TagResources', `repository/${instance}/team`], true],
      [['tag:TagResources', `repository/${instance}/other`], false],
      [['tag:TagResources', `repository/${instance}/*`], true],
      [['tag:TagResources'], true],
      [['tag:UnTagResources', `repository/${instance}/team`], false],
      [['tag:UnTagResources'], false],
    ]
    const asked = cases.map(([one]) => one)
    const expected = cases.map(([, isAllowed]) => isAllowed)
    assert.deepEqual(await rights(asked, person.key), expected)
    const byMain = await rights([
      ['tcr:DeleteInstance'],
      ['cam:AddUser'],
      ['entrepot:CreateAccount'],
    ])
    assert.deepEqual(byMain, [true, true, true])
    const nobody = await addPerson(app, 'has-nothing')
    const none = [['tcr:CreateInstanceToken'], ['tcr:DescribeInstances']] as const
    assert.deepEqual(await rights(none, nobody.key), [false, false])
  })

  it('are told of 200 at once, and of none under a name that is no action', async () => {
    const many = Array.from(
      { length: 200 },
      (_, n): Asked => [
        'tcr:PullRepository',
        `repository/${instance}/${n % 2 ? 'team' : 'other'}/app-${n}`,
      ],
    )
    const told = await rights(many, person.key)
    assert.equal(told.filter(Boolean).length, 100)
    const Asked = (...names: string[]) => ({ Asked: names.map((Action) => ({ Action })) })
    const own = { product: 'entrepot', key: person.key } as const
    for (const wrong of ['tcr:Describe*', '*', 'tcr', 'tcr:']) {
      assert.match(
        await outcomeOf(app.api('DescribeOwnRights', Asked(wrong), own)),
        /^InvalidParameterValue/,
        wrong,
      )
    }
    const tooMany = Asked(...Array.from({ length: 201 }, () => 'tcr:PullRepository'))
    assert.match(await outcomeOf(app.api('DescribeOwnRights', tooMany, own)), /^InvalidParameter/)
  })
})
