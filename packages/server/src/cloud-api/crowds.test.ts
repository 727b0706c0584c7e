// A hundred callers at once: of what there is one, one gets it and every other is told so; what all may do, all do;
// and the counts agree with what is there.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import type { Product } from '@entrepot/contract/action.ts'
import { type Digest, digestOf } from '@entrepot/oci/digest.ts'
import { policyOf } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { maxKeysPerPerson } from '../keys/keys.ts'
import { maxVersions } from '../policies/policies.ts'
import { getUsage, setQuota } from '../quotas/quotas.ts'
import { listCountDifferences } from '../quotas/recount.ts'
import { imageOf, outcome, ownerOf, type TestClient } from '../registry/test-client.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { oidcConfig } from './test-belongings.ts'
import type { ApiAnswer } from './test-client.ts'

const crowd = 100
const everybody = Array.from({ length: crowd }, (_, n) => n)
const conflict = 'FailedOperation.ErrorTcrResourceConflict'
const overQuota = 'OperationDenied.QuotaOverLimit'
const document = policyOf({ effect: 'allow', action: '*', resource: '*' })
const trust = policyOf({
  effect: 'allow',
  action: 'sts:AssumeRole',
  principal: { service: 'tcr.cloud.tencent.com' },
})

onEachDatabase('a hundred callers', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient

  before(async () => {
    app = await testApp({ dialect, env: { ENTREPOT_BASE_DOMAIN: 'registry.example.com' } })
    owner = ownerOf(app)
    await app.api('CreateUserPersonal', { Password: 'Passw0rd-12' })
    await app.api('CreateNamespacePersonal', { Namespace: 'crowded' })
  })
  after(async () => {
    assert.deepEqual(await listCountDifferences(app.app.db.read), [])
    await app.close()
  })

  const call = (action: string, input: object = {}, product: Product = 'tcr') =>
    app.api(action, input, { product })
  const ofInstance = (more: object = {}) => ({ RegistryId: app.instance.id, ...more })

  async function done(action: string, input: object, product?: Product): Promise<ApiAnswer> {
    const answer = await call(action, input, product)
    assert.equal(answer.Error, undefined, `${action}: ${answer.Error?.Message}`)
    return answer
  }

  /** One gets it; the others are told `code`. */
  function assertOne(outcomes: readonly string[], code: string, success = 'ok'): void {
    const others = outcomes.filter((one) => one !== success)
    assert.deepEqual([outcomes.length - others.length, new Set(others)], [1, new Set([code])])
  }

  const codesOf = (answers: readonly ApiAnswer[]) =>
    answers.map((answer) => answer.Error?.Code ?? 'ok')

  const pull = [{ Resource: 'demo', Actions: ['tcr:PullRepository'] }]
  const names: readonly [Product, string, () => object, string][] = [
    [
      'tcr',
      'CreateInstance',
      () => ({ RegistryName: 'wanted', RegistryType: 'basic' }),
      'InvalidParameter.ErrorNameExists',
    ],
    [
      'tcr',
      'CreateNamespace',
      () => ofInstance({ NamespaceName: 'wanted', IsPublic: false }),
      conflict,
    ],
    [
      'tcr',
      'CreateRepository',
      () => ofInstance({ NamespaceName: 'demo', RepositoryName: 'wanted' }),
      conflict,
    ],
    [
      'tcr',
      'CreateServiceAccount',
      () => ofInstance({ Name: 'wanted', Permissions: pull, Duration: 1 }),
      conflict,
    ],
    [
      'tcr',
      'CreateNamespacePersonal',
      () => ({ Namespace: 'wanted' }),
      'InvalidParameter.ErrNamespaceExist',
    ],
    [
      'tcr',
      'CreateRepositoryPersonal',
      () => ({ RepoName: 'crowded/wanted', Public: 0 }),
      'InvalidParameter.ErrRepoExist',
    ],
    ['cam', 'AddUser', () => ({ Name: 'wanted' }), 'InvalidParameter.SubUserNameInUse'],
    ['cam', 'CreateGroup', () => ({ GroupName: 'wanted' }), 'InvalidParameter.GroupNameInUse'],
    [
      'cam',
      'CreateRole',
      () => ({ RoleName: 'wanted', PolicyDocument: trust }),
      'InvalidParameter.RoleNameInUse',
    ],
    [
      'cam',
      'CreatePolicy',
      () => ({ PolicyName: 'wanted', PolicyDocument: document }),
      'FailedOperation.PolicyNameInUse',
    ],
    [
      'cam',
      'CreateOIDCConfig',
      () => ({ Name: 'wanted', ...oidcConfig }),
      'InvalidParameter.IdentityNameInUse',
    ],
    [
      'tag',
      'CreateTag',
      () => ({ TagKey: 'wanted', TagValue: 'once' }),
      'ResourceInUse.TagDuplicate',
    ],
    [
      'entrepot',
      'CreateAuditForwarding',
      () => ({ Name: 'wanted', Kind: 'File', Path: 'wanted', Enabled: false }),
      conflict,
    ],
  ]
  for (const [product, action, makeInput, code] of names) {
    it(`make one thing of one name by ${action}`, async () => {
      const input = makeInput()
      const answers = await Promise.all(everybody.map(() => call(action, input, product)))
      assertOne(codesOf(answers), code)
      await app.app.jobs.idle()
    })
  }

  /** Room for exactly one more. */
  async function leaveRoom(
    metric: 'namespaces' | 'repositories' | 'bytes',
    room = 1,
  ): Promise<void> {
    const { db } = app.app
    const used = await getUsage(db.read, app.instance.id, metric)
    await db.write((tx) => setQuota(tx, app.instance.id, metric, used + room))
  }
  async function lift(metric: 'namespaces' | 'repositories' | 'bytes'): Promise<void> {
    await app.app.db.write((tx) => setQuota(tx, app.instance.id, metric, null))
  }

  it('take the last namespace', async () => {
    await leaveRoom('namespaces')
    const answers = await Promise.all(
      everybody.map((n) =>
        call('CreateNamespace', ofInstance({ NamespaceName: `last-${n}`, IsPublic: false })),
      ),
    )
    await lift('namespaces')
    assertOne(codesOf(answers), overQuota)
    const { NamespaceList } = await done('DescribeNamespaces', ofInstance({ All: true }))
    const made = NamespaceList.filter((one: ApiAnswer) => one.Name.startsWith('last-'))
    assert.equal(made.length, 1)
  })

  it('take the last repository, by hand and by pushes', async () => {
    const image = await owner.pushImage('demo/base', 'v1', 'born in a crowd')
    const pushed = everybody.slice(0, crowd / 2).map((n) => `demo/pushed-${n}`)
    for (const path of pushed) {
      await owner.pushBlob(path, '{}')
      await owner.pushBlob(path, 'born in a crowd')
    }
    await leaveRoom('repositories')
    const outcomes = await Promise.all([
      ...pushed.map(async (path) => outcome(await owner.putManifest(path, 'v1', image.bytes))),
      ...pushed.map(async (_, n) => {
        const input = ofInstance({ NamespaceName: 'demo', RepositoryName: `made-${n}` })
        return codesOf([await call('CreateRepository', input)])[0] ?? ''
      }),
    ])
    await lift('repositories')
    const won = outcomes.filter((one) => one === '201' || one === 'ok')
    assert.equal(won.length, 1, outcomes.join())
    const lost = outcomes.filter((one) => one !== '201' && one !== 'ok')
    assert.ok(
      lost.every((one) => one === '403 DENIED' || one === overQuota),
      lost.join(),
    )
  })

  it('take the last bytes', async () => {
    const bodies = everybody.map((n) => Buffer.alloc(1000, `body ${n} `))
    await leaveRoom('bytes', 1999)
    const answers = await Promise.all(bodies.map((body) => owner.putBlob('demo/base', body)))
    await lift('bytes')
    assertOne(answers.map(outcome), '403 DENIED', '201')
    const kept = await Promise.all(
      bodies.map((body) => owner.call('HEAD', `/v2/demo/base/blobs/${digestOf('sha256', body)}`)),
    )
    assert.equal(kept.filter(({ status }) => status === 200).length, 1)
  })

  it('take the last key of a person, and the last version of a policy', async () => {
    const { Uin } = await done('AddUser', { Name: 'holder' }, 'cam')
    for (let n = 1; n < maxKeysPerPerson; n += 1) {
      await done('CreateAccessKey', { TargetUin: Uin }, 'cam')
    }
    const keys = await Promise.all(
      everybody.map(() => call('CreateAccessKey', { TargetUin: Uin }, 'cam')),
    )
    assertOne(codesOf(keys), 'OperationDenied.AccessKeyOverLimit')
    const policy = { PolicyName: 'versions', PolicyDocument: document }
    const { PolicyId } = await done('CreatePolicy', policy, 'cam')
    const version = { PolicyId, PolicyDocument: document, SetAsDefault: false }
    for (let n = 2; n < maxVersions; n += 1) await done('CreatePolicyVersion', version, 'cam')
    const versions = await Promise.all(
      everybody.map(() => call('CreatePolicyVersion', version, 'cam')),
    )
    assertOne(codesOf(versions), 'FailedOperation.PolicyVersionFull')
  })

  /** Manifests of one layer, each with words of its own. */
  async function manifests(path: string): Promise<readonly Buffer[]> {
    const config = await owner.pushBlob(path, '{}')
    const layer = await owner.pushBlob(path, 'moved about')
    return everybody.map((n) =>
      imageOf({ config, layers: [[layer, 11]], more: { annotations: { n: String(n) } } }),
    )
  }
  const path = { NamespaceName: 'demo', RepositoryName: 'moved' }
  async function digestsOf(): Promise<Map<string, string>> {
    const { ImageInfoList } = await done('DescribeImages', ofInstance({ ...path, Limit: 200 }))
    return new Map(ImageInfoList.map((one: ApiAnswer) => [one.ImageVersion, one.Digest]))
  }

  it('move one tag to a hundred images, and all of them stay', async () => {
    const images = await manifests('demo/moved')
    const answers = await Promise.all(
      images.map((bytes) => owner.putManifest('demo/moved', 'latest', bytes)),
    )
    assert.deepEqual(new Set(answers.map(outcome)), new Set(['201']))
    const digests: readonly Digest[] = images.map((bytes) => digestOf('sha256', bytes))
    const tags = await digestsOf()
    assert.equal(tags.size, 1)
    assert.ok(digests.some((digest) => digest === tags.get('latest')))
    const kept = await Promise.all(
      digests.map((digest) => owner.call('HEAD', `/v2/demo/moved/manifests/${digest}`)),
    )
    assert.ok(kept.every(({ status }) => status === 200))
    const listed = await owner.call('GET', '/v2/demo/moved/tags/list')
    assert.deepEqual(JSON.parse(listed.text).tags, ['latest'])
  })

  it('copy to one tag: one without Override, all with it', async () => {
    const images = await manifests('demo/moved')
    await Promise.all(images.map((bytes, n) => owner.putManifest('demo/moved', `v${n}`, bytes)))
    const copy = (n: number, DestinationTag: string, more: object = {}) =>
      call('DuplicateImage', {
        ...ofInstance({ SourceNamespace: 'demo', SourceRepo: 'moved', SourceReference: `v${n}` }),
        ...{ DestinationTag, ...more },
      })
    const first = await Promise.all(everybody.map((n) => copy(n, 'first')))
    assertOne(codesOf(first), conflict)
    const winner = codesOf(first).indexOf('ok')
    const tags = await digestsOf()
    assert.equal(tags.get('first'), tags.get(`v${winner}`))
    const over = await Promise.all(everybody.map((n) => copy(n, 'first', { Override: true })))
    assert.deepEqual(new Set(codesOf(over)), new Set(['ok']))
    const after = await digestsOf()
    assert.ok(everybody.some((n) => after.get(`v${n}`) === after.get('first')))
  })

  it('delete one tag, and one repository, once', async () => {
    const tag = ofInstance({ ...path, ImageVersion: 'first' })
    const tags = await Promise.all(everybody.map(() => call('DeleteImage', tag)))
    assertOne(codesOf(tags), 'ResourceNotFound.TcrResourceNotFound')
    const repositories = await Promise.all(
      everybody.map(() => call('DeleteRepository', ofInstance(path))),
    )
    assertOne(codesOf(repositories), 'ResourceNotFound.TcrResourceNotFound')
  })
})
