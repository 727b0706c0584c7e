import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addStranger } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { silentLog } from '../log.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { ProcessBeat } from './processes.ts'

onEachDatabase('how the deployment runs', (_open, dialect) => {
  let app: TestApp

  before(async () => {
    app = await testApp({ dialect, env: { ENTREPOT_OUTBOUND_ALLOW: '10.1.2.0/24' } })
  })
  after(() => app.close())

  const system = () => app.api('DescribeSystem', {}, { product: 'entrepot' })

  it('is shown to the operator, without a secret', async () => {
    const shown = await system()
    assert.equal(shown.Error, undefined)
    assert.equal(shown.DatabaseKind, dialect === 'sqlite' ? 'Sqlite' : 'Postgres')
    assert.match(shown.DatabaseVersion, /^\d+\.\d+/)
    assert.ok(shown.DatabaseBytes > 0 && shown.SchemaVersion > 1 && shown.DatabaseLatencyMs >= 0)
    assert.deepEqual(
      [shown.OpenUploads, shown.AccountCount, shown.InstanceCount, shown.ClockPausedUntil],
      [0, 1, 1, null],
    )
    const [storage] = shown.Storages
    assert.deepEqual([storage.Name, storage.Kind, storage.IsReachable], ['default', 'Memory', true])
    type Shown = { readonly Name: string; readonly Value: string | null; readonly IsGiven: boolean }
    const settings = new Map<string, Shown>(shown.Settings.map((one: Shown) => [one.Name, one]))
    assert.equal(settings.get('ENTREPOT_OUTBOUND_ALLOW')?.Value, '10.1.2.0/24')
    assert.deepEqual(settings.get('ENTREPOT_MASTER_KEY'), {
      Name: 'ENTREPOT_MASTER_KEY',
      Value: null,
      IsGiven: true,
      IsSecret: true,
    })
    assert.equal(settings.get('ENTREPOT_LOG_LEVEL')?.IsGiven, false)
    for (const secret of ['test-admin-token', 'Test-password', 'test-secret-key', 'postgres:']) {
      assert.ok(!JSON.stringify(shown).includes(secret), secret)
    }
  })

  it('shows each process until it ends, and one that fell silent as such', async () => {
    const { db, clock } = app.app
    const beats = ['1.0.0', '1.1.0'].map(
      (version) => new ProcessBeat({ db, clock, log: silentLog, version }),
    )
    for (const beat of beats) await beat.beat()
    const both = await system()
    assert.deepEqual(both.Processes.map((one: { Version: string }) => one.Version).sort(), [
      '1.0.0',
      '1.1.0',
    ])
    assert.ok(both.Processes.every((one: { IsAlive: boolean }) => one.IsAlive))
    assert.ok(both.Processes[0].MemoryBytes > 0)
    app.clock.advance(80_000)
    await beats[1]?.beat()
    const silent = await system()
    const alive = silent.Processes.filter((one: { IsAlive: boolean }) => one.IsAlive)
    assert.deepEqual([silent.Processes.length, alive.length, alive[0].Version], [2, 1, '1.1.0'])
    await beats[1]?.stop()
    assert.equal((await system()).Processes.length, 1)
    app.clock.advance(86_400_001)
    await beats[1]?.beat()
    assert.equal((await system()).Processes.length, 1)
  })

  it('is nothing for another account', async () => {
    const stranger = await addStranger(app, 200_000_000_001)
    const refused = await app.api('DescribeSystem', {}, { product: 'entrepot', key: stranger.key })
    assert.equal(refused.Error?.Code, 'UnauthorizedOperation')
  })
})
