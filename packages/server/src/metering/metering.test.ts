// What instances use, counted at the registry and read by the API.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createMainAccount } from '../accounts/accounts.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { createKey } from '../keys/keys.ts'
import { ownerOf } from '../registry/test-client.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { dayOf } from './days.ts'
import { isPrivateNetwork } from './network.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

interface Entry {
  readonly RegistryId: string
  readonly NamespaceName: string | null
  readonly Date: string
  readonly Metric: string
  readonly Value: number
}

onEachDatabase('metering', (_open, dialect) => {
  let app: TestApp

  before(async () => {
    const env = { ENTREPOT_TRUSTED_PROXIES: '127.0.0.0/8' }
    app = await testApp({ dialect, env })
    await app.app.jobs.idle()
  })
  after(() => app.close())

  const today = () => dayOf(app.clock.now())

  async function usage(input: object = {}): Promise<Entry[]> {
    const days = { StartDate: today(), EndDate: today() }
    const answer = await app.api('DescribeUsage', { Limit: 200, ...days, ...input }, own)
    assert.equal(answer.Error, undefined)
    assert.equal(answer.TotalCount, answer.Usage.length)
    return answer.Usage
  }
  const own = { product: 'entrepot' } as const

  const amountOf = (entries: readonly Entry[], metric: string) =>
    entries.find(({ Metric }) => Metric === metric)?.Value

  it('counts requests and bytes by namespace and network, pulls and pushes', async () => {
    const owner = ownerOf(app)
    const layer = 'x'.repeat(100_000)
    const image = await owner.pushImage('demo/app', 'v1', layer)
    const headers = { 'X-Forwarded-For': '203.0.113.9' }
    await owner.call('GET', '/v2/demo/app/manifests/v1')
    await owner.call('HEAD', '/v2/demo/app/manifests/v1')
    await owner.call('GET', `/v2/demo/app/blobs/${image.layer}`, { headers })
    await owner.call('GET', '/v2/made-up/app/manifests/v1')
    await app.app.registry.usage.flush()
    const demo = await usage({ Level: 'Namespace', NamespaceName: 'demo' })
    assert.equal(amountOf(demo, 'Pulls'), 1)
    assert.equal(amountOf(demo, 'Pushes'), 1)
    const inBytes = amountOf(demo, 'PrivateBytesIn') ?? 0
    assert.ok(inBytes > 100_000 && inBytes < 110_000, String(inBytes))
    const outBytes = amountOf(demo, 'PublicBytesOut') ?? 0
    assert.ok(outBytes > 100_000 && outBytes < 102_000, String(outBytes))
    const all = await usage({ Level: 'Namespace', Metrics: ['Requests'] })
    assert.deepEqual(all.map(({ NamespaceName }) => NamespaceName).sort(), ['demo', null])
    const whole = await usage({ Metrics: ['Requests'] })
    const requests = all.reduce((sum, { Value }) => sum + Value, 0)
    assert.deepEqual(whole, [
      {
        RegistryId: app.instance.id,
        NamespaceName: null,
        Date: today(),
        Metric: 'Requests',
        Value: requests,
      },
    ])
  })

  it('loses nothing at an orderly stop', async () => {
    const before = amountOf(await usage(), 'Requests') ?? 0
    const second = await app.beside()
    await ownerOf(app).on(second.url).call('GET', '/v2/')
    await second.close()
    assert.equal(amountOf(await usage(), 'Requests'), before + 1)
  })

  it('meters each hour once, also those in which nobody looked', async () => {
    const { id, edition } = app.instance
    // The first look sets the beginning.
    await app.app.jobs.idle()
    app.clock.advance(30 * hourMs)
    await app.app.jobs.idle()
    app.clock.advance(10 * 60_000)
    await app.app.jobs.idle()
    const metric = `${edition[0]?.toUpperCase()}${edition.slice(1)}Hours`
    const range = { StartDate: dayOf(app.clock.now() - 5 * dayMs), RegistryIds: [id] }
    const [hours] = await usage({ ...range, Metrics: [metric], Grain: 'All' })
    assert.equal(hours?.Value, 30)
    assert.equal(hours?.Date, range.StartDate)
    const days = await usage({ ...range, Metrics: [metric] })
    assert.ok(days.length >= 2)
    assert.equal(
      days.reduce((sum, { Value }) => sum + Value, 0),
      30,
    )
    const stored = await usage({ Metrics: ['StoredBytes'] })
    assert.ok((stored[0]?.Value ?? 0) > 100_000)
    const byName = await usage({ Metrics: ['StoredBytes'], Level: 'Namespace' })
    const demo = byName.find(({ NamespaceName }) => NamespaceName === 'demo')
    assert.ok((demo?.Value ?? 0) > 100_000)
    assert.equal(
      byName.find(({ NamespaceName }) => NamespaceName === null)?.Value,
      stored[0]?.Value,
    )
  })

  it('pages through sums and metrics alike', async () => {
    const range = { StartDate: dayOf(app.clock.now() - 5 * dayMs), EndDate: today() }
    const metrics = { ...range, Metrics: ['Requests', 'Pulls', 'PremiumHours'] }
    const all = await usage(metrics)
    const seen: Entry[] = []
    for (let Offset = 0; Offset < all.length; Offset += 2) {
      const page = await app.api('DescribeUsage', { ...metrics, Offset, Limit: 2 }, own)
      assert.equal(page.TotalCount, all.length)
      seen.push(...page.Usage)
    }
    assert.deepEqual(seen, all)
    const months = await usage({ ...metrics, Grain: 'Month' })
    assert.ok(months.every((entry) => entry.Date >= range.StartDate))
  })

  it("is the account's whose namespace it is, in an instance that is nobody's", async () => {
    const { usage: meter } = app.app.registry
    const instanceId = 'tcr-nobodys'
    const use = { instanceId, inBytes: 1, outBytes: 2, isPrivate: false, event: undefined }
    meter.count({ ...use, namespace: 'mine', ownerUin: Number(app.username) })
    meter.count({ ...use, namespace: '', ownerUin: undefined })
    await meter.flush()
    const of = { RegistryIds: [instanceId], Level: 'Namespace', Metrics: ['PublicBytesOut'] }
    const found = await usage(of)
    assert.deepEqual(
      found.map(({ NamespaceName, Value }) => [NamespaceName, Value]),
      [['mine', 2]],
    )
  })

  it("shows nothing of another account's", async () => {
    const { clock, vault, db } = app.app
    const key = await db.write(async (tx) => {
      const at = clock.now()
      const uin = 300_000_000_001
      await createMainAccount(tx, { uin, name: 'stranger', passwordHash: undefined, at })
      return createKey(tx, vault, { ownerUin: uin, uin, description: '', at })
    })
    const days = { StartDate: today(), EndDate: today() }
    const asked = [{}, { RegistryIds: [app.instance.id] }]
    for (const more of asked) {
      const answer = await app.api('DescribeUsage', { ...days, ...more }, { ...own, key })
      assert.deepEqual(answer.Usage, [])
    }
  })

  const wrong: [what: string, input: object][] = [
    ['a day that there is not', { StartDate: '2026-02-30', EndDate: '2026-03-01' }],
    ['an end before the start', { StartDate: '2026-03-02', EndDate: '2026-03-01' }],
    ['too many days', { StartDate: '2025-01-01', EndDate: '2026-03-01' }],
    ['words', { StartDate: 'today', EndDate: 'today' }],
  ]
  for (const [what, input] of wrong) {
    it(`refuses ${what}`, async () => {
      const answer = await app.api('DescribeUsage', input, own)
      assert.equal(answer.Error?.Code, 'InvalidParameterValue')
    })
  }
})

describe('networks', () => {
  const cases: [string | undefined, string | null, boolean][] = [
    ['a.example.com', '203.0.113.9', false],
    ['a-vpc.example.com', '203.0.113.9', true],
    ['a.example.com', '10.1.2.3', true],
    ['a.example.com', '172.31.0.1', true],
    ['a.example.com', '172.32.0.1', false],
    ['a.example.com', '100.64.0.1', true],
    ['a.example.com', '100.128.0.1', false],
    ['a.example.com', 'fd00::1', true],
    ['a.example.com', '2001:db8::1', false],
    [undefined, null, false],
  ]
  for (const [host, address, expected] of cases) {
    it(`${host} from ${address} is ${expected ? 'private' : 'public'}`, () => {
      assert.equal(isPrivateNetwork({ host, address }), expected)
    })
  }
})
