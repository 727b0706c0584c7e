// Clean-ups that people ask for: what they say would go, what goes, how they are stopped.

import assert from 'node:assert/strict'
import { afterEach, beforeEach, it } from 'node:test'
import { fakeClock } from '../clock.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf, type TestClient } from '../registry/test-client.ts'
import { MemoryDriver } from '../storage/memory.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { deleteDelayMs } from './objects.ts'
import { startRun } from './runs.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const repository = 'demo/app'
const { signal } = new AbortController()

onEachDatabase('clean-ups by hand', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient
  let RegistryId: string
  // The store's clock is the program's; there is no program yet when the store is made.
  let clock = fakeClock()

  beforeEach(async () => {
    const store = new MemoryDriver({ now: () => clock.now() })
    app = await testApp({ dialect, store, leaves: { uploads: true } })
    clock = app.clock
    owner = ownerOf(app)
    RegistryId = app.instance.id
  })
  afterEach(() => app.close())

  const own = (action: string, input: object = {}) =>
    app.api(action, { RegistryId, ...input }, { product: 'entrepot' })
  const create = (Dryrun = false) =>
    app.api('CreateGCJob', { RegistryId, GCParameters: { Dryrun } })

  async function cleanUp(Dryrun = false) {
    const answer = await create(Dryrun)
    assert.equal(answer.Error, undefined)
    await app.app.jobs.idle()
    const { Cleanups } = await own('DescribeStorageCleanups')
    return Cleanups[0]
  }

  /** The sweeps that run by themselves stay out of it. */
  async function onlyByHand() {
    await app.app.jobs.idle()
    await app.app.db.write((tx) =>
      tx.deleteFrom('jobs').where('kind', 'in', ['gc.blobs', 'gc.objects']).execute(),
    )
  }

  it('says by a dry run what would go and when, and takes nothing', async () => {
    const { digest } = await owner.pushImage(repository, 'kept', 'kept')
    const loose = await owner.pushBlob(repository, 'named by nothing')
    const dry = await cleanUp(true)
    const none = { Referrers: 0, Manifests: 0, Links: 0, Blobs: 0, Uploads: 0, Objects: 0 }
    assert.deepEqual(
      { Type: dry.Type, State: dry.State, Counts: dry.Counts, Expected: dry.ExpectedSeconds },
      {
        Type: 'Dryrun',
        State: 'Succeeded',
        Counts: { ...none, Orphans: 0, Bytes: 0 },
        Expected: 0,
      },
    )
    const pushedAt = clock.now()
    // Two sights, a grace period apart; the first can't be within the grace period of the push.
    const due = new Date(pushedAt + 2 * dayMs + 1).toISOString()
    const stay = { Reason: 'Grace', Count: 1, Bytes: 16, DueTime: due, LastDueTime: due }
    assert.deepEqual(dry.Stays, [stay])
    const { CleanupId } = dry
    const { Items, TotalCount } = await own('DescribeStorageCleanupItems', { CleanupId })
    assert.equal(TotalCount, 1)
    assert.deepEqual(Items, [
      {
        Kind: 'Link',
        RepositoryPath: repository,
        Digest: loose,
        SizeBytes: 16,
        Reason: 'Unnamed',
        DueTime: due,
      },
    ])
    const onlyDue = await own('DescribeStorageCleanupItems', { CleanupId, OnlyDue: true })
    assert.equal(onlyDue.TotalCount, 0)
    const found = await own('DescribeStorageCleanupItems', { CleanupId, Search: 'demo/' })
    assert.equal(found.TotalCount, 1)
    const other = await own('DescribeStorageCleanupItems', { CleanupId, Search: 'd_mo/' })
    assert.equal(other.TotalCount, 0)
    assert.equal((await owner.call('HEAD', `/v2/${repository}/blobs/${loose}`)).status, 200)
    assert.equal((await owner.call('GET', `/v2/${repository}/manifests/${digest}`)).status, 200)
  })

  it('takes what is due by the same rules as by itself, and counts it', async () => {
    await onlyByHand()
    const blob = await owner.pushBlob(repository, 'named by nothing')
    // Asking shortens nothing: each time only what two sights, a grace period apart, have seen.
    assert.equal((await cleanUp()).Counts.Links, 0)
    clock.advance(dayMs + 1)
    assert.equal((await cleanUp()).Counts.Links, 0)
    clock.advance(dayMs)
    const dry = await cleanUp(true)
    assert.deepEqual([dry.Counts.Links, dry.Counts.Blobs], [1, 0])
    const unlinked = await cleanUp()
    assert.deepEqual([unlinked.Counts.Links, unlinked.Counts.Blobs], [1, 0])
    assert.equal((await owner.call('HEAD', `/v2/${repository}/blobs/${blob}`)).status, 404)
    assert.equal(unlinked.Stays[0].Reason, 'Grace')
    clock.advance(dayMs)
    const removed = await cleanUp()
    assert.deepEqual([removed.Counts.Blobs, removed.Counts.Bytes], [1, 16])
    assert.equal(removed.Stays[0].Reason, 'Delay')
    clock.advance(deleteDelayMs)
    assert.equal((await cleanUp()).Counts.Objects, 1)
    assert.deepEqual(await app.store.list('blobs/', undefined, 10, signal), [])
    const { Jobs } = await app.api('DescribeGCJobs', { RegistryId })
    assert.equal(Jobs.length, 6)
    const listed: readonly { Schedule: { Type: string }; JobStatus: string }[] = Jobs
    assert.deepEqual(
      listed.slice(0, 4).map(({ Schedule, JobStatus }) => [Schedule.Type, JobStatus]),
      [
        ['Manual', 'finished'],
        ['Manual', 'finished'],
        ['Manual', 'finished'],
        ['Dryrun', 'finished'],
      ],
    )
  })

  it('is of one instance: what another one holds stays', async () => {
    const { db } = app.app
    await owner.pushBlob(repository, 'named by nothing')
    const made = await app.api('CreateInstance', {
      RegistryName: 'the-other-one',
      RegistryType: 'basic',
    })
    await onlyByHand()
    for (let day = 0; day < 3; day += 1) {
      clock.advance(dayMs + 1)
      await db.write((tx) =>
        startRun(tx, { instanceId: made.RegistryId, isDry: false, by: 'test', at: clock.now() }),
      )
      await app.app.jobs.idle()
    }
    const links = await db.read.selectFrom('repository_blobs').select('blob_id').execute()
    assert.equal(links.length, 1)
    const listed = await app.api(
      'DescribeStorageCleanups',
      { RegistryId: made.RegistryId },
      { product: 'entrepot' },
    )
    assert.equal(listed.TotalCount, 3)
    assert.equal((await own('DescribeStorageCleanups')).TotalCount, 0)
  })

  it('runs one at a time, and is stopped', async () => {
    assert.equal((await create()).Error, undefined)
    assert.equal((await create(true)).Error?.Code, 'ResourceInUse')
    const stopped = await app.api('TerminateGCJob', { RegistryId })
    assert.equal(stopped.Status, 'success')
    const { Cleanups } = await own('DescribeStorageCleanups')
    assert.equal(Cleanups[0].State, 'Cancelled')
    assert.equal((await app.api('TerminateGCJob', { RegistryId })).Status, 'error')
    const again = await cleanUp()
    assert.equal(again.State, 'Succeeded')
    assert.equal((await app.api('DescribeGCJobs', { RegistryId })).Jobs[1].JobStatus, 'stopped')
  })

  it('tells what takes the space, and what of it will be free', async () => {
    const kept = await owner.pushImage(repository, 'kept', 'kept')
    const untagged = await owner.pushImage(repository, 'moved', 'left behind')
    await owner.pushImage(repository, 'moved', 'kept')
    const deleted = await owner.pushImage('demo/other', 'gone', 'deleted bytes')
    await owner.call('DELETE', `/v2/demo/other/manifests/${deleted.digest}`)
    await owner.pushBlob(repository, 'named by nothing')
    const space = await own('DescribeReclaimableSpace')
    const sum = space.KeptBytes + space.UntaggedBytes + space.BinBytes + space.UnreferencedBytes
    assert.equal(space.StoredBytes, sum)
    assert.equal(space.UntaggedBytes, untagged.bytes.byteLength + 'left behind'.length)
    assert.equal(space.BinBytes, deleted.bytes.byteLength + 'deleted bytes'.length)
    assert.equal(space.UnreferencedBytes, 16)
    assert.ok(space.KeptBytes >= kept.bytes.byteLength + 'kept'.length)
    assert.deepEqual([space.GraceHours, space.IsHeld, space.WaitsForOperator], [24, false, false])
  })

  it('keeps for the instance’s people what went by itself', async () => {
    await owner.pushBlob(repository, 'named by nothing')
    await app.app.jobs.idle()
    for (let day = 0; day < 4; day += 1) {
      clock.advance(dayMs + hourMs)
      await app.app.jobs.idle()
    }
    const { Cleanups } = await own('DescribeStorageCleanups', { Types: ['Hourly'] })
    const listed: readonly { Counts: { Links: number; Blobs: number } }[] = Cleanups
    assert.deepEqual(
      listed.map(({ Counts }) => [Counts.Links, Counts.Blobs]),
      [
        [0, 1],
        [1, 0],
      ],
    )
    assert.ok((await own('DescribeReclaimableSpace')).NextRunTime)
  })
})
