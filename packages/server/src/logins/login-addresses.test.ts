import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isAllowedFrom } from './login-addresses.ts'

it('lets in from allowed addresses, unless they are denied', () => {
  const office = ['192.0.2.0/24', '2001:db8::/32']
  const cases: [readonly string[], readonly string[], string | null, boolean][] = [
    [office, [], '192.0.2.7', true],
    [office, [], '::ffff:192.0.2.7', true],
    [office, [], '2001:db8::1', true],
    [office, [], '198.51.100.1', false],
    [office, [], null, false],
    [office, ['192.0.2.7'], '192.0.2.7', false],
    [office, ['192.0.2.7'], '192.0.2.8', true],
    [[], ['192.0.2.0/24'], '192.0.2.8', false],
    [[], ['192.0.2.0/24'], '198.51.100.1', true],
    [[], [], null, true],
  ]
  for (const [allowed, denied, address, isIn] of cases) {
    const rules = { isEnabled: true, allowed, denied }
    assert.equal(isAllowedFrom(rules, address), isIn, `${allowed} ${denied} ${address}`)
    assert.equal(isAllowedFrom({ ...rules, isEnabled: false }, address), true)
  }
})
