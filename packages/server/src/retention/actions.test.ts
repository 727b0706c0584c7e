import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf, type TestClient } from '../registry/test-client.ts'
import { type TestApp, testApp } from '../test-app.ts'

const conflict = 'FailedOperation.ErrorTcrResourceConflict'

onEachDatabase('retention rules', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient
  let RegistryId: string

  before(async () => {
    app = await testApp({ dialect })
    owner = ownerOf(app)
    RegistryId = app.instance.id
  })
  after(() => app.close())

  const call = (action: string, input: object = {}) => app.api(action, { RegistryId, ...input })
  const own = (action: string, input: object = {}) =>
    app.api(action, { RegistryId, ...input }, { product: 'entrepot' })
  const codeOf = async (action: string, input: object) => (await call(action, input)).Error?.Code
  const newest = (Value: number) => ({ Key: 'latestPushedK', Value })

  async function namespace(NamespaceName: string): Promise<number> {
    assert.equal(
      (await call('CreateNamespace', { NamespaceName, IsPublic: false })).Error,
      undefined,
    )
    const { NamespaceList } = await call('DescribeNamespaces', { NamespaceName })
    return NamespaceList[0].NamespaceId
  }

  async function ruled(name: string, rule: object = {}) {
    const NamespaceId = await namespace(name)
    const input = { NamespaceId, CronSetting: 'manual', RetentionRule: newest(2), ...rule }
    assert.equal(await codeOf('CreateTagRetentionRule', input), undefined)
    const { RetentionPolicyList } = await call('DescribeTagRetentionRules', { NamespaceName: name })
    return { NamespaceId, RetentionId: Number(RetentionPolicyList[0].RetentionId) }
  }

  /** One after the other, a second apart. */
  async function push(path: string, ...tags: readonly string[]): Promise<void> {
    for (const tag of tags) {
      app.clock.advance(1000)
      await owner.pushImage(path, tag, `${path} ${tag}`)
    }
  }

  async function tagsOf(path: string): Promise<string[]> {
    const answer = await owner.call('GET', `/v2/${path}/tags/list`)
    return JSON.parse(answer.text).tags
  }

  describe('are', () => {
    it('made, listed, replaced and deleted; one for each namespace', async () => {
      const NamespaceId = await namespace('one')
      const input = { NamespaceId, CronSetting: 'daily', RetentionRule: newest(10) }
      assert.equal(await codeOf('CreateTagRetentionRule', input), undefined)
      assert.equal(await codeOf('CreateTagRetentionRule', input), conflict)
      const [rule] = (await call('DescribeTagRetentionRules')).RetentionPolicyList
      const { RetentionId, NextExecutionTime, ...shown } = rule
      assert.deepEqual(shown, {
        NamespaceName: 'one',
        RetentionRuleList: [newest(10)],
        AdvancedRuleItems: [],
        CronSetting: 'daily',
        Disabled: false,
      })
      assert.match(NextExecutionTime, /T00:00:00.000Z$/)
      const changed = {
        RetentionId,
        NamespaceId,
        CronSetting: 'manual',
        Disabled: true,
        AdvancedRuleItems: [
          {
            RetentionPolicy: { Key: 'nDaysSinceLastPush', Value: 7 },
            TagFilter: { Decoration: 'excludes', Pattern: 'v*' },
            RepositoryFilter: { Decoration: 'repoMatches', Pattern: 'web/**' },
          },
        ],
      }
      assert.equal(await codeOf('ModifyTagRetentionRule', changed), undefined)
      const [after] = (await call('DescribeTagRetentionRules')).RetentionPolicyList
      assert.deepEqual(after, {
        RetentionId,
        NamespaceName: 'one',
        RetentionRuleList: [],
        AdvancedRuleItems: [{ ...changed.AdvancedRuleItems[0], WithCharts: false }],
        CronSetting: 'manual',
        Disabled: true,
        NextExecutionTime: '',
      })
      const kept = { RetentionId, NamespaceId, CronSetting: 'weekly', Disabled: false }
      assert.equal(await codeOf('ModifyTagRetentionRule', kept), undefined)
      const [again] = (await call('DescribeTagRetentionRules')).RetentionPolicyList
      assert.deepEqual(again.AdvancedRuleItems, after.AdvancedRuleItems)
      assert.equal(new Date(again.NextExecutionTime).getUTCDay(), 1)
      assert.equal(await codeOf('DeleteTagRetentionRule', { RetentionId }), undefined)
      assert.equal((await call('DescribeTagRetentionRules')).TotalCount, 0)
    })

    it('refused where they make no sense', async () => {
      const { RetentionId, NamespaceId } = await ruled('wrong')
      const elsewhere = await namespace('elsewhere')
      const base = { NamespaceId: elsewhere, CronSetting: 'manual', RetentionRule: newest(1) }
      const item = { RetentionPolicy: newest(1) }
      const cases: readonly [string, object, RegExp][] = [
        ['CreateTagRetentionRule', { ...base, RetentionRule: undefined }, /^MissingParameter/],
        ['CreateTagRetentionRule', { ...base, RetentionRule: newest(0) }, /^InvalidParameter/],
        ['CreateTagRetentionRule', { ...base, CronSetting: 'hourly' }, /^InvalidParameter/],
        ['CreateTagRetentionRule', { ...base, NamespaceId: 1 }, /^ResourceNotFound/],
        ['CreateTagRetentionRule', { ...base, AdvancedRuleItems: [{}] }, /^MissingParameter/],
        [
          'CreateTagRetentionRule',
          { ...base, AdvancedRuleItems: Array.from({ length: 51 }, () => item) },
          /^InvalidParameter/,
        ],
        [
          'CreateTagRetentionRule',
          {
            ...base,
            AdvancedRuleItems: [
              { ...item, TagFilter: { Decoration: 'repoMatches', Pattern: 'a' } },
            ],
          },
          /^InvalidParameterValue/,
        ],
        ['ModifyTagRetentionRule', { ...base, RetentionId }, /^InvalidParameterValue/],
        ['ModifyTagRetentionRule', { ...base, NamespaceId, RetentionId: 1 }, /^ResourceNotFound$/],
        ['DeleteTagRetentionRule', { RetentionId: 1 }, /^ResourceNotFound$/],
        ['CreateTagRetentionExecution', { RetentionId: 1 }, /^ResourceNotFound$/],
        ['DescribeTagRetentionExecution', { RetentionId: 1 }, /^ResourceNotFound$/],
        [
          'DescribeTagRetentionExecutionTask',
          { RetentionId, ExecutionId: 1 },
          /^ResourceNotFound$/,
        ],
      ]
      for (const [action, input, code] of cases) {
        assert.match(String(await codeOf(action, input)), code, JSON.stringify(input))
      }
    })

    it('gone with their namespace', async () => {
      await ruled('gone')
      assert.equal(await codeOf('DeleteNamespace', { NamespaceName: 'gone' }), undefined)
      const { TotalCount } = await call('DescribeTagRetentionRules', { NamespaceName: 'gone' })
      assert.equal(TotalCount, 0)
    })
  })

  describe('run', () => {
    before(() => app.app.startJobs())

    const runOf = async (RetentionId: number) => {
      await app.app.jobs.idle()
      const { Runs } = await own('DescribeRetentionRuns', { RetentionId })
      return Runs[0]
    }

    it('by hand: the newest stay, each repository by itself', async () => {
      const { RetentionId } = await ruled('hand')
      await push('hand/a', 'v1', 'v2', 'v3')
      await push('hand/b', 'v1')
      assert.equal(await codeOf('CreateTagRetentionExecution', { RetentionId }), undefined)
      const run = await runOf(RetentionId)
      assert.deepEqual(
        [run.Status, run.Trigger, run.DryRun, run.Total, run.Retained, run.Repositories],
        ['Succeed', 'Manual', false, 4, 3, 2],
      )
      assert.deepEqual(await tagsOf('hand/a'), ['v2', 'v3'])
      const { ExecutionId } = run
      const [wire] = (await call('DescribeTagRetentionExecution', { RetentionId }))
        .RetentionExecutionList
      assert.deepEqual([wire.ExecutionId, wire.Status], [ExecutionId, 'Succeed'])
      const { RetentionTaskList } = await call('DescribeTagRetentionExecutionTask', {
        RetentionId,
        ExecutionId,
      })
      const tasks = RetentionTaskList.map((task: Record<string, unknown>) => [
        task.Repository,
        task.Status,
        task.Total,
        task.Retained,
      ])
      assert.deepEqual(tasks, [
        ['hand/a', 'Succeed', 3, 2],
        ['hand/b', 'Succeed', 1, 1],
      ])
      const { Fates, Repository } = await own('DescribeRetentionFates', { ExecutionId, TaskId: 1 })
      const told = Fates.map((one: Record<string, unknown>) => [
        one.Tag,
        one.Fate,
        one.Reason,
        one.Item,
        one.Rank,
      ])
      assert.equal(Repository, 'hand/a')
      assert.deepEqual(told, [
        ['v1', 'Removed', 'NoItem', null, null],
        ['v3', 'Kept', 'Newest', 1, 1],
        ['v2', 'Kept', 'Newest', 1, 2],
      ])
      const kept = await own('DescribeRetentionFates', {
        ExecutionId,
        TaskId: 1,
        Fate: 'Kept',
        Limit: 1,
        Offset: 1,
      })
      assert.deepEqual([kept.TotalCount, kept.Fates[0].Tag], [2, 'v2'])
      const found = await own('DescribeRetentionFates', { ExecutionId, TaskId: 1, Search: '3' })
      assert.deepEqual([found.TotalCount, found.Fates[0].Tag], [1, 'v3'])
      const rows = await app.app.db.read
        .selectFrom('tags')
        .select(['name', 'delete_cause'])
        .where('delete_cause', '=', 'retention')
        .execute()
      assert.deepEqual(rows, [{ name: 'v1', delete_cause: 'retention' }])
      const audit = await app.app.db.read
        .selectFrom('audit')
        .select(['actor', 'resource_name', 'reference'])
        .where('event', '=', 'RetentionRun')
        .execute()
      assert.deepEqual(audit, [
        { actor: app.username, resource_name: 'hand/a', reference: String(ExecutionId) },
      ])
    })

    it('dry: everything stays, and the log says what would go', async () => {
      const { RetentionId } = await ruled('dry', { RetentionRule: newest(1) })
      await push('dry/a', 'v1', 'v2')
      await call('CreateTagRetentionExecution', { RetentionId, DryRun: true })
      const run = await runOf(RetentionId)
      assert.deepEqual([run.DryRun, run.Total, run.Retained], [true, 2, 1])
      assert.deepEqual(await tagsOf('dry/a'), ['v1', 'v2'])
    })

    it('leave tags of the same digest, immutable ones and other repositories alone', async () => {
      const item = (Pattern: string) => ({
        RetentionPolicy: newest(1),
        RepositoryFilter: { Decoration: 'repoMatches', Pattern },
      })
      const { RetentionId } = await ruled('some', { AdvancedRuleItems: [item('app*')] })
      const Rule = {
        RepositoryPattern: '**',
        RepositoryDecoration: 'repoMatches',
        TagPattern: 'fixed*',
        TagDecoration: 'matches',
      }
      await call('CreateImmutableTagRules', { NamespaceName: 'some', Rule })
      await push('some/app', 'fixed', 'old')
      app.clock.advance(1000)
      await owner.pushImage('some/app', 'new', 'some/app old')
      await push('some/other', 'v1', 'v2')
      await call('CreateTagRetentionExecution', { RetentionId })
      const run = await runOf(RetentionId)
      assert.deepEqual([run.Total, run.Retained, run.Untouched], [3, 2, 1])
      assert.deepEqual(await tagsOf('some/app'), ['fixed', 'new'])
      assert.deepEqual(await tagsOf('some/other'), ['v1', 'v2'])
      const { Fates } = await own('DescribeRetentionFates', {
        ExecutionId: run.ExecutionId,
        TaskId: 1,
      })
      const fixed = Fates.find((one: { Tag: string }) => one.Tag === 'fixed')
      assert.equal(fixed.Reason, 'Immutable')
      assert.ok(fixed.Item > 100)
    })

    it('one at a time, and end when they are stopped or their rule is changed', async () => {
      const { RetentionId, NamespaceId } = await ruled('stop', { RetentionRule: newest(1) })
      await push('stop/a', 'v1', 'v2')
      await app.app.jobs.idle()
      await app.app.jobs.stop()
      const input = { RetentionId }
      assert.equal(await codeOf('CreateTagRetentionExecution', input), undefined)
      assert.equal(await codeOf('CreateTagRetentionExecution', input), 'ResourceInUse')
      const { Runs } = await own('DescribeRetentionRuns', input)
      const { ExecutionId } = Runs[0]
      assert.equal(Runs[0].Status, 'InProgress')
      assert.equal((await own('StopTagRetentionExecution', { ExecutionId })).Error, undefined)
      const again = await own('StopTagRetentionExecution', { ExecutionId })
      assert.equal(again.Error?.Code, 'OperationDenied')
      assert.equal(await codeOf('CreateTagRetentionExecution', input), undefined)
      const changed = { RetentionId, NamespaceId, CronSetting: 'manual', RetentionRule: newest(9) }
      await call('ModifyTagRetentionRule', changed)
      const after = await own('DescribeRetentionRuns', input)
      assert.deepEqual(
        after.Runs.map(({ Status, Reason }: Record<string, unknown>) => [Status, Reason]),
        [
          ['Stopped', 'the rule was changed'],
          ['Stopped', null],
        ],
      )
      assert.deepEqual(await tagsOf('stop/a'), ['v1', 'v2'])
    })
  })

  it('tell beforehand what they would do', async () => {
    const NamespaceId = await namespace('asked')
    await push('asked/app', 'v1', 'v2', 'v3')
    await push('asked/other', 'v1')
    const asked = {
      NamespaceId,
      AdvancedRuleItems: [
        {
          RetentionPolicy: newest(1),
          RepositoryFilter: { Decoration: 'repoMatches', Pattern: 'app' },
        },
      ],
    }
    const { RequestId: _, ...told } = await own('DescribeRetentionPreview', asked)
    assert.deepEqual(told, {
      Total: 3,
      Retained: 1,
      Repositories: [
        { RepositoryName: 'app', Total: 3, Retained: 1, Immutable: 0, Examples: ['v2', 'v1'] },
      ],
      CoveredCount: 1,
      Untouched: ['other'],
      UntouchedCount: 1,
      IsWhole: true,
    })
    const nothing = await own('DescribeRetentionPreview', { NamespaceId })
    assert.match(String(nothing.Error?.Code), /^MissingParameter/)
  })

  it('are listed with their last run, beside what namespaces do with what nothing names', async () => {
    const { RetentionId, NamespaceId } = await ruled('shown')
    const set = { NamespaceName: 'shown', UntaggedDays: 30 }
    assert.equal((await own('ModifyNamespaceUntagged', set)).Error, undefined)
    const listed = await own('DescribeNamespaceRetention', { RetentionId })
    assert.equal(listed.TimeZone, 'UTC')
    assert.deepEqual([listed.Rules[0].NamespaceId, listed.Rules[0].LastRun], [NamespaceId, null])
    const [shown] = listed.Namespaces.filter(
      (one: { NamespaceId: number }) => one.NamespaceId === NamespaceId,
    )
    assert.deepEqual(shown, {
      NamespaceName: 'shown',
      NamespaceId,
      HasRule: true,
      UntaggedDays: 30,
    })
  })
})
