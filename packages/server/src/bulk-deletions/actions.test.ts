import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, allow, givePolicy, policyOf } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf, type TestClient } from '../registry/test-client.ts'
import { addNamespace } from '../registry/test-seed.ts'
import { mainKey, type TestApp, testApp } from '../test-app.ts'
import { maxLiveJobs } from './actions.ts'

onEachDatabase('deletions by a job', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient

  before(async () => {
    app = await testApp({ dialect })
    owner = ownerOf(app)
  })
  after(() => app.close())

  const call = (action: string, input: object, key = mainKey) =>
    app.api(action, input, { product: 'entrepot', key })
  const tagsOf = async (path: string) => {
    const answer = await owner.call('GET', `/v2/${path}/tags/list`)
    return answer.status === 200 ? (JSON.parse(answer.text) as { tags: string[] }).tags : undefined
  }
  const push = async (path: string, tags: readonly string[]) => {
    const { bytes } = await owner.pushImage(path, tags[0] ?? 'v1', path)
    for (const tag of tags.slice(1)) await owner.putManifest(path, tag, bytes)
  }
  const deleteTags = (RepositoryName: string, Tags: readonly string[], key = mainKey) => {
    const place = { RegistryId: app.instance.id, NamespaceName: 'demo', RepositoryName }
    return call('CreateTagDeletionJob', { ...place, Tags }, key)
  }
  const deleteRepositories = (RepositoryPaths: readonly string[], key = mainKey) =>
    call('CreateRepositoryDeletionJob', { RegistryId: app.instance.id, RepositoryPaths }, key)
  const jobOf = async (JobId: string) => {
    await app.app.jobs.idle()
    const { Job, Log } = await call('DescribeJob', { JobId, MaxLines: 1000 })
    const lines = (Log as { Text: string }[]).map(({ Text }) => Text)
    return { state: Job.State, progress: JSON.parse(Job.Progress), lines, by: Job.CreatedBy }
  }

  it('take the tags that were named, one by one, and tell of each', async () => {
    await push('demo/many', ['a', 'b', 'c', 'stays'])
    const { JobId, Error: error } = await deleteTags('many', ['a', 'b', 'none', 'c', 'a'])
    assert.equal(error, undefined)
    const job = await jobOf(JobId)
    assert.deepEqual([job.state, job.by], ['Succeeded', app.username])
    assert.deepEqual(job.progress, { done: 4, total: 4, failed: 1 })
    assert.deepEqual(
      job.lines.map((line) => line.replace(/: MANIFEST_UNKNOWN.*/, '')),
      ['a: deleted', 'b: deleted', 'none: not deleted', 'c: deleted'],
    )
    assert.deepEqual(await tagsOf('demo/many'), ['stays'])
    const audited = await app.app.db.read
      .selectFrom('audit')
      .select(['resource', 'reference', 'actor'])
      .where('event', '=', 'DeleteRepositoryTags')
      .orderBy('id')
      .execute()
    const resource = `repository/${app.instance.id}/demo/many`
    assert.deepEqual(
      audited,
      ['a', 'b', 'c'].map((reference) => ({ resource, reference, actor: app.username })),
    )
  })

  it('leave what a rule keeps', async () => {
    await addNamespace(app, 'kept')
    await push('kept/app', ['v1'])
    await push('demo/goes', ['v1'])
    const rule = { NamespaceName: 'kept', Rule: { RepositoryPattern: '**', TagPattern: '**' } }
    const more = { RepositoryDecoration: 'repoMatches', TagDecoration: 'matches', Disabled: false }
    const input = { RegistryId: app.instance.id, ...rule, Rule: { ...rule.Rule, ...more } }
    assert.equal((await app.api('CreateImmutableTagRules', input)).Error, undefined)
    const { JobId } = await deleteRepositories(['kept/app', 'demo/goes'])
    const { progress, lines } = await jobOf(JobId)
    assert.deepEqual(progress, { done: 2, total: 2, failed: 1 })
    assert.match(lines[0] ?? '', /^kept\/app: not deleted: TAG_IMMUTABLE: /)
    assert.equal(lines[1], 'demo/goes: deleted')
    assert.deepEqual(await tagsOf('kept/app'), ['v1'])
    assert.equal(await tagsOf('demo/goes'), undefined)
  })

  it('are asked of who wants them, and again when they run', async () => {
    await push('demo/asked', ['v1', 'v2'])
    const person = await addPerson(app, 'deleter')
    assert.equal(
      (await deleteTags('asked', ['v1'], person.key)).Error?.Code,
      'UnauthorizedOperation',
    )
    const resource = `qcs::tcr:::repository/${app.instance.id}/demo/asked`
    const actions = ['tcr:DeleteRepositoryTags', 'tcr:DeleteRepository']
    const policy = await givePolicy(app, person, policyOf(allow(actions, resource)))
    app.clock.advance(1000)
    const mixed = await deleteRepositories(['demo/asked', 'demo/many'], person.key)
    assert.equal(mixed.Error?.Code, 'UnauthorizedOperation')
    const first = await deleteTags('asked', ['v1'], person.key)
    assert.deepEqual((await jobOf(first.JobId)).progress, { done: 1, total: 1, failed: 0 })
    const second = await deleteTags('asked', ['v2'], person.key)
    assert.equal(second.Error, undefined)
    const detach = { DetachUin: person.uin, PolicyId: policy }
    assert.equal((await app.api('DetachUserPolicy', detach, { product: 'cam' })).Error, undefined)
    app.clock.advance(1000)
    const { lines } = await jobOf(second.JobId)
    assert.match(lines[0] ?? '', /^v2: not deleted: UNAUTHORIZED_OPERATION: /)
    assert.deepEqual(await tagsOf('demo/asked'), ['v2'])
  })

  it('are not for keys that a policy of their own narrows', async () => {
    const statement = [{ effect: 'allow', action: 'tcr:*', resource: '*' }]
    const Policy = JSON.stringify({ version: '2.0', statement })
    const made = await app.api('GetFederationToken', { Name: 'x', Policy }, { product: 'sts' })
    const { TmpSecretId: secretId, TmpSecretKey: secretKey, Token } = made.Credentials
    const input = { RegistryId: app.instance.id, RepositoryPaths: ['demo/asked'] }
    const answer = await app.api('CreateRepositoryDeletionJob', input, {
      product: 'entrepot',
      key: { secretId, secretKey },
      headers: { 'X-TC-Token': Token },
    })
    assert.equal(answer.Error?.Code, 'UnsupportedOperation')
  })

  it('are cancelled, and of a bounded number', async () => {
    await push('demo/waits', ['v1'])
    const { JobId } = await deleteTags('waits', ['v1'])
    assert.equal((await call('CancelJob', { JobId })).Error, undefined)
    await app.app.jobs.idle()
    assert.deepEqual(await tagsOf('demo/waits'), ['v1'])
    for (let count = 0; count < maxLiveJobs; count += 1) {
      assert.equal((await deleteTags('waits', ['none'])).Error, undefined)
    }
    assert.equal((await deleteTags('waits', ['none'])).Error?.Code, 'LimitExceeded')
    await app.app.jobs.idle()
    const paths = Array.from({ length: 100 }, (_, n) => `demo/${'n'.repeat(490)}${n}`)
    const long = await deleteRepositories(paths)
    assert.equal(long.Error?.Code, 'InvalidParameterValue')
  })
})
