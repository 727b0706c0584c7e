// Check values made with the official Node SDK's own signing code.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { signTc3, type Tc3Call } from './tc3.ts'

const key = { secretId: 'AKIDEXAMPLE', secretKey: 'SECRETEXAMPLE' }
const call: Tc3Call = {
  method: 'POST',
  query: '',
  contentType: 'application/json',
  host: 'tcr.tencentcloudapi.com',
  service: 'tcr',
  timestamp: 1_700_000_000,
  body: '{"RegistryId":"tcr-00000001","Limit":10}',
}

const vectors: readonly [what: string, call: Tc3Call, signature: string][] = [
  ['a POST', call, '32b62a6ab76c63bee32eea424e2cdbb7a9ebce989e5a98a88c3980c4dbd85618'],
  [
    'a POST to a host with a port, signed without',
    { ...call, host: 'registry.example.com', service: 'registry', body: '{}' },
    '1ce813d6e48af4c10e5f62ba314a40e798e4e083b795807220f3a3c1985342aa',
  ],
  [
    'a GET',
    {
      ...call,
      method: 'GET',
      query: 'Limit=10&Registryids.0=tcr-a%20b',
      contentType: 'application/x-www-form-urlencoded',
      host: 'registry.example.com',
      service: 'registry',
      body: '',
    },
    'fc35a5e6556de032c48557c4c48e8bcbb2ab4056394caf5dd98d46a6463f2637',
  ],
]

describe('TC3-HMAC-SHA256', () => {
  for (const [what, one, signature] of vectors) {
    it(`signs ${what}`, async () => {
      assert.equal(
        await signTc3(key, one),
        `TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2023-11-14/${one.service}/tc3_request, SignedHeaders=content-type;host, Signature=${signature}`,
      )
    })
  }
})
