import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, addStranger, allow } from '../accounts/test-people.ts'
import type { TestKey } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { schedule } from '../jobs/jobs.ts'
import { setQuota } from '../quotas/quotas.ts'
import { ownerOf } from '../registry/test-client.ts'
import { addInstance, addNamespace, addRobot } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'

const dayMs = 86_400_000

onEachDatabase('the overview', (_open, dialect) => {
  let app: TestApp

  before(async () => {
    app = await testApp({ dialect })
  })
  after(() => app.close())

  const overview = (key?: TestKey) =>
    app.api('DescribeOverview', {}, { product: 'entrepot', ...(key && { key }) })

  async function failJob(): Promise<string> {
    const at = app.clock.now()
    return app.app.db.write(async (tx) => {
      const job = { kind: 'test', key: 'test', instanceId: app.instance.id, at }
      const id = await schedule(tx, job)
      const end = { state: 'failed' as const, ended_at: at, error: 'the disk is full' }
      await tx.updateTable('jobs').set(end).where('id', '=', id).execute()
      return id
    })
  }

  it('sums up instances and names what needs attention', async () => {
    await addInstance(app, 'second-one')
    const namespace = await addNamespace(app, 'full')
    await ownerOf(app).pushImage('full/app', 'v1')
    const now = app.clock.now()
    await addRobot(app, 'soon', [[namespace, ['tcr:PullRepository']]], {
      expiresAt: now + 3 * dayMs,
    })
    await addRobot(app, 'later', [[namespace, ['tcr:PullRepository']]], {
      expiresAt: now + 20 * dayMs,
    })
    await app.app.db.write(async (tx) => {
      await setQuota(tx, app.instance.id, 'namespaces', 2)
      await setQuota(tx, namespace.id, 'bytes', 1000)
    })
    const jobId = await failJob()
    const shown = await overview()
    assert.equal(shown.Error, undefined)
    assert.deepEqual(
      [shown.InstanceCount, shown.InstanceStates],
      [2, [{ Status: 'Running', Count: 2 }]],
    )
    assert.deepEqual([shown.NamespaceCount, shown.RepositoryCount, shown.TagCount], [2, 1, 1])
    assert.ok(shown.StoredBytes > 0)
    const [quota] = shown.NearlyUsedQuotas
    assert.deepEqual(
      [shown.NearlyUsedQuotaCount, quota.Name, quota.Used, quota.Limit, quota.NamespaceName],
      [1, 'Namespaces', 2, 2, null],
    )
    const [failed] = shown.FailedJobs
    assert.deepEqual(
      [shown.FailedJobCount, failed.JobId, failed.Reason],
      [1, jobId, 'the disk is full'],
    )
    const [ending] = shown.EndingCredentials
    assert.deepEqual(
      [shown.EndingCredentialCount, ending.Kind, ending.Name],
      [1, 'ServiceAccount', 'soon'],
    )
    await app.app.db.write((tx) => setQuota(tx, namespace.id, 'bytes', shown.StoredBytes))
    const fuller = await overview()
    assert.deepEqual(
      fuller.NearlyUsedQuotas.map((one: { NamespaceName: string }) => one.NamespaceName).sort(),
      ['full', null],
    )
  })

  it('forgets what failed over a week ago, and what ended', async () => {
    app.clock.advance(11 * dayMs)
    const shown = await overview()
    assert.deepEqual(
      [shown.FailedJobCount, shown.EndingCredentials.map(({ Name }: { Name: string }) => Name)],
      [0, ['later']],
    )
  })

  it('is empty for who may see nothing', async () => {
    const nobody = await addPerson(app, 'nobody')
    const stranger = await addStranger(app, 200_000_000_001)
    for (const { key } of [nobody, stranger]) {
      const shown = await overview(key)
      assert.deepEqual(
        [shown.InstanceCount, shown.TagCount, shown.EndingCredentialCount, shown.RunningJobCount],
        [0, 0, 0, 0],
      )
    }
    const resource = `qcs::tcr:::instance/${app.instance.id}`
    const person = await addPerson(app, 'of-one', allow('tcr:DescribeInstances', resource))
    const one = await overview(person.key)
    assert.deepEqual([one.InstanceCount, one.EndingCredentialCount], [1, 0])
  })
})
