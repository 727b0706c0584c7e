import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isJson, type Trusted, type TrustValues, trustDocument, trustedBy } from './trust.ts'

const owner = 100000000001
const empty: TrustValues = {
  trust: 'account',
  uin: '',
  service: '',
  provider: '',
  subject: '',
  document: '',
}

describe('a trust policy made from a choice', () => {
  const cases: readonly [values: Partial<TrustValues>, trusted: readonly Trusted[]][] = [
    [{ trust: 'account', uin: '7' }, [{ kind: 'account', name: '7' }]],
    [
      { trust: 'user', uin: '8, 9' },
      [
        { kind: 'user', name: '8' },
        { kind: 'user', name: '9' },
      ],
    ],
    [
      { trust: 'service', service: 'tke.qcloud.com' },
      [{ kind: 'service', name: 'tke.qcloud.com' }],
    ],
    [{ trust: 'provider', provider: 'ci' }, [{ kind: 'provider', name: 'ci' }]],
  ]
  for (const [values, trusted] of cases) {
    it(`trusts ${values.trust} and nobody else`, () => {
      assert.deepEqual(trustedBy(trustDocument({ ...empty, ...values }, owner)), trusted)
    })
  }

  it('asks for what the token says', () => {
    const values = { ...empty, trust: 'provider', provider: 'ci', subject: 'repo:team/*' } as const
    const { statement } = JSON.parse(trustDocument(values, owner))
    assert.deepEqual(statement[0].condition, { string_like: { 'oidc:sub': ['repo:team/*'] } })
    assert.equal(statement[0].action, 'name/sts:AssumeRoleWithWebIdentity')
  })

  it('is what was written by hand', () => {
    assert.equal(trustDocument({ ...empty, trust: 'json', document: '{ }' }, owner), '{ }')
  })
})

describe('what a trust policy says', () => {
  it('is nothing where it denies, or is not to be read', () => {
    const denied = { statement: { effect: 'deny', principal: { service: 'a' } } }
    assert.deepEqual(trustedBy(JSON.stringify(denied)), [])
    for (const document of ['', '{', '[]', 'null', '{"statement":[null]}']) {
      assert.deepEqual(trustedBy(document), [])
    }
  })

  it('is shown as written where it is unknown', () => {
    const odd = { statement: { effect: 'allow', principal: { qcs: ['qcs::cam::odd'] } } }
    assert.deepEqual(trustedBy(JSON.stringify(odd)), [{ kind: 'other', name: 'qcs::cam::odd' }])
  })

  it('is JSON or not', () => {
    assert.deepEqual(['{"a":1}', '{', '[]', ''].map(isJson), [true, false, false, false])
  })
})
