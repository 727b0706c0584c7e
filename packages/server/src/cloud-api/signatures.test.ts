// Check values made with the official Node SDK's own signing code (reference of the API, 3.2 and 3.3).

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ApiError } from '@entrepot/contract/errors.ts'
import { parseTc3Authorization, type Tc3Message, verifyTc3 } from './tc3.ts'
import { verifyV1 } from './v1.ts'

const secretKey = 'SECRETEXAMPLE'

function authorization(service: string, signature: string, headers = 'content-type;host') {
  return parseTc3Authorization(
    `TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2023-11-14/${service}/tc3_request, SignedHeaders=${headers}, Signature=${signature}`,
  )
}

const post: Tc3Message = {
  method: 'POST',
  query: '',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from('{"RegistryId":"tcr-00000001","Limit":10}'),
  timestamp: 1_700_000_000,
  hosts: ['tcr.tencentcloudapi.com'],
  isEncrypted: true,
}

const vectors: [name: string, message: Tc3Message, service: string, signature: string][] = [
  [
    'POST over https',
    post,
    'tcr',
    '32b62a6ab76c63bee32eea424e2cdbb7a9ebce989e5a98a88c3980c4dbd85618',
  ],
  [
    'POST to a host with a port, signed without',
    {
      ...post,
      body: Buffer.from('{}'),
      hosts: ['registry.example.com:8080', 'registry.example.com'],
      isEncrypted: false,
    },
    'registry',
    '1ce813d6e48af4c10e5f62ba314a40e798e4e083b795807220f3a3c1985342aa',
  ],
  [
    'GET',
    {
      ...post,
      method: 'GET',
      query: 'Limit=10&Registryids.0=tcr-a%20b',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.alloc(0),
      hosts: ['registry.example.com:8080', 'registry.example.com'],
    },
    'registry',
    'fc35a5e6556de032c48557c4c48e8bcbb2ab4056394caf5dd98d46a6463f2637',
  ],
]

describe('TC3-HMAC-SHA256', () => {
  for (const [name, message, service, signature] of vectors) {
    it(name, () => {
      const signed = authorization(service, signature)
      assert.ok(verifyTc3(message, signed, secretKey))
      const wrong: [string, Tc3Message, typeof signed, string][] = [
        ['another body', { ...message, body: Buffer.from('{"a":1}') }, signed, secretKey],
        ['another query', { ...message, query: 'Limit=11' }, signed, secretKey],
        ['another time', { ...message, timestamp: message.timestamp + 1 }, signed, secretKey],
        ['another host', { ...message, hosts: ['other.example.com'] }, signed, secretKey],
        ['another key', message, signed, 'SECRETEXAMPLF'],
        ['another service', message, { ...signed, service: 'cam' }, secretKey],
        ['another date', message, { ...signed, date: '2023-11-15' }, secretKey],
        [
          'another content type',
          { ...message, headers: { 'content-type': 'text/plain' } },
          signed,
          secretKey,
        ],
      ]
      for (const [what, changed, by, key] of wrong) {
        const isSame = what === 'another body' && message.method === 'GET'
        assert.equal(verifyTc3(changed, by, key), isSame, what)
      }
    })
  }

  it('refuses a payload that is not signed, but over TLS', () => {
    const headers = { ...post.headers, 'x-tc-content-sha256': 'UNSIGNED-PAYLOAD' }
    const plain = { ...post, headers, isEncrypted: false }
    const [, , service = '', signature = ''] = vectors[0] ?? []
    assert.equal(verifyTc3(plain, authorization(service, signature), secretKey), false)
  })

  const malformed = [
    '',
    'TC3-HMAC-SHA256',
    'Basic YTpi',
    `TC3-HMAC-SHA256 Credential=a/2023-11-14/tcr/tc3_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    `TC3-HMAC-SHA256 Credential=a/2023-11-14/tcr/tc3_request, SignedHeaders=content-type;host, Signature=0`,
    `TC3-HMAC-SHA256 Credential=a/2023/tcr/tc3_request, SignedHeaders=content-type;host, Signature=${'0'.repeat(64)}`,
  ]
  for (const text of malformed) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseTc3Authorization(text),
        (error) => error instanceof ApiError && error.code === 'AUTHORIZATION_INVALID',
      )
    })
  }
})

describe('the older signature', () => {
  const entries = [
    ['RequestClient', 'SDK_NODEJS_4.1.313'],
    ['Action', 'DescribeInstances'],
    ['Limit', '10'],
    ['Nonce', '1'],
    ['Region', 'ap-guangzhou'],
    ['Registryids.0', 'tcr-a b'],
    ['SecretId', 'AKIDEXAMPLE'],
    ['Timestamp', '1700000000'],
    ['Version', '2019-09-24'],
  ] as const
  const hosts = ['registry.example.com', 'registry.example.com:8080']
  const cases = [
    ['HmacSHA256', '2eGCZ+m2NOowSukxxVt9waXJQrE417PLxEFkw/vgeC0='],
    ['HmacSHA1', '1GXwIT+6eN/OtfCZ714+hLziiww='],
  ] as const
  for (const [method, signature] of cases) {
    it(method, () => {
      const v1 = {
        secretId: 'AKIDEXAMPLE',
        signature,
        method,
        verb: 'POST',
        entries: [...entries, ['SignatureMethod', method] as const],
      }
      assert.ok(verifyV1(v1, hosts, secretKey))
      assert.ok(!verifyV1(v1, ['other.example.com'], secretKey))
      assert.ok(!verifyV1({ ...v1, verb: 'GET' }, hosts, secretKey))
      assert.ok(!verifyV1({ ...v1, entries: entries.slice(1) }, hosts, secretKey))
      assert.ok(!verifyV1(v1, hosts, 'other'))
    })
  }

  it('refuses other methods', () => {
    const v1 = { secretId: 'a', signature: '', method: 'HmacMD5', verb: 'GET', entries }
    assert.throws(() => verifyV1(v1, hosts, secretKey), ApiError)
  })
})
