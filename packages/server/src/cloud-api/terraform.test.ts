// What Terraform's provider sends and looks at, resource by resource: how it finds again what it made, how it pages,
// by which code it tells that something is gone, and how it joins ids. (Of instances and long-term credentials more
// stands beside them.)

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addStranger, type TestPerson } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf } from '../registry/test-client.ts'
import { type TestApp, testApp } from '../test-app.ts'
import type { ApiAnswer } from './test-client.ts'

/** Absence is this and no code below it, or an empty list. */
const absent = 'ResourceNotFound'
/** The provider repeats these for minutes, so what stays refused must have another code. */
const repeated = ['RequestLimitExceeded', 'ResourceInUse', 'ResourceUnavailable', 'ResourceBusy']
const conflicts = ['InternalError.ErrorConflict', 'InternalError.ErrConflict']

function assertFinal({ Error: error }: ApiAnswer): void {
  assert.ok(error)
  assert.ok(![...repeated, ...conflicts, absent].includes(error.Code), error.Code)
  assert.doesNotMatch(error.Message, /409 InvalidBucketState/)
}

onEachDatabase('Terraform', (_open, dialect) => {
  let app: TestApp
  let stranger: TestPerson

  before(async () => {
    app = await testApp({ dialect })
    stranger = await addStranger(app, 200_000_000_002)
  })
  after(() => app.close())

  async function call(action: string, input: object = {}): Promise<ApiAnswer> {
    const answer = await app.api(action, { RegistryId: app.instance.id, ...input })
    assert.equal(answer.Error, undefined, `${action}: ${answer.Error?.Message}`)
    return answer
  }

  /** The whole list, as the provider asks: by record, until a page is short. */
  async function all(action: string, field: string, input: object, Limit = 200) {
    const entries: ApiAnswer[] = []
    for (let Offset = 0; ; Offset += Limit) {
      const page: ApiAnswer[] = (await call(action, { ...input, Offset, Limit }))[field]
      entries.push(...page)
      if (page.length < Limit) return entries
    }
  }

  const namespaces = (name?: string) =>
    all('DescribeNamespaces', 'NamespaceList', name === undefined ? {} : { NamespaceName: name })
  const repositories = (NamespaceName: string, RepositoryName?: string) =>
    all('DescribeRepositories', 'RepositoryList', { NamespaceName, RepositoryName })

  async function makeNamespace(NamespaceName: string, more: object = {}): Promise<void> {
    const switches = { IsPublic: false, IsAutoScan: false, IsPreventVUL: false }
    await call('CreateNamespace', { NamespaceName, ...switches, ...more })
  }

  it('makes a namespace, reads it at once, changes, and sees that it is gone', async () => {
    const name = 'tf_example-ns'
    await makeNamespace(`${name}-2`)
    await makeNamespace(name, {
      IsPublic: true,
      IsAutoScan: true,
      IsPreventVUL: true,
      Severity: 'medium',
      CVEWhitelistItems: [{ CVEID: 'cve-xxxxx' }],
    })
    const read = async () => {
      const [found, ...more] = (await namespaces(name)).filter((one) => one.Name === name)
      assert.ok(found && more.length === 0)
      const { Public, AutoScan, PreventVUL, Severity, CVEWhitelistItems } = found
      return [Public, AutoScan, PreventVUL, Severity, CVEWhitelistItems]
    }
    assert.deepEqual(await read(), [true, true, true, 'medium', [{ CVEID: 'cve-xxxxx' }]])
    const changed = { IsPublic: false, IsAutoScan: false, IsPreventVUL: false, Severity: 'high' }
    await call('ModifyNamespace', { NamespaceName: name, ...changed })
    // What it leaves out stays.
    assert.deepEqual(await read(), [false, false, false, 'high', [{ CVEID: 'cve-xxxxx' }]])
    assert.ok((await namespaces()).some((one) => one.Name === name))
    await call('DeleteNamespace', { NamespaceName: name })
    assert.deepEqual(await namespaces(name), [])
    await call('DeleteNamespace', { NamespaceName: `${name}-2` })
  })

  it('makes a repository, finds it by its whole name, describes and deletes it', async () => {
    await makeNamespace('tf-repos')
    const made = { NamespaceName: 'tf-repos', RepositoryName: 'sub1/app' }
    const words = { BriefDescription: '111', Description: '111111111111111111' }
    await call('CreateRepository', { ...made, ...words })
    await call('CreateRepository', { NamespaceName: 'tf-repos', RepositoryName: 'sub1/app-two' })
    const read = async () =>
      (await repositories('tf-repos', 'sub1/app')).find(({ Name }) => Name === 'tf-repos/sub1/app')
    const { CreationTime, UpdateTime, ...first } = { ...(await read()) }
    assert.deepEqual(first, {
      ...words,
      Name: 'tf-repos/sub1/app',
      Namespace: 'tf-repos',
      Public: false,
    })
    assert.ok(CreationTime && UpdateTime)
    const anew = { BriefDescription: '2222', Description: '211111111111111111' }
    await call('ModifyRepository', { ...made, ...anew })
    assert.equal((await read())?.BriefDescription, '2222')
    await ownerOf(app).pushImage('tf-repos/sub1/app', 'v1')
    const careful = await app.api('DeleteRepository', {
      RegistryId: app.instance.id,
      ...made,
      ForceDelete: false,
    })
    assertFinal(careful)
    await call('DeleteRepository', { ...made, ForceDelete: true })
    assert.equal(await read(), undefined)
    // Left out: as true.
    await call('DeleteRepository', { NamespaceName: 'tf-repos', RepositoryName: 'sub1/app-two' })
    assert.deepEqual(await repositories('tf-repos'), [])
    await call('DeleteNamespace', { NamespaceName: 'tf-repos' })
    assert.deepEqual(await repositories('tf-repos', 'sub1/app'), [])
  })

  it('switches a token by Enable alone, and sees that it is gone', async () => {
    const { TokenId, Token, Username } = await call('CreateInstanceToken', {
      TokenType: 'longterm',
      Desc: 'example for tcr token',
    })
    assert.ok(TokenId && Token && Username)
    const read = async () =>
      (await all('DescribeInstanceToken', 'Tokens', {})).find(({ Id }) => Id === TokenId)
    assert.equal((await read())?.Enabled, true)
    await call('ModifyInstanceToken', { TokenId, Enable: false })
    const switched = await read()
    assert.ok(switched?.CreatedAt)
    assert.deepEqual([switched.Enabled, switched.Desc], [false, 'example for tcr token'])
    await call('DeleteInstanceToken', { TokenId })
    assert.equal(await read(), undefined)
  })

  it('makes a service account by its bare name, and goes on by the whole one', async () => {
    await makeNamespace('tf-robots')
    const name = 'tf_example_sa'
    const Permissions = [
      { Resource: 'tf-robots', Actions: ['tcr:PushRepository', 'tcr:PullRepository'] },
    ]
    const account = { Name: name, Permissions, Description: 'tf', Duration: 10, Disable: false }
    const made = await call('CreateServiceAccount', account)
    assert.ok(made.Name.includes(name) && made.Password)
    const Name = `tcr$${name}`
    const read = async () => {
      const { ServiceAccounts } = await call('DescribeServiceAccounts')
      return ServiceAccounts.find((one: ApiAnswer) => one.Name === Name)
    }
    const first = await read()
    assert.deepEqual([first.Description, first.Disable], ['tf', false])
    assert.ok(first.ExpiresAt > app.clock.now())
    await call('ModifyServiceAccount', { Name, Description: 'changed', Disable: true })
    const second = await read()
    assert.deepEqual([second.Description, second.Disable], ['changed', true])
    assert.equal(second.ExpiresAt, first.ExpiresAt)
    const Password = 'Password-0123456789'
    const given = { Name: name, Random: false, Password }
    assert.equal((await call('ModifyServiceAccountPassword', given)).Password, Password)
    await call('DeleteServiceAccount', { Name })
    assert.equal(await read(), undefined)
    await call('DeleteNamespace', { NamespaceName: 'tf-robots' })
  })

  it('puts tags on a service account by the joined id, and reads them by the same', async () => {
    const { id } = app.instance
    const account = { Name: 'tf-tagged', Permissions: [], Duration: 10 }
    const permissions = [{ Resource: 'demo', Actions: ['tcr:PullRepository'] }]
    await call('CreateServiceAccount', { ...account, Permissions: permissions })
    const joined = `${id}#tf-tagged`
    const tagApi = (action: string, input: object, key = {}) =>
      app.api(action, input, { product: 'tag', ...key })
    const modify = (input: object, path = joined, key = {}) => {
      const Resource = `qcs::tcr:ap-guangzhou:uin/:instance/${path}`
      return tagApi('ModifyResourceTags', { Resource, ...input }, key)
    }
    const read = async (key = {}) => {
      const about = { ServiceType: 'tcr', ResourcePrefix: 'instance', ResourceIds: [joined] }
      const where = { ResourceRegion: 'ap-guangzhou', Limit: 10, Offset: 0 }
      const input = { ...about, ...where }
      const { Tags } = await tagApi('DescribeResourceTagsByResourceIds', input, key)
      // It passes over those of any other id.
      const own = Tags.filter((one: ApiAnswer) => one.ResourceId === joined)
      return own.map((one: ApiAnswer) => `${one.TagKey}=${one.TagValue}`)
    }
    const set = { ReplaceTags: [{ TagKey: 'createdBy', TagValue: 'terraform' }] }
    assert.equal((await modify(set)).Error, undefined)
    assert.deepEqual(await read(), ['createdBy=terraform'])
    const other = { ReplaceTags: [{ TagKey: 'a', TagValue: '1' }] }
    const taken = { DeleteTags: [{ TagKey: 'createdBy' }] }
    assert.equal((await modify({ ...other, ...taken }, `${id}#tcr$tf-tagged`)).Error, undefined)
    assert.deepEqual(await read(), ['a=1'])
    const rows = await tagApi('DescribeResourceTags', { ResourceId: joined })
    assert.deepEqual([rows.TotalCount, rows.Rows[0].ResourceId], [1, joined])
    const { ResourceTagMappingList } = await tagApi('GetResources', {
      TagFilters: [{ TagKey: 'a' }],
    })
    assert.equal(
      ResourceTagMappingList[0].Resource,
      `qcs::tcr:${app.config.region}:uin/${app.username}:instance/${joined}`,
    )
    // The instance itself has none.
    const plain = { ServiceType: 'tcr', ResourcePrefix: 'instance', ResourceIds: [id] }
    const everywhere = { ...plain, ResourceRegion: '' }
    const ofInstance = await tagApi('DescribeResourceTagsByResourceIds', everywhere)
    assert.deepEqual(ofInstance.Tags, [])
    assert.equal((await modify(set, `${id}#nobody`)).Error?.Code, absent)
    assert.equal((await modify(set, joined, stranger)).Error?.Code, absent)
    assert.deepEqual(await read(stranger), [])
    await call('DeleteServiceAccount', { Name: 'tcr$tf-tagged' })
    assert.deepEqual(await read(), [])
    await call('CreateServiceAccount', { ...account, Permissions: permissions })
    assert.deepEqual(await read(), [], 'another of the same name has none')
    await call('DeleteServiceAccount', { Name: 'tcr$tf-tagged' })
  })

  it('pages images by 20 and repositories by 200, each once', async () => {
    await makeNamespace('tf-pages')
    const owner = ownerOf(app)
    const { bytes } = await owner.pushImage('tf-pages/tags', 'v00')
    for (let n = 1; n < 45; n += 1) {
      const tag = `v${String(n).padStart(2, '0')}`
      assert.equal((await owner.putManifest('tf-pages/tags', tag, bytes)).status, 201)
    }
    const path = { NamespaceName: 'tf-pages', RepositoryName: 'tags' }
    const images = await all('DescribeImages', 'ImageInfoList', path, 20)
    assert.equal(new Set(images.map(({ ImageVersion }) => ImageVersion)).size, 45)
    assert.equal(images.length, 45)
    for (let n = 0; n < 204; n += 1) {
      await call('CreateRepository', { NamespaceName: 'tf-pages', RepositoryName: `one-${n}` })
    }
    const listed = await repositories('tf-pages')
    assert.equal(new Set(listed.map(({ Name }) => Name)).size, 205)
    assert.equal(listed.length, 205)
  })

  it('takes what is refused for good as an error', async () => {
    const full = { RegistryId: app.instance.id, NamespaceName: 'tf-pages' }
    assertFinal(await app.api('DeleteNamespace', full))
    assertFinal(await app.api('CreateNamespace', { ...full, IsPublic: false }))
    const taken = { ...full, RepositoryName: 'one-1' }
    assertFinal(await app.api('CreateRepository', taken))
    assertFinal(await app.api('DeleteInstance', { RegistryId: app.instance.id }))
  })

  it('sees that everything is gone with its instance', async () => {
    const gone = { RegistryId: 'tcr-nothere1', NamespaceName: 'tf', RepositoryName: 'app' }
    const { RepositoryName: _, ...namespace } = gone
    for (const [action, input] of [
      ['DescribeNamespaces', namespace],
      ['DescribeRepositories', gone],
    ] as const) {
      const answer = await app.api(action, { ...input, Limit: 200, Offset: 0 })
      assert.equal(answer.Error?.Code, absent, action)
    }
    const instances = await app.api('DescribeInstances', { Registryids: [gone.RegistryId] })
    assert.deepEqual(instances.Registries, [])
  })
})
