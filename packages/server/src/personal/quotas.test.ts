import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addStranger } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { listCountDifferences } from '../quotas/recount.ts'
import { errorOf, imageOf, outcome } from '../registry/test-client.ts'
import { mainKey, type TestApp } from '../test-app.ts'
import { begunUser, type PersonalUser, personalApp, userOf } from './test-personal.ts'

onEachDatabase('quotas of the Personal edition', (_open, dialect) => {
  let app: TestApp
  let user: PersonalUser
  let other: PersonalUser
  let operator: PersonalUser

  before(async () => {
    app = await personalApp({ dialect })
    operator = userOf(app, { uin: app.instance.ownerUin, key: mainKey })
    user = await begunUser(app, 100000000731)
    other = await begunUser(app, 100000000732)
    await user.done('CreateNamespacePersonal', { Namespace: 'mine' })
  })
  after(() => app.close())

  const setQuota = (Name: string, Limit?: number) =>
    operator.done('ModifyQuotaPersonal', { Uin: user.uin, Quotas: [{ Name, Limit }] }, 'entrepot')

  async function quotas() {
    const { Quotas } = await user.api('DescribeQuotaPersonal', {}, 'entrepot')
    const entries = Quotas as readonly { Name: string; Used: number | null; Limit: number | null }[]
    return Object.fromEntries(entries.map(({ Name, Used, Limit }) => [Name, [Used, Limit]]))
  }

  /** How often each code came. */
  function tally(codes: readonly (string | undefined)[]): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const code of codes) counts[code ?? 'ok'] = (counts[code ?? 'ok'] ?? 0) + 1
    return counts
  }

  it('are 10 namespaces, 500 repositories, 100 tags, and no bytes', async () => {
    const { Data } = await user.api('DescribeUserQuotaPersonal')
    const Username = String(user.uin)
    assert.deepEqual(Data.LimitInfo, [
      { Username, Type: 'namespace', Value: 10 },
      { Username, Type: 'repo', Value: 500 },
      { Username, Type: 'tag', Value: 100 },
    ])
    assert.deepEqual(await quotas(), {
      Namespaces: [1, 10],
      Repositories: [0, 500],
      TagsPerRepository: [null, 100],
      UploadBytes: [null, null],
      DownloadBytes: [null, null],
    })
  })

  it('come with whether the caller has begun', async () => {
    const begun = async (person: PersonalUser) =>
      (await person.api('DescribeQuotaPersonal', {}, 'entrepot')).HasBegun
    assert.equal(await begun(user), true)
    const newcomer = userOf(app, await addStranger(app, 100000000733))
    assert.equal(await begun(newcomer), false)
  })

  it('hold for namespaces that are made at once, and a name goes to one account', async () => {
    const wanted = Array.from({ length: 20 }, (_, i) => `space-${i}`)
    const codes = await Promise.all(
      wanted.map((Namespace) => user.code('CreateNamespacePersonal', { Namespace })),
    )
    assert.deepEqual(tally(codes), { ok: 9, 'LimitExceeded.ErrNamespaceMaxLimit': 11 })
    await setQuota('Namespaces', 20)
    const rivals = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? user : other))
    const same = await Promise.all(
      rivals.map((rival) => rival.code('CreateNamespacePersonal', { Namespace: 'wanted' })),
    )
    assert.deepEqual(tally(same), { ok: 1, 'InvalidParameter.ErrNamespaceExist': 19 })
  })

  it('hold for repositories, made by hand and by pushes', async () => {
    await setQuota('Repositories', 5)
    const codes = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        user.code('CreateRepositoryPersonal', { RepoName: `mine/repo-${i}` }),
      ),
    )
    assert.deepEqual(tally(codes), { ok: 5, 'LimitExceeded.ErrRepoMaxLimit': 5 })
    const config = await user.client.pushBlob('mine/pushed', '{}')
    const manifest = imageOf({ config, layers: [] })
    const refused = await user.client.putManifest('mine/pushed', 'v1', manifest)
    assert.equal(outcome(refused), '403 DENIED')
    assert.match(errorOf(refused).message, /quota exceeded: repositories/)
    await setQuota('Repositories')
    const pushed = await user.client.putManifest('mine/pushed', 'v1', manifest)
    assert.equal(outcome(pushed), '201')
    assert.deepEqual((await quotas()).Repositories, [6, 500])
  })

  it('hold for tags of a repository, those that are there too', async () => {
    const { bytes } = await user.client.pushImage('mine/tags', 'first')
    await setQuota('TagsPerRepository', 4)
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => user.client.putManifest('mine/tags', `t${i}`, bytes)),
    )
    assert.deepEqual(tally(answers.map(outcome)), { '201': 3, '403 DENIED': 5 })
    const fresh = await user.client.pushImage('mine/fresh', 'a')
    for (const tag of ['b', 'c', 'd']) await user.client.putManifest('mine/fresh', tag, fresh.bytes)
    const fifth = await user.client.putManifest('mine/fresh', 'e', fresh.bytes)
    assert.equal(outcome(fifth), '403 DENIED')
    await user.done('DeleteImagePersonal', { RepoName: 'mine/fresh', Tag: 'd' })
    const now = await user.client.putManifest('mine/fresh', 'e', fresh.bytes)
    assert.equal(outcome(now), '201')
    await setQuota('TagsPerRepository', -1)
    const Value = (await user.api('DescribeUserQuotaPersonal')).Data.LimitInfo[2].Value
    assert.equal(Value, -1)
  })

  it('on bytes count by month, and only where they are set', async () => {
    const text = 'x'.repeat(600)
    await setQuota('UploadBytes', 1000)
    await user.client.pushBlob('mine/bytes', text)
    const second = await user.client.putBlob('mine/bytes', `${text}y`)
    assert.equal(outcome(second), '403 DENIED')
    assert.match(errorOf(second).message, /upload quota of this month/)
    const chunked = await user.client.startUpload('mine/bytes')
    const patch = { body: `${text}z`, isChunked: true }
    assert.equal(outcome(await user.client.call('PATCH', chunked, patch)), '403 DENIED')
    assert.equal(outcome(await user.client.call('DELETE', chunked)), '204')
    assert.deepEqual((await quotas()).UploadBytes, [600, 1000])

    await setQuota('DownloadBytes', 1000)
    const blob = await user.client.pushBlob('mine/bytes', 'x'.repeat(400))
    const path = `/v2/mine/bytes/blobs/${blob}`
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => user.client.call('GET', path)),
    )
    assert.deepEqual(tally(answers.map(outcome)), { '200': 2, '403 DENIED': 3 })
    assert.equal(outcome(await user.client.call('HEAD', path)), '200')
    app.clock.advance(31 * 86_400_000)
    assert.equal(outcome(await user.client.call('GET', path)), '200')
    await setQuota('DownloadBytes', -1)
    await setQuota('UploadBytes')
    const { UploadBytes, DownloadBytes } = await quotas()
    assert.deepEqual(
      [UploadBytes, DownloadBytes],
      [
        [null, null],
        [null, null],
      ],
    )
  })

  it('are the operator’s to set, of main accounts', async () => {
    const input = { Uin: user.uin, Quotas: [{ Name: 'Namespaces', Limit: 99 }] }
    assert.equal(await user.code('ModifyQuotaPersonal', input, 'entrepot'), 'UnauthorizedOperation')
    const nobody = { ...input, Uin: 5 }
    const unknown = await operator.code('ModifyQuotaPersonal', nobody, 'entrepot')
    assert.equal(unknown, 'ResourceNotFound')
  })

  it('agree with what is there', async () => {
    assert.deepEqual(await listCountDifferences(app.app.db.read), [])
  })
})
