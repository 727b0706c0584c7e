import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf, type TestClient } from '../registry/test-client.ts'
import { type TestApp, testApp } from '../test-app.ts'

onEachDatabase('immutability rules', (_open, dialect) => {
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
  const codeOf = async (action: string, input: object) => (await call(action, input)).Error?.Code
  const butLatest = {
    RepositoryPattern: '**',
    RepositoryDecoration: 'repoMatches',
    TagPattern: 'latest',
    TagDecoration: 'excludes',
  }

  const remove = (reference: string) => owner.call('DELETE', `/v2/held/a/manifests/${reference}`)

  /** A namespace of its own with a rule; the id of the rule. */
  async function ruled(NamespaceName: string, rule: object = {}): Promise<number> {
    const made = await call('CreateNamespace', { NamespaceName, IsPublic: false })
    assert.equal(made.Error, undefined)
    const Rule = { ...butLatest, ...rule }
    assert.equal(await codeOf('CreateImmutableTagRules', { NamespaceName, Rule }), undefined)
    const { Rules } = await call('DescribeImmutableTagRules')
    const listed = Rules.find((one: { NsName: string }) => one.NsName === NamespaceName)
    return Number(listed.RuleId)
  }

  it('are made, listed, replaced and deleted; one for each namespace', async () => {
    const RuleId = await ruled('one')
    const NamespaceName = 'one'
    const input = { NamespaceName, Rule: butLatest }
    assert.equal(
      await codeOf('CreateImmutableTagRules', input),
      'FailedOperation.ErrorTcrResourceConflict',
    )
    const listed = await call('DescribeImmutableTagRules', { Page: 1, PageSize: 10 })
    const { RequestId: _, ...shown } = listed
    assert.deepEqual(shown, {
      Rules: [{ ...butLatest, RuleId, NsName: 'one', Disabled: false }],
      EmptyNs: [app.namespace],
      Total: 1,
    })
    const Rule = { ...butLatest, TagPattern: 'v*', TagDecoration: 'matches', Disabled: true }
    assert.equal(
      await codeOf('ModifyImmutableTagRules', { NamespaceName, RuleId, Rule }),
      undefined,
    )
    const [changed] = (await call('DescribeImmutableTagRules')).Rules
    assert.deepEqual([changed.TagPattern, changed.Disabled], ['v*', true])
    const elsewhere = { NamespaceName: app.namespace, RuleId, Rule }
    assert.match(String(await codeOf('ModifyImmutableTagRules', elsewhere)), /^ResourceNotFound/)
    const moved = { NamespaceName, RuleId, Rule: { ...Rule, NsName: app.namespace } }
    assert.equal(await codeOf('ModifyImmutableTagRules', moved), 'InvalidParameterValue')
    assert.match(
      String(await codeOf('DeleteImmutableTagRules', { NamespaceName, RuleId: RuleId + 1 })),
      /^ResourceNotFound/,
    )
    assert.equal(await codeOf('DeleteImmutableTagRules', { NamespaceName, RuleId }), undefined)
    assert.equal((await call('DescribeImmutableTagRules')).Total, 0)
    for (const wrong of [{ RepositoryDecoration: 'matches' }, { TagDecoration: 'repoMatches' }]) {
      const bad = { NamespaceName, Rule: { ...butLatest, ...wrong } }
      assert.match(String(await codeOf('CreateImmutableTagRules', bad)), /^InvalidParameter/)
    }
  })

  it('go with their namespace', async () => {
    await ruled('gone')
    assert.equal(await codeOf('DeleteNamespace', { NamespaceName: 'gone' }), undefined)
    assert.equal((await call('DescribeImmutableTagRules')).Total, 0)
  })

  it('refuse a push of another digest, and name the rule; the same digest again succeeds', async () => {
    const number = await ruled('kept')
    const first = await owner.pushImage('kept/a/b', 'v1', 'first')
    await owner.pushImage('kept/a/b', 'latest', 'first')
    await owner.pushImage('kept/a/b', 'latest', 'second')
    const refused = await owner.putManifest(
      'kept/a/b',
      'v1',
      (await owner.pushImage('kept/a/b', 'v2', 'second')).bytes,
    )
    assert.equal(refused.status, 403)
    const [error] = JSON.parse(refused.text).errors
    assert.equal(error.code, 'DENIED')
    assert.match(
      error.message,
      new RegExp(`kept/a/b:v1 is immutable by rule ${number} .*but "latest"`),
    )
    const again = await owner.putManifest('kept/a/b', 'v1', first.bytes)
    assert.equal(again.status, 201)
  })

  it('refuse deletes of the tag, of its manifest and of its repository', async () => {
    const RuleId = await ruled('held')
    const { digest } = await owner.pushImage('held/a', 'v1', 'held')
    await owner.pushImage('held/a', 'latest', 'other')
    const inRepository = { NamespaceName: 'held', RepositoryName: 'a' }
    const shown = await app.api(
      'DescribeRepositoryTags',
      { RegistryId, ...inRepository, SortBy: 'name' },
      { product: 'entrepot' },
    )
    const marks = shown.Tags.map((one: { IsImmutable: boolean }) => one.IsImmutable)
    assert.deepEqual(marks, [false, true])
    const told = (action: string, input: object) =>
      app.api(action, { RegistryId, ...inRepository, ...input }, { product: 'entrepot' })
    assert.deepEqual((await told('DescribeManifest', { Reference: digest })).ImmutableTags, ['v1'])
    assert.deepEqual((await told('DescribeManifest', { Reference: 'latest' })).ImmutableTags, [])
    assert.equal((await told('DescribeRepositoryDeletion', {})).ImmutableTag, 'v1')
    const denied = 'OperationDenied.TagImmutable'
    assert.equal(await codeOf('DeleteImage', { ...inRepository, ImageVersion: 'v1' }), denied)
    const both = { ...inRepository, Tags: ['latest', 'v1'] }
    assert.equal(await codeOf('DeleteRepositoryTags', both), denied)
    assert.equal((await remove(digest)).status, 403)
    assert.equal((await remove('v1')).status, 403)
    assert.equal(await codeOf('DeleteRepository', { ...inRepository, ForceDelete: true }), denied)
    const { ImageInfoList } = await call('DescribeImages', inRepository)
    assert.equal(ImageInfoList.length, 2)
    assert.equal((await remove('nosuch')).status, 404)
    const Rule = { ...butLatest, Disabled: true }
    await call('ModifyImmutableTagRules', { NamespaceName: 'held', RuleId, Rule })
    assert.equal(
      await codeOf('DeleteRepository', { ...inRepository, ForceDelete: true }),
      undefined,
    )
  })

  it('let signatures move, unless they name them', async () => {
    await ruled('signed', { TagPattern: '**', TagDecoration: 'matches' })
    const tag = `sha256-${'b'.repeat(64)}.sig`
    await owner.pushImage('signed/a', tag, 'one')
    await owner.pushImage('signed/a', tag, 'two')
  })

  it('tell beforehand what they would cover', async () => {
    await call('CreateNamespace', { NamespaceName: 'asked', IsPublic: false })
    for (const tag of ['v1', 'v2', 'latest']) await owner.pushImage('asked/a', tag, tag)
    const asked = { NamespaceName: 'asked', Rule: butLatest }
    const { RequestId: _, ...told } = await app.api(
      'DescribeImmutabilityCoverage',
      { RegistryId, ...asked },
      { product: 'entrepot' },
    )
    assert.deepEqual(told, {
      TagCount: 3,
      CoveredTagCount: 2,
      Examples: [
        { RepositoryName: 'a', Tag: 'v1' },
        { RepositoryName: 'a', Tag: 'v2' },
      ],
      IsWhole: true,
    })
  })
})
