import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import { afterEach, describe, it } from 'node:test'
import { mainKey, type TestApp, testApp } from '../test-app.ts'
import { maxBodyBytes } from './signed-request.ts'
import { sign } from './test-client.ts'

let app: TestApp | undefined
afterEach(async () => {
  await app?.close()
  app = undefined
})

async function start(): Promise<TestApp> {
  app = await testApp()
  return app
}

interface Raw {
  readonly method?: string
  readonly path?: string
  /** In order, repeats included. */
  readonly headers?: readonly (readonly [string, string])[]
  readonly body?: string | Buffer
}

/** As no fetch would send it. */
function send(url: string, { method = 'POST', path = '/', headers = [], body = '' }: Raw) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const req = request(`${url}${path}`, { method }, (res) => {
      let text = ''
      res.setEncoding('utf8')
      res.on('data', (chunk: string) => {
        text += chunk
      })
      res.on('end', () => resolve({ status: res.statusCode ?? 0, text }))
    })
    req.on('error', reject)
    const values = new Map<string, string[]>()
    for (const [name, value] of headers) values.set(name, [...(values.get(name) ?? []), value])
    for (const [name, all] of values) req.setHeader(name, all)
    req.end(body)
  })
}

function signedHeaders(t: TestApp, body: string, over: Readonly<Record<string, string>> = {}) {
  const timestamp = Math.floor(t.clock.now() / 1000)
  const authorization = sign({ key: mainKey, host: '127.0.0.1', service: 'tcr', timestamp, body })
  const headers = {
    'Content-Type': 'application/json',
    'X-TC-Action': 'CreateNamespace',
    'X-TC-Version': '2019-09-24',
    'X-TC-Timestamp': String(timestamp),
    Authorization: authorization,
    ...over,
  }
  return Object.entries(headers)
}

async function codeOf(url: string, raw: Raw): Promise<string> {
  const { status, text } = await send(url, raw)
  assert.equal(status, 200)
  const { Response } = JSON.parse(text) as { Response: { Error?: { Code: string } } }
  return Response.Error?.Code ?? 'ok'
}

