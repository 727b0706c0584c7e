import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { onEachDatabase } from '../db/test-database.ts'
import { purgeDeleted } from '../gc/purge.ts'
import { listCountDifferences } from '../quotas/recount.ts'
import { defaultBinDays, keptUntil } from '../recycle-bin/deletions.ts'
import { ownerOf } from '../registry/test-client.ts'
import { type TestApp, testApp } from '../test-app.ts'

onEachDatabase('the API of repositories', (_open, dialect) => {
  let app: TestApp

  before(async () => {
    app = await testApp({ dialect, leaves: { uploads: true } })
    for (const name of ['team', 'other']) {
      await app.api('CreateNamespace', {
        RegistryId: app.instance.id,
        NamespaceName: name,
        IsPublic: false,
      })
    }
  })
  after(() => app.close())

  const call = (action: string, input: object = {}) =>
    app.api(action, { RegistryId: app.instance.id, ...input })
  const at = (path: string) => {
    const slash = path.indexOf('/')
    return { NamespaceName: path.slice(0, slash), RepositoryName: path.slice(slash + 1) }
  }

  async function create(path: string, more: object = {}): Promise<void> {
    const answer = await call('CreateRepository', { ...at(path), ...more })
    assert.equal(answer.Error, undefined)
  }

  async function list(input: object = {}): Promise<{ names: string[]; total: number }> {
    const answer = await call('DescribeRepositories', input)
    assert.equal(answer.Error, undefined)
    const names = answer.RepositoryList.map((one: { Name: string }) => one.Name)
    return { names, total: answer.TotalCount }
  }

  it('shows what was made by hand and what was pushed', async () => {
    await create('team/a/b', { BriefDescription: 'short', Description: '# long' })
    await ownerOf(app).pushImage('team/pushed', 'v1')
    const answer = await call('DescribeRepositories', { NamespaceName: 'team' })
    assert.equal(answer.TotalCount, 2)
    const [made, pushed] = answer.RepositoryList
    const { CreationTime, UpdateTime, ...shown } = made
    assert.deepEqual(shown, {
      Name: 'team/a/b',
      Namespace: 'team',
      Public: false,
      Description: '# long',
      BriefDescription: 'short',
    })
    for (const time of [CreationTime, UpdateTime]) {
      assert.match(time, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? \+0800 CST$/)
    }
    assert.equal(pushed.Name, 'team/pushed')
    assert.equal((await list({ NamespaceName: 'other' })).total, 0)
    assert.equal((await list({ NamespaceName: 'tea' })).total, 0)
  })

  it('describes anew', async () => {
    await create('team/described')
    const words = { BriefDescription: 'b', Description: 'd' }
    const changed = await call('ModifyRepository', { ...at('team/described'), ...words })
    assert.equal(changed.Error, undefined)
    const { RepositoryList } = await call('DescribeRepositories', {
      RepositoryName: 'DESCRIBED',
    })
    assert.equal(RepositoryList.length, 1)
    assert.equal(RepositoryList[0].BriefDescription, 'b')
    const none = await call('ModifyRepository', { ...at('team/none'), ...words })
    assert.equal(none.Error?.Code, 'ResourceNotFound.TcrResourceNotFound')
  })

  it('pages by record and by page, in each order, with the true total', async () => {
    for (let i = 0; i < 7; i += 1) {
      app.clock.advance(1000)
      await create(`other/page-${i}`)
    }
    const inOther = { NamespaceName: 'other' }
    const all = await list({ ...inOther, Limit: 200 })
    assert.equal(all.total, 7)
    const pages = []
    for (const Offset of [0, 2, 4, 6]) {
      // Multiples of the limit: by record, as Terraform asks.
      pages.push(...(await list({ ...inOther, Limit: 2, Offset })).names)
    }
    assert.deepEqual(pages, all.names)
    assert.deepEqual((await list({ ...inOther, Limit: 2, Offset: 1 })).names, all.names.slice(0, 2))
    const newest = await list({ ...inOther, SortBy: '-creation_time', Limit: 200 })
    assert.deepEqual(newest.names, [...all.names].reverse())
    const byName = await list({ ...inOther, SortBy: '-name', Limit: 200 })
    assert.deepEqual(byName.names, [...all.names].reverse())
    const updated = await list({ ...inOther, SortBy: '-update_time', Limit: 200 })
    assert.deepEqual(updated.names, [...all.names].reverse())
  })

  it('takes what people search for as text', async () => {
    await create('team/with_underscore')
    assert.deepEqual((await list({ RepositoryName: '_under' })).names, ['team/with_underscore'])
    assert.deepEqual((await list({ RepositoryName: '%' })).names, [])
    assert.deepEqual((await list({ RepositoryName: '*' })).names, (await list()).names)
  })

  it('deletes with or without images; the name is free at once, and later nothing is left', async () => {
    const owner = ownerOf(app)
    const image = await owner.pushImage('team/gone', 'v1')
    const refused = await call('DeleteRepository', { ...at('team/gone'), ForceDelete: false })
    assert.equal(refused.Error?.Code, 'FailedOperation.PreconditionFailed')
    const deleted = await call('DeleteRepository', at('team/gone'))
    assert.equal(deleted.Error, undefined)
    assert.equal((await owner.call('GET', '/v2/team/gone/manifests/v1')).status, 404)
    assert.equal((await owner.call('GET', `/v2/team/gone/blobs/${image.layer}`)).status, 404)
    const again = await call('DeleteRepository', at('team/gone'))
    assert.equal(again.Error?.Code, 'ResourceNotFound.TcrResourceNotFound')
    await owner.pushImage('team/gone', 'v2', 'other bytes')
    assert.equal((await owner.call('GET', '/v2/team/gone/manifests/v2')).status, 200)
    assert.equal((await owner.call('GET', '/v2/team/gone/manifests/v1')).status, 404)
    const { db } = app.app
    const later = { deployment: async () => keptUntil(app.clock.now(), defaultBinDays) }
    const clock = { ...app.clock, ...later }
    await purgeDeleted({ db, clock }, new AbortController().signal)
    const left = await app.app.db.read
      .selectFrom('tags as t')
      .innerJoin('repositories as r', 'r.id', 't.repository_id')
      .select('t.name')
      .where('r.deleted_at', 'is not', null)
      .execute()
    assert.deepEqual(left, [])
    assert.deepEqual(await listCountDifferences(app.app.db.heavy), [])
  })

  it('lets one of many win a name', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call('CreateRepository', at('team/wanted'))),
    )
    const codes = answers.map((answer) => answer.Error?.Code ?? 'ok')
    assert.equal(codes.filter((code) => code === 'ok').length, 1, codes.join())
    assert.ok(
      codes.every((code) => code === 'ok' || code === 'FailedOperation.ErrorTcrResourceConflict'),
    )
  })

  const refused: [path: string, code: string][] = [
    ['team/A', 'InvalidParameterValue'],
    ['team/a', 'InvalidParameterValue'],
    ['team/a__b', 'InvalidParameterValue'],
    ['team/-ab', 'InvalidParameterValue'],
    ['team/ab//c', 'InvalidParameterValue'],
    [`team/${'a'.repeat(201)}`, 'InvalidParameterValue'],
    ['nowhere/ab', 'ResourceNotFound.TcrResourceNotFound'],
  ]
  for (const [path, code] of refused) {
    it(`refuses ${path.slice(0, 20)} with ${code}`, async () => {
      assert.equal((await call('CreateRepository', at(path))).Error?.Code, code)
    })
  }
})
