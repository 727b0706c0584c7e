import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PolicyProblem } from './problem.ts'
import { context, member, owner } from './test-requests.ts'
import { compileTrustPolicy, evaluateTrust, type TrustPrincipal } from './trust.ts'

const provider = `qcs::cam::uin/${owner}:oidc-provider/ci`

function trusting(principal: unknown, more: object = {}) {
  const statement = { effect: 'allow', action: 'name/sts:AssumeRole', principal, ...more }
  return { version: '2.0', statement: [statement] }
}

function effect(document: object, principal: TrustPrincipal, action = 'sts:AssumeRole') {
  const trust = compileTrustPolicy(JSON.stringify(document))
  return evaluateTrust(trust, { action, principal, context }).effect
}

const person: TrustPrincipal = { kind: 'account', uin: member, ownerUin: owner }
const stranger: TrustPrincipal = { kind: 'account', uin: 7, ownerUin: 7 }

describe('a trust policy', () => {
  it('names accounts and people', () => {
    const whole = trusting({ qcs: [`qcs::cam::uin/${owner}:root`] })
    assert.equal(effect(whole, person), 'allow')
    assert.equal(effect(whole, stranger), 'none')
    assert.equal(effect(whole, person, 'sts:AssumeRoleWithWebIdentity'), 'none')
    const one = trusting({ qcs: `qcs::cam::uin/${owner}:uin/${member}` })
    assert.equal(effect(one, person), 'allow')
    assert.equal(effect(one, { ...person, uin: member + 1 }), 'none')
    const anyone = trusting({ qcs: `qcs::cam::uin/${owner}:uin/*` })
    assert.equal(effect(anyone, { ...person, uin: member + 1 }), 'allow')
  })

  it('names roles, by number or name', () => {
    const role = { kind: 'role', ownerUin: owner, roleId: '46', roleName: 'ci' } as const
    for (const name of ['role/46', 'roleName/ci', 'root']) {
      assert.equal(effect(trusting({ qcs: `qcs::cam::uin/${owner}:${name}` }), role), 'allow')
    }
    assert.equal(effect(trusting({ qcs: `qcs::cam::uin/${owner}:role/47` }), role), 'none')
  })

  it('names services and identity providers, with what their tokens say', () => {
    const service = trusting({ service: ['cls.cloud.tencent.com'] })
    assert.equal(effect(service, { kind: 'service', name: 'cls.cloud.tencent.com' }), 'allow')
    assert.equal(effect(service, { kind: 'service', name: 'ckafka.cloud.tencent.com' }), 'none')
    assert.equal(effect(service, person), 'none')
    const trust = compileTrustPolicy(
      JSON.stringify(
        trusting(
          { federated: [provider] },
          {
            action: 'name/sts:AssumeRoleWithWebIdentity',
            condition: { string_like: { 'oidc:sub': 'repo:team/*' } },
          },
        ),
      ),
    )
    const ask = (sub: string) =>
      evaluateTrust(trust, {
        action: 'sts:AssumeRoleWithWebIdentity',
        principal: { kind: 'federated', provider },
        context: { ...context, keys: new Map([['oidc:sub', [sub]]]) },
      }).effect
    assert.deepEqual([ask('repo:team/app'), ask('repo:other/app')], ['allow', 'none'])
  })

  it('may refuse some of those it allows', () => {
    const { statement } = trusting({ qcs: `qcs::cam::uin/${owner}:root` })
    const refusing = {
      ...statement[0],
      effect: 'deny',
      condition: { bool_equal: { 'qcs:mfa': false } },
    }
    assert.equal(effect({ version: '2.0', statement: [...statement, refusing] }, person), 'deny')
  })

  const bad: [document: object, field: string][] = [
    [trusting(undefined), 'statement[0].principal'],
    [trusting('*'), 'statement[0].principal'],
    [trusting({}), 'statement[0].principal'],
    [trusting({ aws: ['x'] }), 'statement[0].principal.aws'],
    [trusting({ qcs: [] }), 'statement[0].principal.qcs'],
    [trusting({ qcs: '*' }), 'statement[0].principal.qcs'],
    [trusting({ service: ['A b'] }), 'statement[0].principal.service[0]'],
    [trusting({ federated: ['https://x'] }), 'statement[0].principal.federated[0]'],
    [trusting({ service: 'a' }, { resource: 'qcs::cam:::role/x' }), 'statement[0].resource'],
  ]
  for (const [document, field] of bad) {
    it(`is refused for ${field}: ${JSON.stringify(document)}`, () => {
      assert.throws(
        () => compileTrustPolicy(JSON.stringify(document)),
        (error) => error instanceof PolicyProblem && error.field === field,
      )
    })
  }
})
