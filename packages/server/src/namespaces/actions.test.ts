import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf } from '../registry/test-client.ts'
import { type TestApp, testApp } from '../test-app.ts'

onEachDatabase('the API of namespaces', (_open, dialect) => {
  let app: TestApp

  before(async () => {
    app = await testApp({ dialect })
  })
  after(() => app.close())

  const call = (action: string, input: object = {}) =>
    app.api(action, { RegistryId: app.instance.id, ...input })

  async function create(name: string, more: object = {}): Promise<void> {
    const answer = await call('CreateNamespace', { NamespaceName: name, IsPublic: false, ...more })
    assert.equal(answer.Error, undefined)
  }

  it('shows what was made and changed', async () => {
    await create('shown_ns', {
      IsPublic: true,
      IsAutoScan: true,
      Severity: 'high',
      CVEWhitelistItems: [{ CVEID: 'CVE-2021-12345' }],
      TagSpecification: { ResourceType: 'namespace', Tags: [{ Key: 'team', Value: 'a' }] },
    })
    const list = await call('DescribeNamespaces', { NamespaceName: 'shown_ns' })
    assert.equal(list.TotalCount, 1)
    const { CreationTime, NamespaceId, ...shown } = list.NamespaceList[0]
    assert.match(CreationTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.ok(Number.isSafeInteger(NamespaceId) && NamespaceId > 0)
    assert.deepEqual(shown, {
      Name: 'shown_ns',
      Public: true,
      TagSpecification: { ResourceType: 'namespace', Tags: [{ Key: 'team', Value: 'a' }] },
      Metadata: [],
      CVEWhitelistItems: [{ CVEID: 'CVE-2021-12345' }],
      AutoScan: true,
      PreventVUL: false,
      Severity: 'high',
    })
    const changed = await call('ModifyNamespace', {
      NamespaceName: 'shown_ns',
      IsPublic: false,
      IsPreventVUL: true,
      CVEWhitelistItems: [],
    })
    assert.equal(changed.Error, undefined)
    const after = await call('DescribeNamespaces', { NamespaceName: 'shown_ns' })
    const [row] = after.NamespaceList
    assert.deepEqual(
      [row.Public, row.AutoScan, row.PreventVUL, row.Severity, row.CVEWhitelistItems],
      [false, true, true, 'high', []],
    )
    assert.equal(row.NamespaceId, NamespaceId)
  })

  it('finds by tags, any of the values and each of the filters', async () => {
    const tags = (...pairs: [string, string][]) => ({
      TagSpecification: {
        ResourceType: 'namespace',
        Tags: pairs.map(([Key, Value]) => ({ Key, Value })),
      },
    })
    await create('tagged-one', tags(['env', 'prod'], ['owner', 'x']))
    await create('tagged-two', tags(['env', 'test']))
    const names = async (...filters: string[][]) => {
      const list = await call('DescribeNamespaces', {
        Filters: filters.map((Values) => ({ Name: 'Tags', Values })),
      })
      return list.NamespaceList.map((one: { Name: string }) => one.Name)
    }
    assert.deepEqual(await names(['env:prod']), ['tagged-one'])
    assert.deepEqual(await names(['env:prod', 'env:test']), ['tagged-one', 'tagged-two'])
    assert.deepEqual(await names(['env:prod', 'env:test'], ['owner:x']), ['tagged-one'])
    assert.deepEqual(await names(['env:none']), [])
    const wrong = await call('DescribeNamespaces', { Filters: [{ Name: 'Zone', Values: ['a'] }] })
    assert.equal(wrong.Error?.Code, 'InvalidParameterValue')
  })

  it('finds names by any of their parts', async () => {
    for (const name of ['team-front', 'team-back', 'other_x']) await create(name)
    const names = async (...filters: string[][]) => {
      const list = await call('DescribeNamespaces', {
        Filters: filters.map((Values) => ({ Name: 'NamespaceName', Values })),
      })
      return list.NamespaceList.map((one: { Name: string }) => one.Name)
    }
    assert.deepEqual(await names(['TEAM-']), ['team-back', 'team-front'])
    assert.deepEqual(await names(['front', 'r_x']), ['other_x', 'team-front'])
    assert.deepEqual(await names(['team'], ['back']), ['team-back'])
    assert.deepEqual(await names(['%']), [])
  })

  it('pages by page and by record, with the true total', async () => {
    for (let i = 0; i < 5; i += 1) await create(`page-${i}`)
    const all = await call('DescribeNamespaces', { All: true })
    assert.equal(all.NamespaceList.length, all.TotalCount)
    const names = (answer: typeof all) =>
      answer.NamespaceList.map((one: { Name: string }) => one.Name)
    const first = await call('DescribeNamespaces', { Limit: 2, Offset: 1 })
    const second = await call('DescribeNamespaces', { Limit: 2, Offset: 2 })
    assert.deepEqual([...names(first), ...names(second)], names(all).slice(0, 4))
    assert.equal(second.TotalCount, all.TotalCount)
  })

  it('lists all of the account, to pick from', async () => {
    const list = await app.api('DescribeInstanceAllNamespaces', { Limit: 200 })
    const ids = list.Items.map((item: { ResourceId: string }) => item.ResourceId)
    assert.ok(ids.includes(`${app.instance.id}/demo`))
    assert.equal(list.TotalCount, ids.length)
  })

  it('deletes an empty one only, and its name is free again', async () => {
    await create('full')
    const owner = ownerOf(app)
    await owner.pushImage('full/app', 'latest')
    const refused = await call('DeleteNamespace', { NamespaceName: 'full' })
    assert.equal(refused.Error?.Code, 'FailedOperation.PreconditionFailed')
    assert.match(refused.Error?.Message ?? '', /full\/app/)
    await create('empty')
    const id = (await call('DescribeNamespaces', { NamespaceName: 'empty' })).NamespaceList[0]
    assert.equal((await call('DeleteNamespace', { NamespaceName: 'empty' })).Error, undefined)
    const gone = await call('DeleteNamespace', { NamespaceName: 'empty' })
    assert.equal(gone.Error?.Code, 'ResourceNotFound.TcrResourceNotFound')
    await create('empty')
    const again = (await call('DescribeNamespaces', { NamespaceName: 'empty' })).NamespaceList[0]
    assert.notEqual(again.NamespaceId, id.NamespaceId)
  })

  it('lets one of many win a name, and the quota hold', async () => {
    const input = { NamespaceName: 'wanted', IsPublic: false }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call('CreateNamespace', input)),
    )
    const codes = answers.map((answer) => answer.Error?.Code ?? 'ok')
    assert.equal(codes.filter((code) => code === 'ok').length, 1)
    assert.ok(
      codes.every((code) => code === 'ok' || code === 'FailedOperation.ErrorTcrResourceConflict'),
    )
  })

  const refused: [what: string, input: object, code: string][] = [
    ['a short name', { NamespaceName: 'a', IsPublic: true }, 'InvalidParameterValue'],
    ['a doubled separator', { NamespaceName: 'a--b', IsPublic: true }, 'InvalidParameterValue'],
    ['capitals', { NamespaceName: 'Ab', IsPublic: true }, 'InvalidParameterValue'],
    ['no access', { NamespaceName: 'ab' }, 'MissingParameter'],
    [
      'eleven tags',
      {
        NamespaceName: 'many-tags',
        IsPublic: true,
        TagSpecification: {
          ResourceType: 'namespace',
          Tags: Array.from({ length: 11 }, (_, i) => ({ Key: `k${i}`, Value: '' })),
        },
      },
      'InvalidParameter.ErrorTagOverLimit',
    ],
  ]
  for (const [what, input, code] of refused) {
    it(`refuses ${what} with ${code}, and leaves nothing`, async () => {
      assert.equal((await call('CreateNamespace', input)).Error?.Code, code)
      const { NamespaceList } = await call('DescribeNamespaces', { NamespaceName: 'many-tags' })
      assert.deepEqual(NamespaceList, [])
    })
  }
})
