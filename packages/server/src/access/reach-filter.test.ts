// Lists filtered by SQL against the same policies asked about each row.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { sql } from 'kysely'
import { addPerson, allow } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { type CompiledPolicy, compilePolicy } from '../policies/compiled.ts'
import { evaluate, type PolicySets } from '../policies/evaluate.ts'
import { addNamespace } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { type Account, personOf } from './actor.ts'
import { reachOf } from './decide-action.ts'
import { settledReach } from './known-values.ts'
import { contextOf, placeOf } from './policy-request.ts'
import { reachCondition } from './reach-filter.ts'
import { type FactsByPath, factsFor, findFacts } from './resource-facts.ts'
import { repositoryColumns } from './row-columns.ts'

const permission = 'tcr:DescribeRepositories'
const paths = ['aa/xx', 'aa/yy', 'bb/xx', 'bb/yy/z', 'cc/xx', 'cc/yy'] as const

onEachDatabase('lists by policy', (_open, dialect) => {
  let app: TestApp
  let root: string
  let caller: Account
  let facts: FactsByPath
  before(async () => {
    app = await testApp({ dialect })
    const { id, ownerUin } = app.instance
    root = `repository/${id}/`
    const maker = await addPerson(app, 'maker', allow('tcr:*', '*'))
    caller = personOf({ uin: maker.uin, ownerUin, appId: 1 })
    for (const name of ['aa', 'bb', 'cc']) await addNamespace(app, name)
    for (const [n, path] of paths.entries()) {
      const [NamespaceName, ...rest] = path.split('/')
      const input = { RegistryId: id, NamespaceName, RepositoryName: rest.join('/') }
      const made = await app.api('CreateRepository', input, n % 2 ? {} : { key: maker.key })
      assert.equal(made.Error, undefined)
    }
    // Made by pushes of what is no person.
    for (const [path, by] of [
      ['cc/xx', 'tcr$ci'],
      ['cc/yy', `${maker.uin}:session`],
    ] as const) {
      await app.app.db.write((tx) =>
        tx
          .updateTable('repositories')
          .set({ created_by: by })
          .where('path', '=', path)
          .executeTakeFirstOrThrow(),
      )
    }
    await tag(`instance/${id}`, 'env', 'dev')
    await tag(`${root}aa`, 'env', 'prod')
    await tag(`${root}bb`, 'team', 'blue')
    await tag(`${root}aa/xx`, 'env', 'dev')
    await tag(`${root}bb/xx`, 'team', 'Blue')
    await tag(`${root}bb/yy/z`, 'a', 'b&c')
    // Of rows that no test changes: asked once, not for each policy.
    facts = await findFacts(
      app.app.db,
      ownerUin,
      paths.map((path) => root + path),
    )
  })
  after(() => app.close())

  async function tag(path: string, TagKey: string, TagValue: string): Promise<void> {
    const input = { Resource: `qcs::tcr::uin/:${path}`, ReplaceTags: [{ TagKey, TagValue }] }
    const answer = await app.api('ModifyResourceTags', input, { product: 'tag' })
    assert.equal(answer.Error, undefined)
  }

  function compile(statement: readonly object[]): CompiledPolicy {
    const authorUin = app.instance.ownerUin
    return compilePolicy(JSON.stringify({ version: '2.0', statement }), { id: 1, authorUin })
  }

  async function listed(actor: Account): Promise<string[]> {
    const { db } = app.app
    const { region, ownerUin, id } = app.instance
    const asked = { actor, permission, region, root, address: '192.0.2.1', nowMs: 0 }
    const reach = await settledReach(db, ownerUin, (known) => reachOf({ ...asked, known }))
    const columns = repositoryColumns('r')
    const reached = reachCondition(db.read, reach, sql.ref<string>('r.path'), columns)
    let query = db.read.selectFrom('repositories as r').select('r.path')
    query = query.where('r.instance_id', '=', id).where('r.deleted_at', 'is', null)
    if (reached) query = query.where(reached)
    return (await query.orderBy('r.path').execute()).map(({ path }) => path)
  }

  function allowedOneByOne(actor: Account): string[] {
    const { region, ownerUin } = app.instance
    const context = contextOf(actor, { address: '192.0.2.1', nowMs: 0 })
    const place = placeOf(permission, region, ownerUin)
    return paths.filter((path) => {
      const known = factsFor(facts.get(root + path), permission, actor.uin)
      const resources = [{ ...place, path: root + path, ...known }]
      return evaluate(actor.rights, { action: permission, resources, context }).effect === 'allow'
    })
  }

  async function check(rights: PolicySets, told: () => string): Promise<void> {
    const actor = { ...caller, rights }
    assert.deepEqual(await listed(actor), allowedOneByOne(actor), told())
  }

  const qualifiers = ['', 'for_any_value:', 'for_all_value:']
  const operators = [
    ...['string_equal', 'string_not_equal', 'string_like', 'string_not_like'],
    ...['string_equal_ignore_case', 'string_not_equal_ignore_case', 'numeric_equal'],
  ]
  const tagValues = [
    ['env&dev'],
    ['team&blue', 'a&b&c'],
    ['env&*'],
    ['*'],
    ['none&such'],
    ['TEAM&blue'],
  ]

  function conditions(): object[] {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of policies
    const creators = ['${uin}', String(app.instance.ownerUin), '1*', '100000000002']
    const all: object[] = [
      { null_equal: { 'qcs:resource_tag': 'true' } },
      { null_equal: { 'qcs:create_uin': 'false' } },
      { null_equal: { 'qcs:create_uin': 'true' } },
    ]
    for (const operator of operators) {
      for (const ifExist of ['', '_if_exist']) {
        const name = `${operator}${ifExist}`
        const ofTags = operator === 'numeric_equal' ? [] : tagValues
        for (const values of ofTags) {
          for (const qualifier of qualifiers) {
            all.push({ [`${qualifier}${name}`]: { 'qcs:resource_tag': values } })
          }
        }
        for (const one of creators) {
          if (operator !== 'numeric_equal' || !one.includes('*')) {
            all.push({ [name]: { 'qcs:create_uin': one } })
          }
        }
      }
    }
    return all
  }

  it('show what is allowed on each row, whatever conditions ask of it', async () => {
    const on = (path: string) => `qcs::tcr:::${root}${path}`
    for (const condition of conditions()) {
      const some = { effect: 'allow', action: 'tcr:*', resource: '*', condition }
      const documents = [
        [some],
        [
          { ...some, resource: [on('aa/*'), on('bb/yy*')] },
          { ...some, ...allow('tcr:*', on('cc/xx')) },
        ],
        [allow('tcr:*', '*'), { ...some, effect: 'deny' }],
        [
          allow('tcr:*', [on('aa/*'), on('bb/*')]),
          { ...some, effect: 'deny', resource: on('*/xx') },
        ],
      ]
      await Promise.all(
        documents.map((document) =>
          check({ identity: [compile(document)] }, () => JSON.stringify(document)),
        ),
      )
    }
  })

  it('show what every layer allows', async () => {
    const tagged = (value: string) => ({
      ...allow('tcr:*', '*'),
      condition: { 'for_any_value:string_equal': { 'qcs:resource_tag': value } },
    })
    const own = {
      ...allow('tcr:*', '*'),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of policies
      condition: { string_equal: { 'qcs:create_uin': '${uin}' } },
    }
    const layers = {
      identity: [compile([tagged('env&dev')]), compile([tagged('team&blue')])],
      boundary: compile([own]),
      session: [compile([tagged('env&dev')])],
    }
    await check(layers, () => 'layers')
  })

  it('take 50 policies of 100 statements', async () => {
    const many = (resource: (n: number) => object) =>
      Array.from({ length: 50 }, (_, p) =>
        compile(Array.from({ length: 100 }, (_, s) => resource(p * 100 + s))),
      )
    const on = (path: string) => allow('tcr:*', `qcs::tcr:::${root}${path}`)
    const forms: [string, (n: number) => object][] = [
      ['equal', (n) => on(`aa/none-${n}`)],
      ['prefixes', (n) => on(`aa/none-${n}/*`)],
      ['prefixes of many lengths', (n) => on(`aa/${'n'.repeat(n % 200)}${n}*`)],
      ['globs', (n) => on(`*/none-${n}`)],
      [
        'conditions',
        (n) => ({
          ...on(`aa/none-${n}`),
          condition: { string_equal: { 'qcs:resource_tag': [`env&${n}`, `team&${n}`] } },
        }),
      ],
    ]
    const seen = compile([on('bb/xx'), on('aa/xx*')])
    for (const [name, form] of forms) {
      const policies = many(form)
      await check({ identity: [...policies, seen] }, () => `allowed ${name}`)
      const refused = many((n) => ({ ...form(n), effect: 'deny' }))
      await check({ identity: [...refused, seen] }, () => `refused ${name}`)
    }
  })
})
