import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiError } from '@entrepot/contract/errors.ts'
import { type FakeClock, fakeClock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { type Log, silentLog } from '../log.ts'
import { maxAgentChars, recordAudit } from './audit.ts'
import { AuditBatch, type Pull } from './batch.ts'
import type { Origin } from './origin.ts'

const origin: Origin = {
  actor: '100000000001',
  credential: 'long-term:1',
  address: '192.0.2.1',
  agent: 'docker/29',
  requestId: 'request-1',
}

const pull: Pull = {
  origin,
  instanceId: 'tcr-1',
  repositoryId: 'repository-1',
  repositoryPath: 'demo/app',
  tagId: 'tag-1',
  reference: '1.0',
  digest: 'sha256:00',
}

async function insertPulled(db: Database): Promise<void> {
  const kept = { deleted_at: null, deleted_by: null, delete_cause: null }
  await db.write(async (tx) => {
    await tx
      .insertInto('namespaces')
      .values({
        id: 'namespace-1',
        instance_id: 'tcr-1',
        name: 'demo',
        is_public: 0,
        created_at: 0,
        created_by: 1,
      })
      .execute()
    await tx
      .insertInto('repositories')
      .values({
        id: 'repository-1',
        instance_id: 'tcr-1',
        namespace_id: 'namespace-1',
        path: 'demo/app',
        kind: 'local',
        born_at: 0,
        created_at: 0,
        created_by: 'test',
        pull_count: 5,
        last_pulled_at: null,
        ...kept,
      })
      .execute()
    await tx
      .insertInto('manifests')
      .values({
        id: 'manifest-1',
        instance_id: 'tcr-1',
        repository_id: 'repository-1',
        digest: 'sha256:00',
        media_type: 'application/vnd.oci.image.manifest.v1+json',
        artifact_type: null,
        subject_digest: null,
        annotations: null,
        size_bytes: 2,
        content_bytes: 0,
        created_at: 0,
        created_by: 'test',
        ...kept,
      })
      .execute()
    await tx
      .insertInto('tags')
      .values({
        id: 'tag-1',
        repository_id: 'repository-1',
        name: '1.0',
        manifest_id: 'manifest-1',
        digest: 'sha256:00',
        version: 1,
        pushed_at: 0,
        pushed_by: 'test',
        pull_count: 0,
        last_pulled_at: null,
        ...kept,
      })
      .execute()
  })
}

function auditRows(db: Database) {
  return db.read.selectFrom('audit').selectAll().orderBy('id').execute()
}

function pulls(db: Database, table: 'tags' | 'repositories') {
  return db.read.selectFrom(table).select(['pull_count', 'last_pulled_at']).execute()
}

onEachDatabase('audit', (open) => {
  async function start(log: Log = silentLog) {
    // A whole second, so that what is done at once is of one second.
    const clock: FakeClock = fakeClock(1_800_000_000_000)
    const db = await open({ clock })
    await insertPulled(db)
    const away = { is: false }
    const sometimes: Database = {
      ...db,
      write: (work) => (away.is ? Promise.reject(new ApiError('UNAVAILABLE')) : db.write(work)),
    }
    return { clock, db, away, batch: new AuditBatch({ db: sometimes, clock, log }) }
  }

  test('a change has its row if and only if it was made', async () => {
    const { clock, db } = await start()
    const change = {
      at: clock.now(),
      instanceId: 'tcr-1',
      origin: { ...origin, agent: 'x'.repeat(10_000) },
      action: 'tcr:PushRepository',
      resource: 'demo/app',
      reference: '1.0',
      result: 'ok',
    }
    await db.write((tx) => recordAudit(tx, change))
    const failing = db.write(async (tx) => {
      await recordAudit(tx, change)
      throw new Error('no')
    })
    await assert.rejects(failing)
    const rows = await auditRows(db)
    assert.equal(rows.length, 1)
    assert.partialDeepStrictEqual(rows[0], {
      at: clock.now(),
      instance_id: 'tcr-1',
      actor: '100000000001',
      credential: 'long-term:1',
      address: '192.0.2.1',
      agent: 'x'.repeat(maxAgentChars),
      action: 'tcr:PushRepository',
      resource: 'demo/app',
      reference: '1.0',
      result: 'ok',
      request_id: 'request-1',
      count: 1,
    })
  })

  test('the same pull of one second is one row with a count, and counts for tag and repository', async () => {
    const { clock, db, batch } = await start()
    for (let n = 0; n < 3; n += 1) batch.pull(pull)
    batch.pull({ ...pull, tagId: null, reference: 'sha256:00' })
    clock.advance(999)
    batch.pull({ ...pull, origin: { ...origin, requestId: 'another' } })
    await batch.flush()
    assert.deepEqual(
      (await auditRows(db)).map(({ reference, count, at }) => [reference, count, at]),
      [
        ['1.0', 4, 1_800_000_000_000],
        ['sha256:00', 1, 1_800_000_000_000],
      ],
    )
    assert.deepEqual(await pulls(db, 'tags'), [
      { pull_count: 4, last_pulled_at: 1_800_000_000_000 },
    ])
    assert.deepEqual(await pulls(db, 'repositories'), [
      { pull_count: 10, last_pulled_at: 1_800_000_000_000 },
    ])
  })

  test('another second, actor, credential, address, reference or agent is another row', async () => {
    const { clock, db, batch } = await start()
    batch.pull(pull)
    batch.pull({ ...pull, reference: '2.0' })
    for (const other of ['actor', 'credential', 'address', 'agent'] as const) {
      batch.pull({ ...pull, origin: { ...origin, [other]: 'other' } })
    }
    batch.pull({ ...pull, origin: { ...origin, credential: null } })
    clock.jump(1000)
    batch.pull(pull)
    await batch.flush()
    assert.equal((await auditRows(db)).length, 8)
  })

  test('a second later it is written without being asked', async () => {
    const { clock, db } = await start()
    const written = Promise.withResolvers<void>()
    const batch = new AuditBatch({
      db: {
        ...db,
        async write(work) {
          const value = await db.write(work)
          written.resolve()
          return value
        },
      },
      clock,
      log: silentLog,
    })
    batch.pull(pull)
    clock.advance(1000)
    await written.promise
    assert.equal((await auditRows(db)).length, 1)
  })

  test('refusals are gathered too, with their reason', async () => {
    const { db, batch } = await start()
    const refusal = {
      origin: { ...origin, actor: 'anonymous', credential: null },
      instanceId: 'tcr-1',
      action: 'tcr:PullRepository',
      resource: 'demo/app',
      reason: 'not-granted',
    }
    batch.refusal(refusal)
    batch.refusal(refusal)
    batch.refusal({ ...refusal, action: 'tcr:PushRepository' })
    await batch.stop()
    assert.deepEqual(
      (await auditRows(db)).map(({ action, result, reason, count }) => [
        action,
        result,
        reason,
        count,
      ]),
      [
        ['tcr:PullRepository', 'refused', 'not-granted', 2],
        ['tcr:PushRepository', 'refused', 'not-granted', 1],
      ],
    )
    assert.deepEqual(await pulls(db, 'repositories'), [{ pull_count: 5, last_pulled_at: null }])
  })

  test('while the database is away they wait; a stop after it is back loses none', async () => {
    const { clock, db, away, batch } = await start()
    away.is = true
    batch.pull(pull)
    await assert.rejects(batch.flush(), { code: 'UNAVAILABLE' })
    clock.jump(1000)
    batch.pull(pull)
    away.is = false
    await batch.stop()
    assert.deepEqual(
      (await auditRows(db)).map(({ count }) => count),
      [1, 1],
    )
    assert.equal(batch.dropped, 0)
  })

  test('away for too long: what finds no room is counted and told', async () => {
    const errors: unknown[] = []
    const log: Log = { ...silentLog, error: (_, fields) => errors.push(fields) }
    const { db, batch } = await start(log)
    for (let n = 0; n < 20_005; n += 1) batch.pull({ ...pull, reference: `t${n}` })
    // What has its row already needs no room.
    batch.pull({ ...pull, reference: 't0' })
    assert.equal(batch.dropped, 5)
    await batch.flush()
    assert.deepEqual(errors, [{ count: 5 }])
    assert.deepEqual(await pulls(db, 'tags'), [
      { pull_count: 20_001, last_pulled_at: 1_800_000_000_000 },
    ])
  })

  test('an older pull that is written later does not set the date back', async () => {
    const { clock, db, batch } = await start()
    clock.jump(10_000)
    batch.pull(pull)
    await batch.flush()
    clock.jump(-5000)
    batch.pull(pull)
    await batch.flush()
    assert.deepEqual(await pulls(db, 'tags'), [
      { pull_count: 2, last_pulled_at: 1_800_000_010_000 },
    ])
  })
})
