import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, allow } from '../accounts/test-people.ts'
import type { TestKey } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf } from '../registry/test-client.ts'
import { addNamespace } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'

onEachDatabase('instances, namespaces and repositories in numbers', (_open, dialect) => {
  let app: TestApp

  before(async () => {
    app = await testApp({ dialect })
    const owner = ownerOf(app)
    await addNamespace(app, 'team', { isPublic: true })
    await owner.pushImage('demo/app', 'v1', 'one')
    await owner.pushImage('demo/app', 'v2', 'two!')
    await owner.pushImage('team/web', 'v1', 'one')
    await owner.call('GET', '/v2/demo/app/manifests/v1')
    await app.app.registry.audit.flush()
  })
  after(() => app.close())

  const call = (action: string, input: object = {}, key?: TestKey) =>
    app.api(action, input, { product: 'entrepot', ...(key && { key }) })

  it('count what an instance holds', async () => {
    const { Statistics, TotalCount } = await call('DescribeInstanceStatistics')
    assert.equal(TotalCount, 1)
    const [{ Quotas, StoredBytes, ...numbers }] = Statistics
    assert.ok(StoredBytes > 0)
    assert.equal(Quotas.length, 5)
    assert.deepEqual(numbers, {
      RegistryId: app.instance.id,
      NamespaceCount: 2,
      RepositoryCount: 2,
      TagCount: 3,
      LimitBytes: null,
    })
    // Kept for a minute.
    await ownerOf(app).pushImage('demo/app', 'v3', 'three')
    const soon = await call('DescribeInstanceStatistics')
    assert.equal(soon.Statistics[0].TagCount, 3)
    app.clock.advance(60_001)
    const later = await call('DescribeInstanceStatistics', { RegistryIds: [app.instance.id] })
    assert.equal(later.Statistics[0].TagCount, 4)
  })

  it('count what namespaces hold', async () => {
    const RegistryId = app.instance.id
    const all = await call('DescribeNamespaceStatistics', { RegistryId })
    const names = all.Statistics.map((one: { NamespaceName: string }) => one.NamespaceName)
    assert.ok(names.includes('demo') && names.includes('team'), String(names))
    const some = await call('DescribeNamespaceStatistics', { RegistryId, NamespaceNames: ['team'] })
    const [{ StoredBytes, ...numbers }] = some.Statistics
    assert.ok(StoredBytes > 0)
    assert.deepEqual(
      [some.TotalCount, numbers],
      [
        1,
        {
          NamespaceName: 'team',
          IsPublic: true,
          RepositoryCount: 1,
          TagCount: 1,
          LimitBytes: null,
          PullCount: 0,
          LastPullTime: null,
        },
      ],
    )
  })

  it('count what repositories hold, a page of named ones at once', async () => {
    const RegistryId = app.instance.id
    const named = await call('DescribeRepositoryStatistics', {
      RegistryId,
      RepositoryPaths: ['demo/app', 'team/web', 'team/none'],
    })
    const [{ LastPushTime, LastPullTime, StoredBytes, ...numbers }, other] = named.Statistics
    assert.match(`${LastPushTime} ${LastPullTime}`, /Z .*Z/)
    assert.ok(StoredBytes > other.StoredBytes)
    assert.deepEqual(
      [named.TotalCount, other.RepositoryName, numbers],
      [
        2,
        'web',
        {
          NamespaceName: 'demo',
          RepositoryName: 'app',
          TagCount: 3,
          ManifestCount: 3,
          PullCount: 1,
        },
      ],
    )
    const one = await call('DescribeRepositoryStatistics', {
      ...{ RegistryId, NamespaceName: 'demo', RepositoryName: 'app' },
    })
    assert.equal(one.TotalCount, 1)
  })

  it('count only what the caller may list', async () => {
    const RegistryId = app.instance.id
    const resource = `qcs::tcr:::repository/${RegistryId}/team/*`
    const person = await addPerson(app, 'of-team', allow('tcr:Describe*', resource))
    const { key } = person
    const namespaces = await call('DescribeNamespaceStatistics', { RegistryId }, key)
    const repositories = await call('DescribeRepositoryStatistics', { RegistryId }, key)
    const instances = await call('DescribeInstanceStatistics', {}, key)
    assert.deepEqual(
      [namespaces.TotalCount, repositories.TotalCount, instances.Error?.Code],
      [1, 1, 'UnauthorizedOperation'],
    )
  })
})
