import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { ociIndex } from '@entrepot/oci/media-types.ts'
import { addPerson } from '../accounts/test-people.ts'
import type { TestKey } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { purgeDeleted } from '../gc/purge.ts'
import { setQuota } from '../quotas/quotas.ts'
import { listCountDifferences } from '../quotas/recount.ts'
import { imageOf, ownerOf, type TestClient } from '../registry/test-client.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { keptUntil } from './deletions.ts'

interface WireDeletion {
  readonly DeletionId: string
  readonly Kind: string
  readonly Name: string
}

onEachDatabase('the recycle bin', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient

  before(async () => {
    app = await testApp({ dialect })
    owner = ownerOf(app)
  })
  after(() => app.close())

  const own = (action: string, input: object = {}, key?: TestKey) =>
    app.api(
      action,
      { RegistryId: app.instance.id, ...input },
      { product: 'entrepot', ...(key && { key }) },
    )
  const at = (path: string) => {
    const slash = path.indexOf('/')
    return { NamespaceName: path.slice(0, slash), RepositoryName: path.slice(slash + 1) }
  }
  const inside = (path: string) => ({ RegistryId: app.instance.id, ...at(path) })
  const status = async (path: string, reference: string) =>
    (await owner.call('GET', `/v2/${path}/manifests/${reference}`)).status

  async function find(path: string): Promise<WireDeletion[]> {
    const { Deletions } = await own('DescribeDeletions', { Search: path })
    return Deletions
  }

  /** The entry that was made last. */
  async function idOf(path: string): Promise<string> {
    const [first] = await find(path)
    assert.ok(first, `nothing of ${path} lies in the recycle bin`)
    return first.DeletionId
  }

  async function restore(path: string, more: object = {}) {
    return own('RestoreDeletion', { ...at(path), DeletionId: await idOf(path), ...more })
  }

  function tagRow(path: string, name: string) {
    return app.app.db.read
      .selectFrom('tags as t')
      .innerJoin('repositories as r', 'r.id', 't.repository_id')
      .select(['t.id', 't.digest', 't.version', 't.pushed_at', 't.pushed_by', 't.pull_count'])
      .select(['t.last_pulled_at'])
      .where('r.path', '=', path)
      .where('t.name', '=', name)
      .where('t.deleted_at', 'is', null)
      .executeTakeFirstOrThrow()
  }

  async function assertCounts(): Promise<void> {
    assert.deepEqual(await listCountDifferences(app.app.db.heavy), [])
  }

  /** As if so many days had gone by. */
  async function purgeAfter(days: number): Promise<void> {
    const later = { deployment: async () => keptUntil(app.clock.now(), days) }
    const { db } = app.app
    await purgeDeleted({ db, clock: { ...app.clock, ...later } }, new AbortController().signal)
  }

  it('brings a tag back as it was, with its pulls and its time', async () => {
    await owner.pushImage('demo/tags', 'exact')
    await status('demo/tags', 'exact')
    await app.app.registry.audit.flush()
    const was = await tagRow('demo/tags', 'exact')
    assert.equal(was.pull_count, 1)
    app.clock.advance(5000)
    await app.api('DeleteImage', { ...inside('demo/tags'), ImageVersion: 'exact' })
    assert.equal(await status('demo/tags', 'exact'), 404)
    assert.equal((await owner.call('HEAD', '/v2/demo/tags/manifests/exact')).status, 404)
    const [entry] = await find('demo/tags')
    assert.deepEqual([entry?.Kind, entry?.Name], ['Tag', 'exact'])
    const restored = await restore('demo/tags')
    assert.deepEqual(restored.Tags, ['exact'])
    assert.deepEqual(await tagRow('demo/tags', 'exact'), was)
    assert.equal(await status('demo/tags', 'exact'), 200)
    assert.deepEqual(await find('demo/tags'), [])
    const moves = await own('DescribeTagHistory', { ...at('demo/tags'), Tag: 'exact' })
    assert.deepEqual(
      moves.Moves.map(({ Cause }: { Cause: string }) => Cause),
      ['restore', 'user', 'user'],
    )
    await assertCounts()
  })

  it('lists many tags one by one, and finds them', async () => {
    for (const tag of ['a1', 'a2', 'b1']) await owner.pushImage('demo/many', tag)
    await app.api('DeleteRepositoryTags', { ...inside('demo/many'), Tags: ['a1', 'a2', 'b1'] })
    const of = async (input: object) => {
      const { Deletions, TotalCount } = await own('DescribeDeletions', input)
      return [TotalCount, Deletions.map(({ Name }: WireDeletion) => Name).sort()]
    }
    assert.deepEqual(await of({ Search: 'many' }), [3, ['a1', 'a2', 'b1']])
    assert.deepEqual(await of({ Search: 'a1' }), [1, ['a1']])
    assert.deepEqual((await of({ Search: 'many', Limit: 2, Offset: 2 }))[0], 3)
    assert.deepEqual(await of({ Search: 'many', Kinds: ['Repository'] }), [0, []])
    assert.deepEqual((await of({ NamespaceName: 'nowhere' }))[0], 0)
    assert.deepEqual((await of({ Search: 'many', DeletedBy: app.username }))[0], 3)
    assert.deepEqual((await of({ Search: 'many', Cause: 'retention' }))[0], 0)
  })

  it('refuses a tag whose name is taken, and says so before', async () => {
    await owner.pushImage('demo/taken', 'v1', 'old')
    await app.api('DeleteImage', { ...inside('demo/taken'), ImageVersion: 'v1' })
    const pushed = await owner.pushImage('demo/taken', 'v1', 'new')
    const DeletionId = await idOf('demo/taken')
    const told = await own('DescribeDeletion', { ...at('demo/taken'), DeletionId })
    assert.deepEqual(told.TakenTags, ['v1'])
    const refused = await restore('demo/taken')
    assert.equal(refused.Error?.Code, 'FailedOperation.ErrorTcrResourceConflict')
    assert.match(refused.Error?.Message ?? '', /pushed again since/)
    assert.equal((await tagRow('demo/taken', 'v1')).digest, pushed.digest)
  })

  it('brings a digest back with its tags, without those that are taken if asked', async () => {
    const { digest, bytes } = await owner.pushImage('demo/digest', 'one')
    await owner.putManifest('demo/digest', 'two', bytes)
    await own('DeleteManifest', { ...at('demo/digest'), Digest: digest })
    assert.equal(await status('demo/digest', digest), 404)
    await owner.pushImage('demo/digest', 'two', 'another')
    const refused = await restore('demo/digest')
    assert.equal(refused.Error?.Code, 'FailedOperation.ErrorTcrResourceConflict')
    assert.equal(await status('demo/digest', digest), 404)
    const restored = await restore('demo/digest', { LeaveTakenTags: true })
    assert.deepEqual([restored.Tags, restored.LeftTags], [['one'], ['two']])
    assert.equal(await status('demo/digest', digest), 200)
    assert.equal(await status('demo/digest', 'one'), 200)
    await app.api('DeleteImage', { ...inside('demo/digest'), ImageVersion: 'two' })
    const left = (await find('demo/digest')).find(({ Kind }) => Kind === 'Manifest')
    const last = { ...at('demo/digest'), DeletionId: left?.DeletionId }
    assert.deepEqual((await own('RestoreDeletion', last)).Tags, ['two'])
    assert.equal((await tagRow('demo/digest', 'two')).digest, digest)
    await assertCounts()
  })

  it('brings an index back whole: with children that were deleted after it', async () => {
    const child = await owner.pushImage('demo/index', 'child')
    const mediaType = 'application/vnd.oci.image.manifest.v1+json'
    const manifests = [{ mediaType, digest: child.digest, size: child.bytes.length }]
    const index = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests }))
    const put = await owner.putManifest('demo/index', 'all', index, ociIndex)
    const digest = String(put.headers['docker-content-digest'])
    await own('DeleteManifest', { ...at('demo/index'), Digest: digest })
    await own('DeleteManifest', { ...at('demo/index'), Digest: child.digest })
    const entry = (await find('demo/index')).find(({ Name }) => Name === digest)
    await own('RestoreDeletion', { ...at('demo/index'), DeletionId: entry?.DeletionId })
    assert.equal(await status('demo/index', 'all'), 200)
    assert.equal(await status('demo/index', child.digest), 200)
    // The tag of the child waits in the bin by itself.
    assert.equal(await status('demo/index', 'child'), 404)
    assert.deepEqual((await restore('demo/index')).Tags, ['child'])
    const missing = await app.app.db.read
      .selectFrom('manifest_refs')
      .select('digest')
      .where('present', '=', 0)
      .execute()
    assert.deepEqual(missing, [])
  })

  it('keeps the artifacts about an image', async () => {
    const image = await owner.pushImage('demo/signed', 'v1')
    const subject = {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: image.digest,
      size: image.bytes.length,
    }
    const plain = JSON.parse(imageOf({ config: image.config, layers: [] }).toString())
    const about = Buffer.from(JSON.stringify({ ...plain, subject, artifactType: 'a/b' }))
    await owner.putManifest('demo/signed', 'about', about)
    const referrers = async () =>
      (await owner.call('GET', `/v2/demo/signed/referrers/${image.digest}`)).text
    const before = await referrers()
    await own('DeleteManifest', { ...at('demo/signed'), Digest: image.digest })
    await restore('demo/signed')
    assert.equal(await referrers(), before)
    assert.ok(before.includes('a/b'))
  })

  it('brings a repository back by its path, and not over a new one', async () => {
    const { digest, layer } = await owner.pushImage('demo/whole', 'v1', 'the first')
    await app.api('DeleteRepository', inside('demo/whole'))
    assert.equal(await status('demo/whole', 'v1'), 404)
    await owner.pushImage('demo/whole', 'v2', 'the second')
    const refused = await restore('demo/whole')
    assert.equal(refused.Error?.Code, 'FailedOperation.ErrorTcrResourceConflict')
    await own('DeletePermanently', { ...at('demo/whole'), Kind: 'Repository' })
    assert.equal((await restore('demo/whole')).Error, undefined)
    assert.equal(await status('demo/whole', 'v1'), 200)
    assert.equal(await status('demo/whole', digest), 200)
    assert.equal((await owner.call('GET', `/v2/demo/whole/blobs/${layer}`)).text, 'the first')
    assert.equal(await status('demo/whole', 'v2'), 404)
    await assertCounts()
  })

  it('holds no namespace, and makes it again', async () => {
    const { id: RegistryId } = app.instance
    await app.api('CreateNamespace', { RegistryId, NamespaceName: 'gone', IsPublic: true })
    await owner.pushImage('gone/app', 'v1')
    await app.api('DeleteRepository', inside('gone/app'))
    const figures = await own('DescribeNamespaceDeletion', { NamespaceName: 'gone' })
    assert.deepEqual([figures.RepositoryCount, figures.BinCount, figures.BinDays], [0, 1, 7])
    assert.ok(figures.BinBytes > 0)
    await app.api('DeleteNamespace', { RegistryId, NamespaceName: 'gone' })
    await app.api('CreateNamespace', { RegistryId, NamespaceName: 'gone', IsPublic: false })
    const refused = await restore('gone/app')
    assert.match(refused.Error?.Message ?? '', /there is a new one of that name/)
    await app.api('DeleteNamespace', { RegistryId, NamespaceName: 'gone' })
    const DeletionId = await idOf('gone/app')
    const told = await own('DescribeDeletion', { ...at('gone/app'), DeletionId })
    assert.deepEqual([told.MakesNamespace, told.IsNameTaken], [true, false])
    assert.equal((await restore('gone/app')).Error, undefined)
    assert.equal(await status('gone/app', 'v1'), 200)
    const { NamespaceList } = await app.api('DescribeNamespaces', {
      ...{ RegistryId, NamespaceName: 'gone' },
    })
    assert.deepEqual(
      NamespaceList.map(({ Name, Public }: { Name: string; Public: boolean }) => [Name, Public]),
      [['gone', true]],
    )
    await assertCounts()
  })

  it('refuses when a quota is full', async () => {
    const { id } = app.instance
    await owner.pushImage('demo/quota', 'v1')
    await app.api('DeleteRepository', inside('demo/quota'))
    await app.app.db.write((tx) => setQuota(tx, id, 'repositories', 1))
    const refused = await restore('demo/quota')
    assert.match(refused.Error?.Code ?? '', /Quota|LimitExceeded/)
    await app.app.db.write((tx) => setQuota(tx, id, 'repositories', null))
    assert.equal((await restore('demo/quota')).Error, undefined)
    await assertCounts()
  })

  it('refuses what lay in a repository that was deleted too', async () => {
    await owner.pushImage('demo/inner', 'v1')
    await app.api('DeleteImage', { ...inside('demo/inner'), ImageVersion: 'v1' })
    await app.api('DeleteRepository', inside('demo/inner'))
    const tag = (await find('demo/inner')).find(({ Kind }) => Kind === 'Tag')
    const input = { ...at('demo/inner'), DeletionId: tag?.DeletionId }
    const refused = await own('RestoreDeletion', input)
    assert.match(refused.Error?.Message ?? '', /is in the recycle bin too/)
    await restore('demo/inner', {
      DeletionId: (await find('demo/inner')).find(({ Kind }) => Kind === 'Repository')?.DeletionId,
    })
    assert.deepEqual((await own('RestoreDeletion', input)).Tags, ['v1'])
  })

  it('keeps for as many days as set, and not a moment longer', async () => {
    await owner.pushImage('demo/days', 'v1')
    await owner.pushImage('demo/days', 'v2')
    await app.api('DeleteImage', { ...inside('demo/days'), ImageVersion: 'v1' })
    await own('ModifyRecycleBin', { Days: 90 })
    assert.equal((await own('DescribeRecycleBin')).Days, 90)
    await purgeAfter(89)
    assert.deepEqual((await restore('demo/days')).Tags, ['v1'])
    assert.ok((await own('ModifyRecycleBin', { Days: 91 })).Error)
    await own('ModifyRecycleBin', { Days: 0 })
    await app.api('DeleteImage', { ...inside('demo/days'), ImageVersion: 'v2' })
    await purgeAfter(0)
    assert.deepEqual(await find('demo/days'), [])
    await own('ModifyRecycleBin', { Days: 7 })
  })

  it('lets go of one, of all, and past the bin', async () => {
    const one = await owner.pushImage('demo/forget', 'one')
    await own('DeleteManifest', { ...at('demo/forget'), Digest: one.digest })
    const DeletionId = await idOf('demo/forget')
    assert.equal(
      (await own('PurgeDeletion', { ...at('demo/forget'), DeletionId })).Error,
      undefined,
    )
    const again = await own('RestoreDeletion', { ...at('demo/forget'), DeletionId })
    assert.equal(again.Error?.Code, 'ResourceNotFound')
    const law = await owner.pushImage('demo/forget', 'law')
    const final = { ...at('demo/forget'), Kind: 'Manifest', Digest: law.digest }
    assert.deepEqual((await own('DeletePermanently', final)).DeletedTags, ['law'])
    assert.deepEqual(await find('demo/forget'), [])
    const rows = await app.app.db.read
      .selectFrom('manifests')
      .select('id')
      .where('digest', 'in', [one.digest, law.digest])
      .execute()
    assert.deepEqual(rows, [])
    await owner.pushImage('demo/forget', 'last')
    await app.api('DeleteImage', { ...inside('demo/forget'), ImageVersion: 'last' })
    const { JobId } = await own('EmptyRecycleBin')
    assert.ok(JobId)
    app.app.startJobs()
    await app.app.jobs.idle()
    assert.equal((await own('DescribeRecycleBin')).Count, 0)
    await assertCounts()
  })

  it('moves a tag back, and tells where what it named went', async () => {
    const first = await owner.pushImage('demo/back', 'v1', 'first')
    const second = await owner.pushImage('demo/back', 'v1', 'second')
    const back = (Digest: string) => own('MoveTagBack', { ...at('demo/back'), Tag: 'v1', Digest })
    assert.equal((await back(first.digest)).Error, undefined)
    assert.equal((await tagRow('demo/back', 'v1')).digest, first.digest)
    await own('DeleteManifest', { ...at('demo/back'), Digest: second.digest })
    assert.match((await back(second.digest)).Error?.Message ?? '', /lies in the recycle bin/)
    const { Moves } = await own('DescribeTagHistory', { ...at('demo/back'), Tag: 'v1' })
    assert.deepEqual(
      Moves.map((move: Record<string, unknown>) => [move.IsPresent, move.IsInRecycleBin]),
      [
        [true, false],
        [false, true],
        [true, false],
      ],
    )
    await own('PurgeDeletion', { ...at('demo/back'), DeletionId: await idOf('demo/back') })
    assert.match((await back(second.digest)).Error?.Message ?? '', /gone for good/)
    assert.match((await back(`sha256:${'0'.repeat(64)}`)).Error?.Message ?? '', /never pointed/)
  })

  it('asks for the right to push, to delete, and for its own', async () => {
    await owner.pushImage('demo/rights', 'v1')
    await app.api('DeleteImage', { ...inside('demo/rights'), ImageVersion: 'v1' })
    const DeletionId = await idOf('demo/rights')
    const { key } = await addPerson(app, 'bin-keeper', {
      ...{ effect: 'allow', resource: ['*'] },
      action: ['tcr:RestoreDeletion', 'tcr:PurgeDeletion'],
    })
    const input = { ...at('demo/rights'), DeletionId }
    for (const action of ['RestoreDeletion', 'PurgeDeletion']) {
      const refused = await own(action, input, key)
      assert.equal(refused.Error?.Code, 'UnauthorizedOperation', action)
    }
  })
})
