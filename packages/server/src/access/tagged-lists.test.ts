// Lists of whoever is allowed what carries a tag, or what he made; and the end of tags with their resource.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, allow, type TestPerson } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { addNamespace } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'

const tagged = { 'for_any_value:string_equal': { 'qcs:resource_tag': 'team&a' } }
// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of policies
const own = { string_equal: { 'qcs:create_uin': '${uin}' } }

onEachDatabase('lists of what is tagged', (_open, dialect) => {
  let app: TestApp
  let second: string
  let byTag: TestPerson
  let byMaker: TestPerson
  before(async () => {
    app = await testApp({ dialect })
    byTag = await addPerson(app, 'by-tag', { ...allow('tcr:*', '*'), condition: tagged })
    byMaker = await addPerson(app, 'by-maker', { ...allow('tcr:*', '*'), condition: own })
    const made = await app.api('CreateInstance', {
      RegistryName: 'second-one',
      RegistryType: 'basic',
      TagSpecification: { ResourceType: 'instance', Tags: [{ Key: 'team', Value: 'a' }] },
    })
    assert.equal(made.Error, undefined)
    second = made.RegistryId
    await app.app.jobs.idle()
    const { id } = app.instance
    await addNamespace(app, 'tagged')
    const space = { RegistryId: id, NamespaceName: 'mine', IsPublic: false }
    const started = await app.api('CreateNamespace', space, { key: byMaker.key })
    assert.equal(started.Error, undefined)
    for (const NamespaceName of ['demo', 'tagged', 'mine']) {
      const repository = { RegistryId: id, NamespaceName, RepositoryName: 'app' }
      assert.equal((await app.api('CreateRepository', repository)).Error, undefined)
    }
    await tag(`repository/${id}/tagged`)
  })
  after(() => app.close())

  async function tag(path: string): Promise<void> {
    const ReplaceTags = [{ TagKey: 'team', TagValue: 'a' }]
    const input = { Resource: `qcs::tcr::uin/:${path}`, ReplaceTags }
    const answer = await app.api('ModifyResourceTags', input, { product: 'tag' })
    assert.equal(answer.Error, undefined)
  }

  type Entry = Readonly<Record<string, unknown>>

  async function list(
    { key }: TestPerson,
    [action, entries, name]: readonly [action: string, entries: string, name: string],
    input: object = {},
  ): Promise<unknown[]> {
    const product = /Jobs|Usage/.test(action) ? 'entrepot' : 'tcr'
    const answer = await app.api(action, input, { product, key })
    assert.equal(answer.Error, undefined)
    assert.equal(answer.TotalCount, answer[entries].length)
    return [...new Set(answer[entries].map((entry: Entry) => entry[name]))]
  }

  it('show instances, jobs and usage', async () => {
    const days = { StartDate: '2026-01-01', EndDate: '2026-01-31', Limit: 200 }
    assert.deepEqual(await list(byTag, ['DescribeInstances', 'Registries', 'RegistryId']), [second])
    assert.deepEqual(await list(byTag, ['DescribeJobs', 'Jobs', 'RegistryId']), [second])
    const used = await list(byTag, ['DescribeUsage', 'Usage', 'RegistryId'], days)
    assert.ok(used.every((id) => id === second))
    for (const asked of [
      ['DescribeInstances', 'Registries', 'RegistryId'],
      ['DescribeJobs', 'Jobs', 'RegistryId'],
    ] as const) {
      assert.deepEqual(await list(byMaker, asked), [])
    }
    assert.deepEqual(await list(byMaker, ['DescribeUsage', 'Usage', 'RegistryId'], days), [])
  })

  it('show namespaces and repositories', async () => {
    const input = { RegistryId: app.instance.id }
    const namespaces = ['DescribeNamespaces', 'NamespaceList', 'Name'] as const
    const repositories = ['DescribeRepositories', 'RepositoryList', 'Name'] as const
    assert.deepEqual(await list(byTag, namespaces, input), ['tagged'])
    assert.deepEqual(await list(byTag, repositories, input), ['tagged/app'])
    assert.deepEqual(await list(byMaker, namespaces, input), ['mine'])
    assert.deepEqual(await list(byMaker, repositories, input), [])
    const all = ['DescribeInstanceAllNamespaces', 'Items', 'ResourceId'] as const
    assert.deepEqual(await list(byTag, all), [`${app.instance.id}/tagged`])
  })

  it('lose the tags of what is deleted', async () => {
    const at = { RegistryId: second, NamespaceName: 'going' }
    const inside = { ...at, RepositoryName: 'app' }
    assert.equal((await app.api('CreateNamespace', { ...at, IsPublic: false })).Error, undefined)
    assert.equal((await app.api('CreateRepository', inside)).Error, undefined)
    const left = () =>
      app.app.db.read.selectFrom('tagged_resources').select(['kind', 'resource_id']).execute()
    const before = (await left()).length
    await tag(`repository/${second}/going`)
    await tag(`repository/${second}/going/app`)
    assert.equal((await left()).length, before + 2)
    assert.equal((await app.api('DeleteRepository', inside)).Error, undefined)
    assert.equal((await left()).length, before + 1)
    assert.equal((await app.api('DeleteNamespace', at)).Error, undefined)
    assert.equal((await left()).length, before)
    assert.equal((await app.api('DeleteInstance', { RegistryId: second })).Error, undefined)
    await app.app.jobs.idle()
    assert.deepEqual(
      (await left()).map(({ kind }) => kind),
      ['namespace'],
    )
  })
})
