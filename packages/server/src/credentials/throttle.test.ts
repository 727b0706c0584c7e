import assert from 'node:assert/strict'
import { it } from 'node:test'
import { ApiError } from '@entrepot/contract/errors.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { networkOf } from './client-network.ts'
import { basic, openTestDeployment, ownerUin, refusal, type TestServer } from './test-deployment.ts'
import {
  forgetThrottles,
  maxFailuresPerAddress,
  maxFailuresPerName,
  throttleWindowMs,
} from './throttle.ts'

const wrong = 'UNAUTHORIZED: authentication required'
const throttled =
  'TOO_MANY_REQUESTS: too many failed logins from this address; check the credentials and repeat later'

type Ask = (address: string, username: string | number, password: string) => Promise<string>

function asker(server: TestServer, instance: { id: string }): Ask {
  return (address, username, password) =>
    refusal(() =>
      server.authenticator.authenticate(basic(username, password), instance, { address }),
    )
}

onEachDatabase('failed logins', (open) => {
  it('stop a name from an address, over all processes, and nobody else', async () => {
    const { clock, instance, password, startServer } = await openTestDeployment(await open())
    const [one, two] = [asker(await startServer(), instance), asker(await startServer(), instance)]
    for (let tried = 0; tried < maxFailuresPerName; tried++) {
      const ask = tried % 2 ? one : two
      assert.equal(await ask('192.0.2.1', ownerUin, `wrong ${tried}`), wrong)
    }
    for (const ask of [one, two]) {
      assert.equal(await ask('192.0.2.1', ownerUin, 'wrong'), throttled)
      // Or the answer would still tell a guesser.
      assert.equal(await ask('192.0.2.1', ownerUin, password), throttled)
      assert.equal(await ask('::ffff:192.0.2.1', ownerUin, password), throttled)
      assert.equal(await ask('192.0.2.1', 'tcr$other', 'wrong'), wrong)
    }
    // Never by name alone.
    assert.equal(await one('192.0.2.2', ownerUin, password), 'none')
    clock.advance(throttleWindowMs)
    assert.equal(await two('192.0.2.1', ownerUin, password), 'none')
  })

  it('say when to come again', async () => {
    const { clock, instance, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const ask = asker(server, instance)
    for (let tried = 0; tried < maxFailuresPerName; tried++) {
      await ask('192.0.2.1', ownerUin, 'wrong')
    }
    clock.advance(100_000)
    const authorization = basic(ownerUin, 'wrong')
    await assert.rejects(
      async () =>
        server.authenticator.authenticate(authorization, instance, { address: '192.0.2.1' }),
      (error) => error instanceof ApiError && error.headers['retry-after'] === '200',
    )
  })

  it('of many names count for their address, an IPv6 client’s whole network', async () => {
    const { instance, password, startServer } = await openTestDeployment(await open())
    const ask = asker(await startServer(), instance)
    for (let tried = 0; tried < maxFailuresPerAddress; tried++) {
      const address = `2001:db8:0:1::${tried.toString(16)}`
      assert.equal(await ask(address, `tcr$n${tried}`, 'wrong'), wrong)
    }
    assert.equal(await ask('2001:db8:0:1:ffff::1', ownerUin, password), throttled)
    assert.equal(await ask('2001:db8:0:2::1', ownerUin, password), 'none')
  })

  it('are forgotten when their time is over; a login that succeeds writes nothing', async () => {
    const { db, clock, instance, password, startServer } = await openTestDeployment(await open())
    const ask = asker(await startServer(), instance)
    const count = async () =>
      (await db.read.selectFrom('login_throttles').selectAll().execute()).length
    assert.equal(await ask('192.0.2.1', ownerUin, password), 'none')
    assert.equal(await count(), 0)
    await ask('192.0.2.1', ownerUin, 'wrong')
    assert.equal(await count(), 2)
    assert.equal(await db.write((tx) => forgetThrottles(tx, clock.now(), 500)), 0)
    clock.advance(throttleWindowMs)
    assert.equal(await db.write((tx) => forgetThrottles(tx, clock.now(), 500)), 2)
    assert.equal(await count(), 0)
  })
})

it('networkOf joins what one client can choose from', () => {
  const cases: [string | null, string][] = [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['::1', '::/64'],
    ['nonsense', 'unknown'],
    ['', 'unknown'],
    [null, 'unknown'],
  ]
  for (const [address, expected] of cases) assert.equal(networkOf(address), expected)
})
