// Rules that run by time, wait for a clock that was set, and the two that are not of a namespace's rule: the Personal
// edition's, and manifests that nothing names.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEachDatabase } from '../db/test-database.ts'
import { begunUser, personalApp } from '../personal/test-personal.ts'
import { ownerOf } from '../registry/test-client.ts'
import { type TestApp, type TestAppOptions, testApp } from '../test-app.ts'
import { applyPage, type JudgedFateOfTag } from './removal.ts'
import { compileRule, dayMs, openJudge } from './retention.ts'
import { findRun } from './runs.ts'
import { beginTask } from './tasks.ts'
import { newestOf, runHere, startTestRun } from './test-runs.ts'
import { removeUntagged } from './untagged.ts'
import { listRepositories, walkTags } from './walk.ts'

const minuteMs = 60_000
const newest = (Value: number) => ({ Key: 'latestPushedK', Value })

onEachDatabase('retention by time', (_open, dialect) => {
  const withApp = async (
    work: (app: TestApp) => Promise<void>,
    open: (options: TestAppOptions) => Promise<TestApp> = testApp,
  ): Promise<void> => {
    const app = await open({ dialect })
    try {
      await work(app)
    } finally {
      await app.close()
    }
  }

  /** Another process at a later time, while the first one is gone; its worker has done what was due. */
  async function later(app: TestApp, ms: number, look: (app: TestApp) => Promise<void>) {
    await app.stop()
    app.clock.advance(ms)
    const beside = await app.beside()
    beside.app.startJobs()
    await beside.app.jobs.idle()
    await look(beside)
    await beside.close()
  }

  async function push(app: TestApp, path: string, ...tags: readonly string[]): Promise<void> {
    for (const tag of tags) {
      app.clock.advance(1000)
      await ownerOf(app).pushImage(path, tag, tag)
    }
  }

  async function tagsOf(app: TestApp, path: string): Promise<string[]> {
    const { text } = await ownerOf(app).call('GET', `/v2/${path}/tags/list`)
    return JSON.parse(text).tags ?? []
  }

  /** Of the namespace of the first start. */
  async function rule(app: TestApp, input: object): Promise<number> {
    const RegistryId = app.instance.id
    const { NamespaceList } = await app.api('DescribeNamespaces', {
      RegistryId,
      NamespaceName: app.namespace,
    })
    const { NamespaceId } = NamespaceList[0]
    const made = await app.api('CreateTagRetentionRule', { RegistryId, NamespaceId, ...input })
    assert.equal(made.Error, undefined)
    const { RetentionPolicyList } = await app.api('DescribeTagRetentionRules', { RegistryId })
    return RetentionPolicyList[0].RetentionId
  }

  async function runsOf(app: TestApp, RetentionId: number) {
    const input = { RegistryId: app.instance.id, RetentionId }
    const { Runs } = await app.api('DescribeRetentionRuns', input, { product: 'entrepot' })
    return Runs as readonly { Trigger: string; Status: string; Reason: string | null }[]
  }

  it('runs at midnight, and says when it runs next', () =>
    withApp(async (app) => {
      app.app.startJobs()
      const id = await rule(app, { CronSetting: 'daily', RetentionRule: newest(1) })
      await push(app, 'demo/app', 'v1', 'v2')
      await app.app.jobs.idle()
      assert.equal((await runsOf(app, id)).length, 0)
      await later(app, dayMs, async (now) => {
        const runs = await runsOf(now, id)
        assert.deepEqual(
          runs.map(({ Trigger, Status }) => [Trigger, Status]),
          [['Schedule', 'Succeed']],
        )
        assert.deepEqual(await tagsOf(now, 'demo/app'), ['v2'])
        const { RetentionPolicyList } = await now.api('DescribeTagRetentionRules', {
          RegistryId: app.instance.id,
        })
        const next = Date.parse(RetentionPolicyList[0].NextExecutionTime)
        assert.ok(next > app.clock.now() && next <= app.clock.now() + dayMs)
      })
    }))

  it('comes once for the times that were missed, and not at all while it is off', () =>
    withApp(async (app) => {
      const input = { CronSetting: 'daily', RetentionRule: newest(1) }
      const id = await rule(app, input)
      app.clock.advance(5 * dayMs)
      app.app.startJobs()
      await app.app.jobs.idle()
      assert.equal((await runsOf(app, id)).length, 1)
      app.clock.advance(minuteMs)
      await app.app.jobs.idle()
      assert.equal((await runsOf(app, id)).length, 1)
    }))

  it('waits while the clock is not to be trusted, and says so', () =>
    withApp(async (app) => {
      const id = await rule(app, { CronSetting: 'manual', RetentionRule: newest(1) })
      await push(app, 'demo/app', 'v1', 'v2')
      app.app.startJobs()
      await app.app.jobs.idle()
      app.clock.jump(3 * 3_600_000)
      const RegistryId = app.instance.id
      await app.api('CreateTagRetentionExecution', { RegistryId, RetentionId: id })
      await app.app.jobs.idle()
      const [waiting] = await runsOf(app, id)
      assert.equal(waiting?.Status, 'InProgress')
      assert.match(String(waiting?.Reason), /the clock was set/)
      assert.deepEqual(await tagsOf(app, 'demo/app'), ['v1', 'v2'])
      await later(app, app.config.limits.graceMs, async (now) => {
        assert.equal((await runsOf(now, id))[0]?.Status, 'Succeed')
        assert.deepEqual(await tagsOf(now, 'demo/app'), ['v2'])
      })
    }))

  it('says that a run was stopped whose job was cancelled', () =>
    withApp(async (app) => {
      const id = await rule(app, { CronSetting: 'manual', RetentionRule: newest(1) })
      const RegistryId = app.instance.id
      await app.api('CreateTagRetentionExecution', { RegistryId, RetentionId: id })
      const { Runs } = await app.api(
        'DescribeRetentionRuns',
        { RegistryId, RetentionId: id },
        { product: 'entrepot' },
      )
      const { JobId } = Runs[0]
      const cancelled = await app.api('CancelJob', { JobId }, { product: 'entrepot' })
      assert.equal(cancelled.Error, undefined)
      app.app.startJobs()
      await app.app.jobs.idle()
      assert.equal((await runsOf(app, id))[0]?.Status, 'Stopped')
    }))

  it('judges anew what another took the place of', () =>
    withApp(async (app) => {
      const { db, clock } = app.app
      await push(app, 'demo/app', 'v1', 'v2')
      const items = newestOf('app', 1)
      const run = await findRun(db.read, await startTestRun(app, db, items))
      assert(run)
      const [repository] = await listRepositories(db.read, run.namespaceId, '')
      const covering = compileRule(items).covering('app')
      assert(repository && covering)
      const judge = openJudge({ covering, now: clock.now(), untaggedDays: undefined })
      const fates: JudgedFateOfTag[] = []
      for await (const page of walkTags(db.heavy, repository.id)) {
        for (const tag of page) fates.push({ tag, verdict: judge.judge(tag) })
      }
      await ownerOf(app).call('DELETE', '/v2/demo/app/manifests/v2')
      const { instance } = app
      const { keepers } = judge
      const at = clock.now()
      const applied = await db.write(async (tx) => {
        const task = await beginTask(tx, run.id, repository.path, at)
        return applyPage(tx, { instance, run, repository, task, keepers, fates, at })
      })
      assert.equal(applied, 'anew')
      assert.deepEqual(await tagsOf(app, 'demo/app'), ['v1'])
    }))

  it('forgets after a week why tags stayed, and after ninety days the whole run', () =>
    withApp(async (app) => {
      const { db, clock } = app.app
      await push(app, 'demo/app', 'v1', 'v2')
      await runHere({ clock, db }, await startTestRun(app, db, newestOf('app', 1)))
      const told = async (at: TestApp) => {
        const fates = await at.app.db.read.selectFrom('retention_fates').select('fate').execute()
        const tasks = await at.app.db.read.selectFrom('retention_tasks').select('number').execute()
        return [fates.map(({ fate }) => fate).sort(), tasks.length]
      }
      assert.deepEqual(await told(app), [['kept', 'removed'], 1])
      await later(app, 8 * dayMs, async (now) => {
        assert.deepEqual(await told(now), [['removed'], 1])
      })
      await later(app, 90 * dayMs, async (now) => {
        assert.deepEqual(await told(now), [[], 0])
      })
    }))

  it("runs the Personal edition's rules each day, over all namespaces of the account", () =>
    withApp(async (app) => {
      const user = await begunUser(app, 200_000_000_777)
      await user.done('CreateNamespacePersonal', { Namespace: 'mine' })
      for (const tag of ['v1', 'v2', 'v3']) {
        app.clock.advance(1000)
        await user.client.pushImage('mine/app', tag, tag)
      }
      await user.done('ManageImageLifecycleGlobalPersonal', {
        Type: 'global_keep_last_nums',
        Val: 2,
      })
      app.app.startJobs()
      await app.app.jobs.idle()
      await later(app, dayMs, async (now) => {
        const { db } = now.app
        const rows = await db.read
          .selectFrom('tags')
          .select(['name', 'delete_cause'])
          .orderBy('name')
          .execute()
        assert.deepEqual(rows, [
          { name: 'v1', delete_cause: 'retention' },
          { name: 'v2', delete_cause: null },
          { name: 'v3', delete_cause: null },
        ])
      })
    }, personalApp))

  it('removes what nothing names, after the days of the namespace and never before', () =>
    withApp(async (app) => {
      const { db, clock } = app.app
      const owner = ownerOf(app)
      const signal = new AbortController().signal
      const job = { db, signal, write: db.write.bind(db) }
      const first = await owner.pushImage('demo/app', 'moving', 'first')
      const tagged = await owner.pushImage('demo/app', 'stays', 'tagged')
      await owner.pushImage('demo/app', 'moving', 'second')
      const has = async (digest: string) =>
        (await owner.call('GET', `/v2/demo/app/manifests/${digest}`)).status === 200
      app.clock.advance(100 * dayMs)
      assert.equal(await removeUntagged(clock, job), 0)
      const set = { RegistryId: app.instance.id, NamespaceName: 'demo', UntaggedDays: 10 }
      const answer = await app.api('ModifyNamespaceUntagged', set, { product: 'entrepot' })
      assert.equal(answer.Error, undefined)
      const third = await owner.pushImage('demo/app', 'moving', 'third')
      // The first was let go of a hundred days ago, the second just now.
      assert.equal(await removeUntagged(clock, job), 1)
      assert.deepEqual(await Promise.all([first, tagged, third].map(({ digest }) => has(digest))), [
        false,
        true,
        true,
      ])
      app.clock.advance(10 * dayMs + 1)
      assert.equal(await removeUntagged(clock, job), 1)
      assert.equal(await removeUntagged(clock, job), 0)
      const [{ delete_cause: cause } = { delete_cause: undefined }] = await db.read
        .selectFrom('manifests')
        .select('delete_cause')
        .where('deleted_at', 'is not', null)
        .execute()
      assert.equal(cause, 'retention')
    }))
})
