import assert from 'node:assert/strict'
import { it } from 'node:test'
import { pageAddress } from './oidc-endpoints.ts'

it('a login ends at a page of the console, whatever was asked for', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['/', '/console/'],
    ['/instances?region=x#y', '/console/instances?region=x#y'],
    ['/console/instances', '/console/instances'],
    ['', '/console/'],
    ['instances', '/console/'],
    ['//evil.example', '/console/'],
    ['///evil.example', '/console/'],
    ['https://evil.example/', '/console/'],
    ['/\\evil.example', '/console/'],
    ['\\\\evil.example', '/console/'],
    ['/\t/evil.example', '/console/'],
    ['/a\r\nSet-Cookie: x=1', '/console/'],
    ['javascript:alert(1)', '/console/'],
    ['/../v2/', '/console/'],
    ['/..%2f', '/console/..%2f'],
    ['/%2e%2e/v2/', '/console/'],
    ['/console/../../x', '/console/'],
  ]
  for (const [next, expected] of cases) {
    assert.equal(pageAddress({ prefix: '', isEncrypted: false }, next), expected, next)
  }
  const place = { prefix: '/registry', isEncrypted: true }
  assert.equal(pageAddress(place, '/registry/console/a'), '/registry/console/a')
  assert.equal(pageAddress(place, '/a'), '/registry/console/a')
})
