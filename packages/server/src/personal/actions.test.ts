import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, addStranger, allow } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { imageOf, outcome } from '../registry/test-client.ts'
import { mainKey, type TestApp } from '../test-app.ts'
import { begunUser, type PersonalUser, personalApp, userOf } from './test-personal.ts'

const time = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/

onEachDatabase('the API of the Personal edition', (_open, dialect) => {
  let app: TestApp
  let user: PersonalUser
  let other: PersonalUser

  before(async () => {
    app = await personalApp({ dialect })
    user = await begunUser(app, 100000000701)
    other = await begunUser(app, 100000000702)
    await user.done('CreateNamespacePersonal', { Namespace: 'mine' })
    await other.done('CreateNamespacePersonal', { Namespace: 'theirs' })
    await user.done('CreateRepositoryPersonal', { RepoName: 'mine/app', Description: 'an app' })
    await other.done('CreateRepositoryPersonal', { RepoName: 'theirs/open', Public: 1 })
    await other.done('CreateRepositoryPersonal', { RepoName: 'theirs/hidden' })
  })
  after(() => app.close())

  it('begins once, with a password of 8 to 16 characters', async () => {
    const late = userOf(app, await addStranger(app, 100000000703))
    assert.equal(
      await late.code('CreateNamespacePersonal', { Namespace: 'too-soon' }),
      'UnsupportedOperation.ErrNoUserInitialized',
    )
    assert.equal(
      await late.code('ModifyUserPasswordPersonal', { Password: 'longenough' }),
      'ResourceNotFound.ErrNoUser',
    )
    for (const Password of ['short12', 'seventeen-letters']) {
      assert.equal(await late.code('CreateUserPersonal', { Password }), 'InvalidParameterValue')
    }
    await late.done('CreateUserPersonal', { Password: 'longenough' })
    const again = await late.code('CreateUserPersonal', { Password: 'longenough' })
    assert.equal(again, 'InvalidParameter.ErrUserExist')
  })

  it('lists namespaces of the account only, and tells of every name whether it is taken', async () => {
    const page = { Limit: 10, Offset: 0 }
    const { Data } = await user.api('DescribeNamespacePersonal', { Namespace: '', ...page })
    assert.equal(Data.NamespaceCount, 1)
    const [{ CreationTime, ...namespace }] = Data.NamespaceInfo
    assert.deepEqual(namespace, { Namespace: 'mine', RepoCount: 1 })
    assert.match(CreationTime, time)
    const none = await user.api('DescribeNamespacePersonal', { Namespace: 'their', ...page })
    assert.deepEqual(none.Data, { NamespaceCount: 0, NamespaceInfo: [] })
    const validate = async (Namespace: string) =>
      (await user.api('ValidateNamespaceExistPersonal', { Namespace })).Data
    assert.deepEqual(await validate('theirs'), { IsExist: true, IsPreserved: false })
    assert.deepEqual(await validate('library'), { IsExist: false, IsPreserved: true })
    assert.deepEqual(await validate('free'), { IsExist: false, IsPreserved: false })
  })

  it('refuses names that are taken or reserved, and namespaces that are not empty', async () => {
    const create = (Namespace: string) => user.code('CreateNamespacePersonal', { Namespace })
    assert.equal(await create('theirs'), 'InvalidParameter.ErrNamespaceExist')
    assert.equal(await create('mine'), 'InvalidParameter.ErrNamespaceExist')
    assert.equal(await create('library'), 'InvalidParameter.ErrNamespaceReserved')
    assert.equal(await create('Capital'), 'InvalidParameterValue')
    const full = await user.code('DeleteNamespacePersonal', { Namespace: 'mine' })
    assert.equal(full, 'FailedOperation.PreconditionFailed')
    await user.done('CreateNamespacePersonal', { Namespace: 'brief' })
    await user.done('DeleteNamespacePersonal', { Namespace: 'brief' })
    const gone = await user.code('DeleteNamespacePersonal', { Namespace: 'brief' })
    assert.equal(gone, 'ResourceNotFound.ErrNoNamespace')
    await other.done('CreateNamespacePersonal', { Namespace: 'brief' })
    await other.done('DeleteNamespacePersonal', { Namespace: 'brief' })
  })

  it('shows a repository, and changes what it says of itself', async () => {
    const show = async () =>
      (await user.api('DescribeRepositoryPersonal', { RepoName: 'mine/app' })).Data
    const { CreationTime, ...shown } = await show()
    assert.match(CreationTime, time)
    assert.deepEqual(shown, {
      RepoName: 'mine/app',
      RepoType: 'QCLOUD HUB',
      Server: 'ccr.registry.example.com',
      Description: 'an app',
      Public: 0,
      PullCount: 0,
      FavorCount: 0,
      IsUserFavor: false,
      IsQcloudOfficial: false,
    })
    await user.done('ModifyRepositoryInfoPersonal', { RepoName: 'mine/app', Description: '更好' })
    await user.done('ModifyRepositoryAccessPersonal', { RepoName: 'mine/app', Public: 1 })
    const changed = await show()
    assert.deepEqual([changed.Description, changed.Public], ['更好', 1])
    await user.done('ModifyRepositoryAccessPersonal', { RepoName: 'mine/app', Public: 0 })
    assert.equal((await show()).Public, 0)
  })

  it('refuses repositories that exist, without a namespace, of several levels', async () => {
    const create = (RepoName: string) => user.code('CreateRepositoryPersonal', { RepoName })
    assert.equal(await create('mine/app'), 'InvalidParameter.ErrRepoExist')
    assert.equal(await create('none/app'), 'ResourceNotFound.ErrNoNamespace')
    assert.equal(await create('theirs/more'), 'ResourceNotFound.ErrNoNamespace')
    assert.equal(await create('mine/a/b'), 'InvalidParameterValue')
    assert.equal(await create('mine'), 'InvalidParameterValue')
  })

  it('leaves what is another account’s alone', async () => {
    const RepoName = 'theirs/open'
    const missing = 'ResourceNotFound.ErrNoRepo'
    for (const [action, more] of [
      ['DescribeRepositoryPersonal', {}],
      ['ModifyRepositoryInfoPersonal', { Description: 'x' }],
      ['ModifyRepositoryAccessPersonal', { Public: 0 }],
      ['DeleteRepositoryPersonal', {}],
      ['DescribeImagePersonal', {}],
      ['DescribeImageFilterPersonal', { Tag: 'v1' }],
      ['DeleteImagePersonal', { Tag: 'v1' }],
      ['BatchDeleteImagePersonal', { Tags: ['v1'] }],
      ['DescribeImageLifecyclePersonal', {}],
    ] as const) {
      assert.equal(await user.code(action, { RepoName, ...more }), missing, action)
    }
    const names = { RepoNames: ['mine/app', RepoName] }
    assert.equal(await user.code('BatchDeleteRepositoryPersonal', names), missing)
    const exists = async (name: string) =>
      (await user.api('ValidateRepositoryExistPersonal', { RepoName: name })).Data.IsExist
    assert.deepEqual([await exists('mine/app'), await exists(RepoName)], [true, false])
    const namespace = await user.code('DeleteNamespacePersonal', { Namespace: 'theirs' })
    assert.equal(namespace, 'ResourceNotFound.ErrNoNamespace')
    const { Data } = await other.api('DescribeRepositoryOwnerPersonal')
    assert.deepEqual(
      Data.RepoInfo.map((one: { RepoName: string }) => one.RepoName),
      ['theirs/hidden', 'theirs/open'],
    )
  })

  it('pages and searches repositories', async () => {
    for (let i = 0; i < 5; i += 1) {
      await user.done('CreateRepositoryPersonal', { RepoName: `mine/list-${i}`, Public: i % 2 })
    }
    const names = async (action: string, input: object) => {
      const { Data } = await user.api(action, input)
      return [Data.TotalCount, Data.RepoInfo.map((one: { RepoName: string }) => one.RepoName)]
    }
    assert.deepEqual(
      await names('DescribeRepositoryOwnerPersonal', { RepoName: 'list', Offset: 1, Limit: 2 }),
      [5, ['mine/list-1', 'mine/list-2']],
    )
    assert.deepEqual(
      await names('DescribeRepositoryFilterPersonal', { Namespace: 'mine', Public: 1 }),
      [2, ['mine/list-1', 'mine/list-3']],
    )
    const RepoNames = [0, 1, 2, 3, 4].map((i) => `mine/list-${i}`)
    await user.done('BatchDeleteRepositoryPersonal', { RepoNames })
    assert.deepEqual(await names('DescribeRepositoryOwnerPersonal', { RepoName: 'list' }), [0, []])
    const many = { RepoNames: Array.from({ length: 101 }, (_, i) => `mine/r${i}`) }
    assert.equal(
      await user.code('BatchDeleteRepositoryPersonal', many),
      'InvalidParameter.ErrTooLarge',
    )
  })

  it('keeps favourites, others’ public ones too, while they may be seen', async () => {
    const favour = (RepoName: string) =>
      user.code('CreateFavorRepositoryPersonal', { RepoName }, 'entrepot')
    assert.equal(await favour('mine/app'), undefined)
    assert.equal(await favour('theirs/open'), undefined)
    assert.equal(await favour('theirs/open'), undefined)
    assert.equal(await favour('theirs/hidden'), 'ResourceNotFound.ErrNoRepo')
    assert.equal(await favour('none/app'), 'ResourceNotFound.ErrNoRepo')
    const list = async () =>
      (await user.api('DescribeFavorRepositoryPersonal', { RepoName: '', Limit: 10, Offset: 0 }))
        .Data
    const both = await list()
    assert.equal(both.TotalCount, 2)
    assert.deepEqual(both.RepoInfo[1], {
      RepoName: 'theirs/open',
      RepoType: 'QCLOUD HUB',
      PullCount: 0,
      FavorCount: 1,
      Public: 1,
      IsQcloudOfficial: false,
      TagCount: 0,
      Logo: '',
      Region: 'default',
      RegionId: both.RepoInfo[1].RegionId,
    })
    await other.done('ModifyRepositoryAccessPersonal', { RepoName: 'theirs/open', Public: 0 })
    assert.equal((await list()).TotalCount, 1)
    await other.done('ModifyRepositoryAccessPersonal', { RepoName: 'theirs/open', Public: 1 })
    const drop = { RepoName: 'mine/app' }
    await user.done('DeleteFavorRepositoryPersonal', drop, 'entrepot')
    assert.equal(
      await user.code('DeleteFavorRepositoryPersonal', drop, 'entrepot'),
      'ResourceNotFound.ErrNoRepo',
    )
  })

  it('lists, compares, copies and deletes images', async () => {
    const repository = 'mine/images'
    const first = await user.client.pushImage(repository, 'v1', 'one')
    await user.client.putManifest(repository, 'same', first.bytes)
    await user.client.pushImage(repository, 'v2', 'two')
    const { Data } = await user.api('DescribeImagePersonal', { RepoName: repository })
    assert.deepEqual(
      [Data.TagCount, Data.Server, Data.RepoName],
      [3, 'ccr.registry.example.com', repository],
    )
    const [{ CreationTime, UpdateTime, PushTime, ...tag }] = Data.TagInfo
    for (const text of [CreationTime, UpdateTime, PushTime]) assert.match(text, time)
    assert.deepEqual(tag, {
      TagName: 'same',
      TagId: first.digest,
      ImageId: first.config,
      Size: '5 B',
      DurationDays: '0',
      Author: '',
      Architecture: '',
      DockerVersion: '',
      OS: '',
      SizeByte: 5,
      Id: 1,
      Kind: 'Image',
    })
    const filter = { RepoName: repository, Tag: 'v1' }
    const same = await user.api('DescribeImageFilterPersonal', filter)
    assert.deepEqual(same.Data.SameImages, ['same', 'v1'])
    const copy = { SrcImage: `${repository}:v1`, DestImage: 'mine/copy:v9' }
    const copied = await user.api('DuplicateImagePersonal', copy)
    assert.equal(copied.Data.Digest, first.digest)
    assert.equal(outcome(await user.client.call('GET', '/v2/mine/copy/manifests/v9')), '200')
    const stolen = { SrcImage: `${repository}:v1`, DestImage: 'theirs/open:v1' }
    assert.equal(
      await user.code('DuplicateImagePersonal', stolen),
      'ResourceNotFound.ErrNoNamespace',
    )
    assert.equal(
      await other.code('DuplicateImagePersonal', { ...copy, DestImage: 'theirs/open:v1' }),
      'ResourceNotFound.ErrNoRepo',
    )
    const gone = { RepoName: repository, Tag: 'none' }
    assert.equal(await user.code('DeleteImagePersonal', gone), 'ResourceNotFound.ErrNoTag')
    const some = { RepoName: repository, Tags: ['v2', 'none'] }
    assert.equal(await user.code('BatchDeleteImagePersonal', some), 'ResourceNotFound.ErrNoTag')
    await user.done('BatchDeleteImagePersonal', { RepoName: repository, Tags: ['v1', 'v2'] })
    await user.done('DeleteImagePersonal', { RepoName: repository, Tag: 'same' })
    const left = await user.api('DescribeImagePersonal', { RepoName: repository })
    assert.deepEqual([left.Data.TagCount, left.Data.TagInfo], [0, []])
  })

  it('shows what the config says', async () => {
    const config = JSON.stringify({
      os: 'linux',
      architecture: 'arm64',
      author: 'ann',
      docker_version: '20.10',
      created: '2026-01-01T00:00:00Z',
    })
    const repository = 'mine/described'
    const { digest, bytes } = await pushWithConfig(user, repository, config)
    const { Data } = await user.api('DescribeImagePersonal', { RepoName: repository, Tag: 'LAT' })
    const [tag] = Data.TagInfo
    assert.deepEqual(
      [tag.ImageId, tag.OS, tag.Architecture, tag.Author, tag.DockerVersion, tag.CreationTime],
      [digest, 'linux', 'arm64', 'ann', '20.10', '2026-01-01 08:00:00'],
    )
    assert.equal(tag.SizeByte, bytes)
  })

  it('keeps the clean-up rule, never above the quota of tags', async () => {
    const read = async () => (await user.api('DescribeImageLifecycleGlobalPersonal')).Data
    assert.deepEqual(await read(), { TotalCount: 0, StrategyInfo: [] })
    const manage = (Type: string, Val: number) =>
      user.code('ManageImageLifecycleGlobalPersonal', { Type, Val })
    assert.equal(await manage('global_keep_last_nums', 101), 'InvalidParameterValue')
    assert.equal(await manage('global_keep_last_nums', 100), undefined)
    assert.equal(await manage('global_keep_last_days', 365), undefined)
    const [{ CreationTime, ...rule }] = (await read()).StrategyInfo
    assert.match(CreationTime, time)
    const Type = 'global_keep_last_days'
    const Username = String(user.uin)
    assert.deepEqual(rule, { Username, RepoName: '', Type, Value: 365, Valid: 1 })
    const one = await user.api('DescribeImageLifecyclePersonal', { RepoName: 'mine/app' })
    assert.equal(one.Data.StrategyInfo[0].RepoName, 'mine/app')
    await user.done('DeleteImageLifecycleGlobalPersonal')
    assert.deepEqual(await read(), { TotalCount: 0, StrategyInfo: [] })
  })

  it('goes with its account, which has to be empty there', async () => {
    const operator = userOf(app, { uin: app.instance.ownerUin, key: mainKey })
    const leaving = await begunUser(app, 100000000704)
    await leaving.done('CreateNamespacePersonal', { Namespace: 'leaving' })
    await leaving.done('CreateFavorRepositoryPersonal', { RepoName: 'theirs/open' }, 'entrepot')
    const input = { Uin: leaving.uin }
    const check = await operator.api('DeleteAccount', { ...input, DryRun: true }, 'entrepot')
    assert.deepEqual(check.Remaining, [{ ResourceType: 'repo', ResourceId: 'leaving' }])
    assert.equal(await operator.code('DeleteAccount', input, 'entrepot'), 'ResourceInUse')
    await leaving.done('DeleteNamespacePersonal', { Namespace: 'leaving' })
    await operator.done('DeleteAccount', input, 'entrepot')
    assert.equal((await leaving.client.call('GET', '/v2/')).status, 401)
    await other.done('CreateNamespacePersonal', { Namespace: 'leaving' })
    await other.done('DeleteNamespacePersonal', { Namespace: 'leaving' })
  })

  it('filters what a sub-account may not see, and says so', async () => {
    const owner = userOf(app, { uin: app.instance.ownerUin, key: mainKey })
    await owner.done('CreateUserPersonal', { Password: 'operators-12' })
    await owner.done('CreateNamespacePersonal', { Namespace: 'ours' })
    for (const name of ['one', 'two']) {
      await owner.done('CreateRepositoryPersonal', { RepoName: `ours/${name}` })
    }
    const rights = allow(
      ['tcr:Describe*', 'tcr:PullRepository*'],
      ['qcs::tcr:::repo/ours/one', 'qcs::tcr:::repo/ours/one/*'],
    )
    const member = userOf(app, await addPerson(app, 'reader', rights))
    const { Data } = await member.api('DescribeRepositoryFilterPersonal')
    assert.deepEqual(
      [Data.TotalCount, Data.RepoInfo[0].RepoName, Data.PrivilegeFiltered],
      [1, 'ours/one', true],
    )
    assert.equal(Data.RepoInfo[0].IsQcloudOfficial, true)
    for (const [action, input] of [
      ['DescribeRepositoryPersonal', { RepoName: 'ours/two' }],
      ['DeleteRepositoryPersonal', { RepoName: 'ours/one' }],
      ['CreateNamespacePersonal', { Namespace: 'more' }],
    ] as const) {
      assert.equal(await member.code(action, input), 'UnauthorizedOperation', action)
    }
  })
})

async function pushWithConfig(user: PersonalUser, repository: string, config: string) {
  const { client } = user
  const digest = await client.pushBlob(repository, config)
  const layer = await client.pushBlob(repository, 'layer')
  const configBytes = Buffer.byteLength(config)
  const manifest = imageOf({ config: digest, configBytes, layers: [[layer, 5]] })
  const answer = await client.putManifest(repository, 'latest', manifest)
  assert.equal(answer.status, 201, answer.text)
  return { digest, bytes: configBytes + 5 }
}
