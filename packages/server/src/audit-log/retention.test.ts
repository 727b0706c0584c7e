import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { onEachDatabase } from '../db/test-database.ts'
import { type TestApp, testApp } from '../test-app.ts'

const dayMs = 86_400_000

onEachDatabase('retention of the audit log', (_open, dialect) => {
  let app: TestApp

  before(async () => {
    app = await testApp({ dialect })
  })
  after(() => app.close())

  /** Of `days` ago, and of as many rows. */
  async function insert(instanceId: string | null, days: number, count = 1): Promise<void> {
    const row = {
      at: app.clock.now() - days * dayMs,
      instance_id: instanceId,
      actor: 'test',
      credential: null,
      address: null,
      agent: null,
      action: 'tcr:Test',
      resource: `${instanceId}`,
      reference: null,
      result: 'ok',
      reason: null,
      request_id: null,
      count: days,
      event: 'Test',
    }
    await app.app.db.write(async (tx) => {
      await tx
        .insertInto('audit')
        .values(Array.from({ length: count }, () => row))
        .execute()
    })
  }

  async function kept(instanceId: string | null): Promise<number[]> {
    const rows = await app.app.db.read
      .selectFrom('audit')
      .select('count')
      .where('event', '=', 'Test')
      .where('instance_id', instanceId === null ? 'is' : '=', instanceId)
      .orderBy('count')
      .execute()
    return rows.map((row) => row.count)
  }

  /** The reconciler's next run. */
  async function trim(): Promise<void> {
    app.clock.advance(60 * 60_000)
    await app.app.jobs.idle()
  }

  it('is by edition, by what was set, and of its own for what is of no instance', async () => {
    const { id, edition } = app.instance
    const days = { basic: 7, standard: 15, premium: 30 }[edition]
    await app.app.jobs.idle()
    for (const age of [1, days - 1, days + 1]) await insert(id, age)
    for (const age of [29, 31]) await insert('tcr-gone', age)
    for (const age of [89, 91]) await insert(null, age)
    await trim()
    assert.deepEqual(await kept(id), [1, days - 1])
    assert.deepEqual(await kept('tcr-gone'), [29])
    assert.deepEqual(await kept(null), [89])
    const input = { RegistryId: id, Days: days + 10 }
    await app.api('ModifyAuditRetention', input, { product: 'entrepot' })
    for (const age of [days + 9, days + 11]) await insert(id, age)
    await trim()
    assert.deepEqual(await kept(id), [1, days - 1, days + 9])
  })

  it('takes away more than a batch', async () => {
    await insert('tcr-gone', 40, 650)
    await trim()
    assert.deepEqual(await kept('tcr-gone'), [29])
  })

  it('waits for a forwarding that is behind, within a limit', async () => {
    await app.api(
      'CreateAuditForwarding',
      { Name: 'away', Kind: 'Syslog', Address: '192.0.2.1:601' },
      { product: 'entrepot' },
    )
    const sentUntil = app.clock.now() - 45 * dayMs
    await app.app.db.write(async (tx) => {
      await tx
        .updateTable('audit_forwardings')
        .set({ sent_until: sentUntil, position: Number.MAX_SAFE_INTEGER })
        .execute()
    })
    for (const age of [44, 61]) await insert('tcr-gone', age)
    await trim()
    assert.deepEqual(await kept('tcr-gone'), [29, 44])
    await app.api('DeleteAuditForwarding', { Name: 'away' }, { product: 'entrepot' })
    await trim()
    assert.deepEqual(await kept('tcr-gone'), [29])
  })
})
