import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { createMainAccount } from '../accounts/accounts.ts'
import { addPerson, allow, givePolicy, policyOf } from '../accounts/test-people.ts'
import type { TestKey } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { type NewJob, schedule } from '../jobs/jobs.ts'
import { createKey } from '../keys/keys.ts'
import { mainKey, type TestApp, testApp } from '../test-app.ts'

const strangerUin = 300_000_000_001

onEachDatabase('the API of jobs', (_open, dialect) => {
  let app: TestApp
  let stranger: TestKey

  before(async () => {
    app = await testApp({ dialect })
    const { clock, vault, db } = app.app
    stranger = await db.write(async (tx) => {
      const at = clock.now()
      const name = 'stranger'
      await createMainAccount(tx, { uin: strangerUin, name, passwordHash: undefined, at })
      return createKey(tx, vault, { ownerUin: strangerUin, uin: strangerUin, description: '', at })
    })
  })
  after(() => app.close())

  const call = (action: string, input: object = {}, key = mainKey) =>
    app.api(action, input, { product: 'entrepot', key })

  let count = 0
  /** No worker knows its kind, so it waits. */
  function enqueue(more: Partial<NewJob> = {}): Promise<string> {
    count += 1
    const job = { kind: 'test', key: `test:${count}`, at: app.clock.now(), ...more }
    return app.app.db.write((tx) => schedule(tx, job))
  }

  const ids = (answer: { readonly Jobs: readonly { readonly JobId: string }[] }) =>
    answer.Jobs.map(({ JobId }) => JobId)

  it('shows those of the account to it, and all to the operator', async () => {
    const own = await enqueue({ instanceId: app.instance.id })
    const foreign = await enqueue({ ownerUin: strangerUin })
    const nobodys = await enqueue()
    // Made within one millisecond they may stand in any order.
    const newestFirst = [own, foreign, nobodys].sort().reverse()
    const kinds = { Kinds: ['test'] }
    assert.deepEqual(ids((await call('DescribeJobs', kinds)) as never), newestFirst)
    assert.deepEqual(ids((await call('DescribeJobs', {}, stranger)) as never), [foreign])
    const ofInstance = await call('DescribeJobs', { ...kinds, RegistryId: app.instance.id })
    assert.deepEqual(ids(ofInstance as never), [own])
    assert.equal((await call('DescribeJob', { JobId: nobodys })).Error, undefined)
    for (const action of ['DescribeJob', 'CancelJob']) {
      for (const JobId of [own, nobodys, 'nothing']) {
        const answer = await call(action, { JobId }, stranger)
        assert.equal(answer.Error?.Code, 'ResourceNotFound', `${action} ${JobId}`)
      }
    }
    const page = await call('DescribeJobs', { ...kinds, Limit: 1, Offset: 1 })
    assert.deepEqual([page.TotalCount, ...ids(page as never)], [3, newestFirst[1]])
  })

  it('leaves out what the program does by itself, where that is asked for', async () => {
    const kinds = { Kinds: ['chosen'] }
    const swept = await enqueue({ kind: 'chosen' })
    app.clock.advance(1)
    const asked = await enqueue({ kind: 'chosen', by: app.username })
    assert.deepEqual(ids((await call('DescribeJobs', kinds)) as never), [asked, swept])
    const page = await call('DescribeJobs', { ...kinds, IncludeBackground: false })
    assert.deepEqual([page.TotalCount, ...ids(page as never)], [1, asked])
  })

  it('shows progress and log, line by line', async () => {
    const id = await enqueue({ instanceId: app.instance.id })
    const at = app.clock.now()
    await app.app.db.write(async (tx) => {
      const progress = JSON.stringify({ done: 1, total: 4 })
      await tx.updateTable('jobs').set({ progress }).where('id', '=', id).execute()
      for (const line of ['one', 'two', 'three']) {
        await tx.insertInto('job_logs').values({ job_id: id, at, line }).execute()
      }
    })
    const first = await call('DescribeJob', { JobId: id, MaxLines: 2 })
    const { CreateTime, ...job } = first.Job
    assert.match(CreateTime, /Z$/)
    assert.deepEqual(job, {
      JobId: id,
      Kind: 'test',
      RegistryId: app.instance.id,
      State: 'Waiting',
      Done: 0.25,
      Progress: '{"done":1,"total":4}',
      Attempts: 0,
      Reason: null,
      CanCancel: true,
      CanRetry: false,
      CreatedBy: null,
      StartTime: null,
      EndTime: null,
    })
    const Time = new Date(at).toISOString()
    assert.deepEqual(first.Log, [
      { Number: 1, Time, Text: 'one' },
      { Number: 2, Time, Text: 'two' },
    ])
    assert.deepEqual([first.LineCount, first.LogOver], [3, false])
    const rest = await call('DescribeJob', { JobId: id, AfterLine: 2 })
    assert.deepEqual(rest.Log, [{ Number: 3, Time, Text: 'three' }])
    assert.equal(rest.LogOver, true)
  })

  it('cancels once, and never what nobody would finish', async () => {
    const id = await enqueue({ instanceId: app.instance.id })
    assert.equal((await call('CancelJob', { JobId: id })).Error, undefined)
    const { Job } = await call('DescribeJob', { JobId: id })
    assert.deepEqual([Job.State, Job.CanCancel], ['Cancelled', false])
    assert.ok(Job.EndTime)
    const cancelled = await call('DescribeJobs', { States: ['Cancelled'] })
    assert.deepEqual(ids(cancelled as never), [id])
    assert.equal((await call('CancelJob', { JobId: id })).Error?.Code, 'OperationDenied')
    const half = await enqueue({ instanceId: app.instance.id, isCancellable: false })
    assert.equal((await call('CancelJob', { JobId: half })).Error?.Code, 'OperationDenied')
    const { Jobs } = await call('DescribeJobs', { Kinds: ['audit.trim'] })
    if (Jobs.length > 0) {
      const reconciler = await call('CancelJob', { JobId: Jobs[0].JobId })
      assert.equal(reconciler.Error?.Code, 'OperationDenied')
    }
    const row = await app.app.db.read
      .selectFrom('audit')
      .select('resource')
      .where('event', '=', 'CancelJob')
      .executeTakeFirstOrThrow()
    assert.equal(row.resource, `job/${id}`)
  })

  it('tries again what failed, once, for who may ask for the work itself', async () => {
    const made = await app.api('CreateInstance', {
      RegistryName: 'again-and-again',
      RegistryType: 'basic',
    })
    const about = { RegistryId: made.RegistryId }
    const { Jobs } = await call('DescribeJobs', about)
    const [job] = Jobs
    assert.deepEqual([job.CreatedBy, job.CanRetry], [app.username, false])
    const JobId: string = job.JobId
    assert.equal((await call('RetryJob', { JobId })).Error?.Code, 'OperationDenied')
    await app.app.db.write(async (tx) => {
      const failed = { state: 'failed' as const, ended_at: app.clock.now() }
      await tx.updateTable('jobs').set(failed).where('id', '=', JobId).execute()
      const broken = { state: 'failed' as const, state_reason: 'the store was away' }
      await tx.updateTable('instances').set(broken).where('id', '=', made.RegistryId).execute()
    })
    const person = await addPerson(app, 'retrier')
    const resource = `qcs::tcr:::instance/${made.RegistryId}`
    await givePolicy(app, person, policyOf(allow(['tcr:DescribeJobs', 'tcr:RetryJob'], resource)))
    app.clock.advance(1000)
    const refused = await call('RetryJob', { JobId }, person.key)
    assert.equal(refused.Error?.Code, 'UnauthorizedOperation')
    assert.equal((await call('DescribeJob', { JobId })).Job.CanRetry, true)
    const again = await call('RetryJob', { JobId })
    assert.equal(again.Error, undefined)
    assert.notEqual(again.JobId, JobId)
    const { Registries } = await app.api('DescribeInstances', { Registryids: [made.RegistryId] })
    assert.equal(Registries[0].Status, 'Pending')
    // The instance is on its way.
    assert.equal((await call('RetryJob', { JobId })).Error?.Code, 'OperationDenied')
    await app.app.db.write(async (tx) => {
      await tx.deleteFrom('jobs').where('id', '=', again.JobId).execute()
    })
  })

  it('is by policies on the instance', async () => {
    const id = await enqueue({ instanceId: app.instance.id })
    const person = await addPerson(app, 'watcher')
    assert.equal((await call('DescribeJobs', {}, person.key)).Error?.Code, 'UnauthorizedOperation')
    const resource = `qcs::tcr:::instance/${app.instance.id}`
    await givePolicy(app, person, policyOf(allow('tcr:DescribeJobs', resource)))
    app.clock.advance(1000)
    const seen = await call('DescribeJobs', {}, person.key)
    assert.ok(ids(seen as never).includes(id))
    const rows = seen.Jobs as readonly { readonly RegistryId: string | null }[]
    assert.ok(rows.every(({ RegistryId }) => RegistryId === app.instance.id))
    assert.equal((await call('DescribeJob', { JobId: id }, person.key)).Error, undefined)
    const cancelled = await call('CancelJob', { JobId: id }, person.key)
    assert.notEqual(cancelled.Error, undefined)
  })
})