describe('a call of the management API', () => {
  it('does what it says, and leaves an audit row', async () => {
    const t = await start()
    const input = { RegistryId: t.instance.id, NamespaceName: 'team', IsPublic: false }
    const made = await t.api('CreateNamespace', input)
    assert.match(made.RequestId, /^[0-9a-f-]{36}$/)
    assert.equal(made.Error, undefined)
    const rows = await t.app.db.read
      .selectFrom('audit')
      .select(['actor', 'credential', 'action', 'resource', 'request_id', 'instance_id'])
      .where('action', '=', 'tcr:CreateNamespace')
      .where('request_id', '=', made.RequestId)
      .execute()
    assert.deepEqual(rows, [
      {
        actor: t.username,
        credential: `api-key:${mainKey.secretId}`,
        action: 'tcr:CreateNamespace',
        resource: `repository/${t.instance.id}/team`,
        request_id: made.RequestId,
        instance_id: t.instance.id,
      },
    ])
    const again = await t.api('CreateNamespace', input)
    assert.equal(again.Error?.Code, 'FailedOperation.ErrorTcrResourceConflict')
  })

  const refused: [what: string, Parameters<TestApp['api']>, code: string][] = [
    ['an unknown action', ['Nonsense'], 'InvalidAction'],
    ['another version', ['CreateNamespace', {}, { product: 'cam' }], 'NoSuchVersion'],
    ['a missing parameter', ['CreateNamespace', {}], 'MissingParameter'],
    ['an undeclared one', ['DescribeInstanceAllNamespaces', { Zone: 1 }], 'UnknownParameter'],
    [
      'an instance that is not there',
      ['CreateNamespace', { RegistryId: 'tcr-00000000', NamespaceName: 'team', IsPublic: true }],
      'ResourceNotFound',
    ],
    [
      'an unknown key',
      ['CreateNamespace', {}, { key: { secretId: 'AKIDnone', secretKey: 'x' } }],
      'AuthFailure.SecretIdNotFound',
    ],
    [
      'a wrong key',
      ['CreateNamespace', {}, { key: { ...mainKey, secretKey: 'x' } }],
      'AuthFailure.SignatureFailure',
    ],
    [
      'a token with a lasting key',
      ['CreateNamespace', {}, { key: { ...mainKey, token: 'x' } }],
      'AuthFailure.TokenFailure',
    ],
  ]
  for (const [what, call, code] of refused) {
    it(`refuses ${what} with ${code}`, async () => {
      const t = await start()
      const answer = await t.api(...call)
      assert.equal(answer.Error?.Code, code)
    })
  }

  it('says what is wrong in the language that was asked for', async () => {
    const t = await start()
    const english = await t.api('CreateNamespace', {})
    const chinese = await t.api('CreateNamespace', {}, { headers: { 'X-TC-Language': 'zh-CN' } })
    assert.equal(english.Error?.Message, 'RegistryId: this parameter is required')
    assert.equal(chinese.Error?.Message, 'RegistryId：缺少必填参数')
  })

  it('is refused when anything that was signed is changed', async () => {
    const t = await start()
    const body = '{}'
    const late = String(Math.floor(t.clock.now() / 1000) - 301)
    const early = String(Math.floor(t.clock.now() / 1000) + 301)
    const cases: [what: string, Raw, code: string][] = [
      ['body', { body: '{"Limit":1}', headers: signedHeaders(t, body) }, 'SignatureFailure'],
      [
        'content type',
        {
          body,
          headers: signedHeaders(t, body, { 'Content-Type': 'application/json; charset=utf-8' }),
        },
        'SignatureFailure',
      ],
      [
        'old',
        { body, headers: signedHeaders(t, body, { 'X-TC-Timestamp': late }) },
        'SignatureExpire',
      ],
      [
        'future',
        { body, headers: signedHeaders(t, body, { 'X-TC-Timestamp': early }) },
        'SignatureExpire',
      ],
      [
        'no signature',
        { body, headers: signedHeaders(t, body).filter(([name]) => name !== 'Authorization') },
        'InvalidAuthorization',
      ],
      [
        'another scheme',
        { body, headers: signedHeaders(t, body, { Authorization: 'Basic YTpi' }) },
        'InvalidAuthorization',
      ],
      [
        'skipped',
        { body, headers: signedHeaders(t, body, { Authorization: 'SKIP' }) },
        'InvalidAuthorization',
      ],
    ]
    for (const [what, raw, code] of cases) {
      assert.equal(await codeOf(t.url, raw), `AuthFailure.${code}`, what)
    }
  })

  it('is refused when two headers could each be meant', async () => {
    const t = await start()
    const body = '{}'
    for (const name of ['X-TC-Action', 'X-TC-Timestamp']) {
      const headers = [...signedHeaders(t, body), [name, 'x'] as const]
      assert.equal(await codeOf(t.url, { body, headers }), 'InvalidRequest', name)
    }
  })

  it('is refused with the envelope when it is no JSON, or too large', async () => {
    const t = await start()
    const broken = '{'
    assert.equal(
      await codeOf(t.url, { body: broken, headers: signedHeaders(t, broken) }),
      'InvalidRequest',
    )
    const large = Buffer.alloc(maxBodyBytes + 1, 32)
    const headers = signedHeaders(t, '{}')
    assert.equal(await codeOf(t.url, { body: large, headers }), 'RequestSizeLimitExceeded')
  })

  it('may come as a GET signed in the older way', async () => {
    const t = await start()
    const parameters: [string, string][] = [
      ['Action', 'CreateNamespace'],
      ['Version', '2019-09-24'],
      ['Nonce', '1'],
      ['Timestamp', String(Math.floor(t.clock.now() / 1000))],
      ['SecretId', mainKey.secretId],
      ['SignatureMethod', 'HmacSHA256'],
      ['RegistryId', t.instance.id],
      ['NamespaceName', 'from-get'],
      ['IsPublic', 'true'],
    ]
    const sorted = [...parameters].sort(([a], [b]) => (a < b ? -1 : 1))
    const text = `GET${new URL(t.url).host}/?${sorted.map((pair) => pair.join('=')).join('&')}`
    const signature = createHmac('sha256', mainKey.secretKey).update(text).digest('base64')
    const query = new URLSearchParams([...parameters, ['Signature', signature]])
    assert.equal(await codeOf(t.url, { method: 'GET', path: `/?${query}` }), 'ok')
    const twice = new URLSearchParams([
      ...parameters,
      ['Signature', signature],
      ['IsPublic', 'false'],
    ])
    assert.equal(await codeOf(t.url, { method: 'GET', path: `/?${twice}` }), 'InvalidRequest')
  })
})
