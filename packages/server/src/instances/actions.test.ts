// The API's actions on instances, as Terraform and the official examples use them.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { maxInstancesPerAccount } from '@entrepot/contract/editions.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { outcome, ownerOf } from '../registry/test-client.ts'
import { addCredential } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'

const baseDomain = 'registry.example.com'
const dayMs = 86_400_000

onEachDatabase('the API of instances', (_open, dialect) => {
  let app: TestApp

  before(async () => {
    app = await testApp({ dialect, env: { ENTREPOT_BASE_DOMAIN: baseDomain } })
  })
  after(() => app.close())

  async function create(name: string, more: object = {}): Promise<string> {
    const answer = await app.api('CreateInstance', {
      RegistryName: name,
      RegistryType: 'basic',
      ...more,
    })
    assert.equal(answer.Error, undefined)
    return answer.RegistryId
  }

  async function createReady(name: string, more: object = {}): Promise<string> {
    const id = await create(name, more)
    await app.app.jobs.idle()
    return id
  }

  async function show(id: string) {
    const { Registries } = await app.api('DescribeInstances', { Registryids: [id] })
    return Registries[0]
  }

  async function destroy(id: string, more: object = {}): Promise<void> {
    const answer = await app.api('DeleteInstance', { RegistryId: id, ...more })
    assert.equal(answer.Error, undefined)
    await app.app.jobs.idle()
    assert.equal(await show(id), undefined)
  }

  const code = async (action: string, input: object, product: 'tcr' | 'entrepot' = 'tcr') =>
    (await app.api(action, input, { product })).Error?.Code ?? 'ok'

  it('goes from Pending to Running, and shows every field', async () => {
    const id = await create('shown-one', {
      RegistryType: 'standard',
      TagSpecification: { ResourceType: 'instance', Tags: [{ Key: 'team', Value: 'a' }] },
      DeletionProtection: true,
      EnableCosMAZ: true,
      SyncTag: true,
    })
    assert.match(id, /^tcr-[a-z0-9]{8}$/)
    assert.equal((await show(id)).Status, 'Pending')
    const waiting = await app.api('DescribeInstanceStatus', { RegistryIds: [id] })
    assert.equal(waiting.RegistryStatusSet[0].Status, 'Pending')
    const valid = await app.api('CheckInstance', { RegistryId: id })
    assert.equal(valid.IsValidated, false)
    const input = { RegistryId: id, NamespaceName: 'early', IsPublic: false }
    const early = await app.api('CreateNamespace', input)
    assert.equal(early.Error?.Code, 'ResourceInsufficient.ErrorInstanceNotRunning')
    await app.app.jobs.idle()
    const { CreatedAt, RegionId, ...shown } = await show(id)
    assert.match(CreatedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/)
    assert.ok(RegionId >= 100_000)
    assert.deepEqual(shown, {
      RegistryId: id,
      RegistryName: 'shown-one',
      RegistryType: 'standard',
      Status: 'Running',
      PublicDomain: `shown-one.${baseDomain}`,
      RegionName: app.config.region,
      EnableAnonymous: true,
      TokenValidTime: 87_600,
      InternalEndpoint: `shown-one-vpc.${baseDomain}`,
      TagSpecification: { ResourceType: 'instance', Tags: [{ Key: 'team', Value: 'a' }] },
      ExpiredAt: '',
      PayMod: 0,
      RenewFlag: 0,
      DeletionProtection: true,
      AIFeature: false,
      EnableCosMAZ: true,
      EnableCosVersioning: false,
    })
    const status = await app.api('DescribeInstanceStatus', { RegistryIds: [id] })
    assert.deepEqual(status.RegistryStatusSet, [
      {
        RegistryId: id,
        Status: 'Running',
        Conditions: [{ Type: '', Status: 'Running', Reason: '' }],
      },
    ])
    assert.equal((await app.api('CheckInstance', { RegistryId: id })).IsValidated, true)
    const off = { RegistryId: id, DeletionProtection: false }
    assert.equal(
      (await app.api('DeleteInstance', { RegistryId: id })).Error?.Code,
      'OperationDenied',
    )
    assert.equal(await code('ModifyInstance', off), 'ok')
    for (const EnableCosVersioning of [true, false]) {
      assert.equal(await code('ModifyInstance', { RegistryId: id, EnableCosVersioning }), 'ok')
      const { EnableCosMAZ, ...switched } = await show(id)
      assert.deepEqual([EnableCosMAZ, switched.EnableCosVersioning], [true, EnableCosVersioning])
    }
    await destroy(id)
  })

  it('answers at its host, apart from the others', async () => {
    const id = await createReady('by-host')
    await app.api('CreateNamespace', { RegistryId: id, NamespaceName: 'team', IsPublic: true })
    const found = await app.app.registry.directory.find(`by-host.${baseDomain}`)
    assert.equal(found?.id, id)
    const login = await addCredential(app, { ...app.instance, id })
    const client = ownerOf(app).as(login.authorization).at(`by-host.${baseDomain}`)
    const { digest } = await client.pushImage('team/app', 'latest')
    assert.equal(outcome(await client.call('GET', `/v2/team/app/manifests/${digest}`)), '200')
    const elsewhere = await ownerOf(app).call('GET', `/v2/team/app/manifests/${digest}`)
    assert.equal(elsewhere.status, 404)
    const keys = await app.store.list('backends/', undefined, 100, AbortSignal.timeout(5000))
    assert.ok(keys.length >= 2, 'its bytes lie in a section of its own')
    const refused = await app.api('DeleteInstance', { RegistryId: id })
    assert.equal(refused.Error?.Code, 'FailedOperation.PreconditionFailed')
    assert.match(refused.Error?.Message ?? '', /namespaces \(team\)/)
    await app.api('DeleteRepository', {
      RegistryId: id,
      NamespaceName: 'team',
      RepositoryName: 'app',
      ForceDelete: true,
    })
    assert.equal(await code('DeleteNamespace', { RegistryId: id, NamespaceName: 'team' }), 'ok')
    const dry = await app.api('DeleteInstance', { RegistryId: id, DryRun: true })
    assert.equal(dry.Error?.Code, 'DryRunOperation')
    assert.equal((await show(id)).Status, 'Running')
    await destroy(id, { DeleteBucket: true })
    app.clock.advance(dayMs)
    await app.app.jobs.idle()
    app.clock.advance(dayMs)
    await app.app.jobs.idle()
    const left = await app.store.list('backends/', undefined, 100, AbortSignal.timeout(5000))
    assert.deepEqual(left, [], 'its bytes went with it')
    const rows = await app.app.db.read
      .selectFrom('storage_backends')
      .select('id')
      .where('instance_id', '=', id)
      .execute()
    assert.deepEqual(rows, [])
  })

  it('lists by ids, names and pages, as Terraform asks', async () => {
    const ids = [await createReady('list-a'), await createReady('list-b')]
    const names = async (input: object) => {
      const list = await app.api('DescribeInstances', input)
      return list.Registries.map((one: { RegistryName: string }) => one.RegistryName)
    }
    assert.deepEqual(await names({ Limit: 200, Offset: 0 }), ['default', 'list-a', 'list-b'])
    assert.deepEqual(await names({ Limit: 1, Offset: 1 }), ['list-a'])
    assert.deepEqual(await names({ Limit: 200, Offset: 200 }), [])
    assert.deepEqual(await names({ Registryids: [ids[1]], Limit: 200 }), ['list-b'])
    assert.deepEqual(await names({ Registryids: ['tcr-nothere1'] }), [])
    const byName = (...Values: string[]) => ({ Filters: [{ Name: 'RegistryName', Values }] })
    assert.deepEqual(await names(byName('list-a', 'list-b')), ['list-a', 'list-b'])
    assert.deepEqual(await names(byName('list')), [])
    assert.deepEqual(await names({ ...byName('list-a'), AllRegion: true }), ['list-a'])
    const total = await app.api('DescribeInstances', { Limit: 1 })
    assert.equal(total.TotalCount, 3)
    const wrong = { Filters: [{ Name: 'Zone', Values: [] }] }
    assert.equal(await code('DescribeInstances', wrong), 'InvalidParameterValue')
    assert.equal(
      await code('DescribeInstanceStatus', { RegistryIds: [ids[0], 'tcr-nothere1'] }),
      'ResourceNotFound',
    )
    assert.equal(await code('CheckInstance', { RegistryId: 'tcr-nothere1' }), 'ResourceNotFound')
    for (const id of ids) await destroy(id)
  })

  it('lets one of many win a name, and ten of many a place', async () => {
    const input = (RegistryName: string) => ({ RegistryName, RegistryType: 'basic' })
    const wanted = await Promise.all(
      Array.from({ length: 12 }, () => app.api('CreateInstance', input('wanted'))),
    )
    const codes = wanted.map((answer) => answer.Error?.Code ?? 'ok')
    assert.equal(codes.filter((one) => one === 'ok').length, 1)
    assert.ok(codes.every((one) => one === 'ok' || one === 'InvalidParameter.ErrorNameExists'))
    const many = await Promise.all(
      Array.from({ length: 14 }, (_, at) => app.api('CreateInstance', input(`place-${at}`))),
    )
    const made = many.filter((answer) => !answer.Error)
    // The default one, and the one that was wanted.
    assert.equal(made.length, maxInstancesPerAccount - 2)
    const refused = many.find((answer) => answer.Error)
    assert.equal(refused?.Error?.Code, 'OperationDenied.QuotaOverLimit')
    await app.app.jobs.idle()
    for (const { RegistryId } of [...made, ...wanted.filter((answer) => !answer.Error)]) {
      await destroy(RegistryId)
    }
  })

  const names: readonly (readonly [name: string, detail: number, code: string])[] = [
    ['ab', 1, 'InvalidParameter.ErrorRegistryName'],
    ['a'.repeat(51), 1, 'InvalidParameter.ErrorRegistryName'],
    ['-leading', 1, 'InvalidParameter.ErrorNameIllegal'],
    ['Capitals', 1, 'InvalidParameter.ErrorNameIllegal'],
    ['console', 2, 'InvalidParameter.ErrorNameReserved'],
    ['shop-vpc', 2, 'InvalidParameter.ErrorNameReserved'],
  ]
  for (const [RegistryName, detail, expected] of names) {
    it(`refuses the name ${RegistryName.slice(0, 12)}`, async () => {
      const check = await app.api('CheckInstanceName', { RegistryName })
      assert.deepEqual([check.IsValidated, check.DetailCode], [false, detail])
      assert.equal(await code('CreateInstance', { RegistryName, RegistryType: 'basic' }), expected)
    })
  }

  it('tells names that are free from taken ones', async () => {
    const check = (RegistryName: string) => app.api('CheckInstanceName', { RegistryName })
    const free = await check('free-name')
    assert.deepEqual([free.IsValidated, free.DetailCode], [true, 0])
    const id = await createReady('taken-name')
    const taken = await check('taken-name')
    assert.deepEqual([taken.IsValidated, taken.DetailCode], [false, 3])
    await destroy(id)
    assert.equal((await check('taken-name')).DetailCode, 0)
  })

  it('goes up in its edition at once, and down when nothing stands against it', async () => {
    const id = await createReady('edition-one')
    const change = (RegistryType: string) =>
      app.api('ModifyInstance', { RegistryId: id, RegistryType })
    const quotas = async () => {
      const { Quotas } = await app.api(
        'DescribeInstanceQuota',
        { RegistryId: id },
        { product: 'entrepot' },
      )
      return Object.fromEntries(
        Quotas.map((one: { Name: string; Limit: number | null }) => [one.Name, one.Limit]),
      )
    }
    assert.deepEqual(await quotas(), {
      Namespaces: 50,
      Repositories: 1000,
      ChartRepositories: 1000,
      VpcLinks: 5,
      StoredBytes: null,
    })
    assert.equal((await change('premium')).Error, undefined)
    assert.equal((await quotas()).Namespaces, 500)
    const raised = { TargetRegistryId: id, Quotas: [{ Name: 'Repositories', Limit: 9000 }] }
    assert.equal(await code('ModifyInstanceQuota', raised, 'entrepot'), 'ok')
    await app.api('CreateNamespace', { RegistryId: id, NamespaceName: 'gate', IsPublic: false })
    const block = { RegistryId: id, NamespaceName: 'gate', IsPreventVUL: true }
    assert.equal(await code('ModifyNamespace', block), 'ok')
    const refused = await change('basic')
    assert.equal(refused.Error?.Code, 'FailedOperation.PreconditionFailed')
    assert.match(refused.Error?.Message ?? '', /block-vulnerable: namespace gate/)
    assert.equal((await change('standard')).Error, undefined)
    assert.deepEqual(
      [(await quotas()).Namespaces, (await quotas()).Repositories],
      [100, 9000],
      'what an operator set stays',
    )
    assert.equal((await show(id)).RegistryType, 'standard')
    await app.api('DeleteNamespace', { RegistryId: id, NamespaceName: 'gate' })
    const lifted = { Quotas: [{ Name: 'Repositories' }, { Name: 'StoredBytes', Limit: 5 }] }
    assert.equal(
      await code('ModifyInstanceQuota', { TargetRegistryId: id, ...lifted }, 'entrepot'),
      'ok',
    )
    assert.deepEqual([(await quotas()).Repositories, (await quotas()).StoredBytes], [3000, 5])
    await destroy(id)
  })

  it('becomes read-only when what was paid ends, and writable by renewal', async () => {
    const prepaid = { Period: 1, RenewFlag: 0 }
    const input = { RegistryName: 'prepaid-one', RegistryType: 'basic', RegistryChargeType: 1 }
    assert.equal(await code('CreateInstance', input), 'MissingParameter')
    const id = await createReady('prepaid-one', {
      RegistryChargeType: 1,
      RegistryChargePrepaid: prepaid,
    })
    const paid = await show(id)
    assert.equal(paid.PayMod, 1)
    assert.match(paid.ExpiredAt, /^\d{4}-\d\d-\d\d$/)
    await app.api('CreateNamespace', { RegistryId: id, NamespaceName: 'team', IsPublic: false })
    const login = await addCredential(app, { ...app.instance, id })
    const client = ownerOf(app).as(login.authorization).at(`prepaid-one.${baseDomain}`)
    const { digest } = await client.pushImage('team/app', 'latest')
    app.clock.advance(32 * dayMs)
    await app.app.jobs.idle()
    assert.equal((await show(id)).Status, 'Isolate')
    const pushed = await client.call('POST', '/v2/team/app/blobs/uploads/')
    assert.equal(outcome(pushed), '403 DENIED')
    assert.match(pushed.text, /prepaid-one was paid until .* can be pulled from/)
    assert.equal(outcome(await client.call('GET', `/v2/team/app/manifests/${digest}`)), '200')
    const path = `/v2/team/app/manifests/${digest}`
    assert.equal(outcome(await client.call('DELETE', path)), '403 DENIED')
    const more = { RegistryId: id, NamespaceName: 'more', IsPublic: false }
    assert.equal(await code('CreateNamespace', more), 'OperationDenied')
    const renew = { RegistryId: id, RegistryChargePrepaid: prepaid }
    assert.equal(await code('RenewInstance', { ...renew, Flag: 1 }), 'OperationDenied')
    assert.equal(await code('RenewInstance', { ...renew, Flag: 0 }), 'ok')
    assert.equal((await show(id)).Status, 'Running')
    app.clock.advance(2000)
    const after = await client.call('POST', '/v2/team/app/blobs/uploads/')
    assert.equal(after.status, 202)
    await client.call('DELETE', after.headers.location ?? '')
  })

  it('renews itself where that was asked for', async () => {
    const id = await createReady('renewing', {})
    const terms = { RegistryChargePrepaid: { Period: 1, RenewFlag: 1 } }
    assert.equal(
      await code('RenewInstance', { RegistryId: id, ...terms, Flag: 0 }),
      'OperationDenied',
    )
    assert.equal(await code('RenewInstance', { RegistryId: id, ...terms, Flag: 1 }), 'ok')
    const before = (await show(id)).ExpiredAt
    app.clock.advance(40 * dayMs)
    assert.equal((await show(id)).Status, 'Running')
    await app.app.jobs.idle()
    const after = await show(id)
    assert.ok(after.ExpiredAt > before)
    assert.equal(after.RenewFlag, 1)
    await destroy(id)
  })

  it('keeps the default instance, and tells the region', async () => {
    assert.equal(await code('DeleteInstance', { RegistryId: app.instance.id }), 'OperationDenied')
    const regions = await app.api('DescribeRegions')
    assert.equal(regions.TotalCount, 1)
    const [region] = regions.Regions
    assert.equal(region.RegionName, app.config.region)
    const check = await app.api('CheckInstance', { RegistryId: app.instance.id })
    assert.equal(region.RegionId, check.RegionId)
  })

  it('switches anonymous pulls, and limits the bytes of a namespace', async () => {
    const RegistryId = app.instance.id
    const own = (action: string, input: object) => app.api(action, input, { product: 'entrepot' })
    await own('ModifyInstanceAnonymousAccess', { RegistryId, EnableAnonymous: false })
    assert.equal((await show(RegistryId)).EnableAnonymous, false)
    await own('ModifyInstanceAnonymousAccess', { RegistryId, EnableAnonymous: true })
    const place = { RegistryId, NamespaceName: 'demo' }
    await own('ModifyNamespaceQuota', { ...place, LimitBytes: 1000 })
    assert.equal((await own('DescribeNamespaceQuota', place)).LimitBytes, 1000)
    await own('ModifyNamespaceQuota', { ...place, LimitBytes: -1 })
    assert.equal((await own('DescribeNamespaceQuota', place)).LimitBytes, null)
    const missing = await own('DescribeNamespaceQuota', { RegistryId, NamespaceName: 'nowhere' })
    assert.equal(missing.Error?.Code, 'ResourceNotFound.TcrResourceNotFound')
  })
})

onEachDatabase('instances without a base domain', (_open, dialect) => {
  it('are shown by the host that the client used', async () => {
    const app = await testApp({ dialect })
    const list = await app.api('DescribeInstances')
    assert.equal(list.Registries[0].PublicDomain, new URL(app.url).host)
    await app.close()
  })
})
