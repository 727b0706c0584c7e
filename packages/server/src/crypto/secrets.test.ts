import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '@entrepot/contract/errors.ts'
import { verifyArgon2 } from './argon2.ts'
import {
  hashHumanSecret,
  hashMachineSecret,
  isHumanHash,
  newSecret,
  verifySecret,
} from './secrets.ts'

describe('machine-made secrets', () => {
  it('are 32 letters and digits, and never the same', () => {
    const secrets = new Set(Array.from({ length: 1000 }, () => newSecret()))
    assert.equal(secrets.size, 1000)
    for (const secret of secrets) assert.match(secret, /^[A-Za-z0-9]{32}$/)
  })

  it('are verified by their hash, without a promise', () => {
    const secret = newSecret()
    const stored = hashMachineSecret(secret)
    assert.match(stored, /^sha256:[0-9a-f]{64}$/)
    assert.equal(verifySecret(secret, stored), true)
    assert.equal(verifySecret(`${secret}x`, stored), false)
    assert.equal(verifySecret('', stored), false)
    assert.equal(isHumanHash(stored), false)
  })
})

describe('human-chosen secrets', () => {
  it('are kept as Argon2id with a salt of their own', async () => {
    const [first, second] = await Promise.all([
      hashHumanSecret('hunter2'),
      hashHumanSecret('hunter2'),
    ])
    assert.notEqual(first, second)
    assert.match(first, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    assert.equal(isHumanHash(first), true)
    assert.equal(await verifySecret('hunter2', first), true)
    assert.equal(await verifySecret('hunter3', first), false)
  })

  it('are verified at the cost that the stored text names, as other programs write it', async () => {
    // RFC 9106's reference program: echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1
    const stored =
      '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
    assert.equal(await verifyArgon2('password', stored), true)
    assert.equal(await verifyArgon2('Password', stored), false)
  })

  it('are refused where the stored text is damaged or of a cost that nobody set', async () => {
    for (const stored of [
      '$argon2id$',
      '$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
      '$argon2id$v=19$m=65536,t=999,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
      '$argon2id$v=16$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    ]) {
      assert.equal(await verifyArgon2('password', stored), false, stored)
    }
  })

  it('run few at once; whoever finds the queue full is told to come again', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, () => hashHumanSecret('hunter2')),
    )
    const refused = results.filter((result) => result.status === 'rejected')
    assert.equal(refused.length, 100 - 66)
    for (const { reason } of refused) {
      assert.ok(reason instanceof ApiError && reason.code === 'TOO_MANY_REQUESTS')
      assert.equal(reason.headers['retry-after'], '2')
    }
    assert.equal(await verifySecret('x', await hashHumanSecret('x')), true)
  })
})
