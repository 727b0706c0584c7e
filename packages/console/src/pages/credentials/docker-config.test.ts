import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dockerConfig, pullSecret, secretName } from './docker-config.ts'

const login = { host: 'prod.example:5000', user: 'tcr$ci', password: 'Pässword-1' }

describe('a login as a file', () => {
  it('is what docker reads', () => {
    const { auths } = JSON.parse(dockerConfig(login))
    const auth = Buffer.from(auths['prod.example:5000'].auth, 'base64').toString()
    assert.equal(auth, 'tcr$ci:Pässword-1')
  })

  it('is what Kubernetes reads', () => {
    const secret = pullSecret(login, 'registry-ci')
    const data = /^ {2}\.dockerconfigjson: (\S+)$/m.exec(secret)?.[1] ?? ''
    assert.equal(Buffer.from(data, 'base64').toString(), dockerConfig(login))
    assert.match(secret, /^type: kubernetes\.io\/dockerconfigjson$/m)
  })

  const names = [
    ['100000000001', 'registry-100000000001'],
    ['tcr$ci_prod.2', 'registry-tcr-ci-prod-2'],
  ] as const
  for (const [user, want] of names) {
    it(`of ${user} is named ${want}`, () => assert.equal(secretName(user), want))
  }
})
