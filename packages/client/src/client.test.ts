import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { getFederationToken } from '@entrepot/contract/sts/sts.ts'
import { createNamespace, describeNamespaces } from '@entrepot/contract/tcr/namespaces.ts'
import { mainKey, type TestApp, testApp } from '@entrepot/server/test-app.ts'
import { type Client, type ClientSettings, createClient, parseEndpoint } from './client.ts'
import { CallError } from './errors.ts'
import { pagesOf } from './pages.ts'
import { skippingClock, type TestEndpoint, testEndpoint } from './test-endpoint.ts'

const isCode = (code: string) => (error: unknown) =>
  error instanceof CallError && error.code === code

describe('calls of a real server', () => {
  let app: TestApp
  let RegistryId: string

  before(async () => {
    app = await testApp()
    RegistryId = app.instance.id
  })
  after(() => app.close())

  function clientOf(settings: Partial<ClientSettings> = {}): Client {
    const clock = { nowMs: () => app.clock.now(), sleep: async () => undefined }
    return createClient({ endpoint: app.url, credential: mainKey, clock, ...settings })
  }

  it('are signed, typed and answered', async () => {
    const client = clientOf()
    const made = await client.call(createNamespace, {
      RegistryId,
      NamespaceName: 'made',
      IsPublic: false,
    })
    assert.match(made.RequestId, /^[0-9a-f-]{36}$/)
    const list = await client.call(describeNamespaces, { RegistryId, NamespaceName: 'made' })
    const [namespace] = list.NamespaceList
    assert.deepEqual([namespace?.Name, namespace?.Public], ['made', false])
  })

  it('that are refused have a code, a message in the language asked for, and a request id', async () => {
    const request = { RegistryId, NamespaceName: 'made', IsPublic: false }
    const words = new Map<string, string>()
    for (const language of ['en-US', 'zh-CN'] as const) {
      await assert.rejects(clientOf({ language }).call(createNamespace, request), (error) => {
        assert.ok(error instanceof CallError)
        assert.ok(error.is('FailedOperation') && !error.is('Failed'))
        assert.match(error.requestId, /^[0-9a-f-]{36}$/)
        words.set(language, error.message)
        return true
      })
    }
    assert.match(words.get('zh-CN') ?? '', /[\u4e00-\u9fff]/)
    assert.doesNotMatch(words.get('en-US') ?? '', /[\u4e00-\u9fff]/)
  })

  it('by a wrong key, without one, or with a token that is none are refused', async () => {
    const call = (credential: ClientSettings['credential']) =>
      clientOf({ credential }).call(describeNamespaces, { RegistryId })
    await assert.rejects(
      call({ ...mainKey, secretKey: 'wrong' }),
      isCode('AuthFailure.SignatureFailure'),
    )
    await assert.rejects(call({ ...mainKey, token: 'none' }), isCode('AuthFailure.TokenFailure'))
    await assert.rejects(
      call(async () => ({ secretId: 'AKIDnobody', secretKey: 'a' })),
      isCode('AuthFailure.SecretIdNotFound'),
    )
    await assert.rejects(call(undefined), (error) => error instanceof CallError)
  })

  it('by temporary keys have their token, and may what the keys may', async () => {
    const statement = { effect: 'allow', action: 'tcr:Describe*', resource: '*' }
    const { Credentials } = await clientOf().call(getFederationToken, {
      Name: 'visitor',
      Policy: JSON.stringify({ version: '2.0', statement: [statement] }),
    })
    const { TmpSecretId: secretId, TmpSecretKey: secretKey, Token: token } = Credentials
    const visitor = clientOf({ credential: async () => ({ secretId, secretKey, token }) })
    const list = await visitor.call(describeNamespaces, { RegistryId, NamespaceName: 'demo' })
    assert.equal(list.TotalCount, 1)
    const request = { RegistryId, NamespaceName: 'by-visitor', IsPublic: false }
    await assert.rejects(visitor.call(createNamespace, request), (error) => {
      return error instanceof CallError && error.is('UnauthorizedOperation')
    })
  })

  it('page through a whole list', async () => {
    const client = clientOf()
    const names = Array.from({ length: 201 }, (_, i) => `page-${i}`)
    for (const NamespaceName of names) {
      await client.call(createNamespace, { RegistryId, NamespaceName, IsPublic: true })
    }
    const seen: unknown[] = []
    let pages = 0
    for await (const page of pagesOf(client, describeNamespaces, { RegistryId })) {
      pages += 1
      seen.push(...page.entries.map((entry) => (entry as { Name: string }).Name))
    }
    assert.equal(pages, 2)
    assert.equal(new Set(seen).size, seen.length)
    assert.ok(names.every((name) => seen.includes(name)))
  })
})

describe('calls', () => {
  let endpoint: TestEndpoint
  let answer: Parameters<typeof testEndpoint>[0] = () => ({})
  const request = { RegistryId: 'tcr-1' }

  before(async () => {
    endpoint = await testEndpoint((call) => answer(call))
  })
  after(() => endpoint.close())

  const clientOf = (settings: Partial<ClientSettings> = {}) =>
    createClient({ endpoint: endpoint.url, credential: mainKey, ...settings })

  it('carry token, region, language, agent and own headers', async () => {
    answer = () => ({})
    const credential = async () => ({ ...mainKey, token: 'of-a-session' })
    const client = clientOf({
      credential,
      region: 'ap-guangzhou',
      language: 'zh-CN',
      agent: 'TEST_1',
      headers: () => ({ 'X-Own': 'yes' }),
    })
    await client.send(describeNamespaces, request)
    const { headers, input } = endpoint.calls.at(-1) ?? assert.fail()
    assert.deepEqual(input, request)
    const names = ['version', 'token', 'region', 'language', 'requestclient']
    assert.deepEqual(
      names.map((name) => headers[`x-tc-${name}`]),
      ['2019-09-24', 'of-a-session', 'ap-guangzhou', 'zh-CN', 'TEST_1'],
    )
    assert.equal(headers['x-own'], 'yes')
  })

  it('that came too fast are repeated, later and later, and not for ever', async () => {
    const clock = skippingClock()
    let refusals = 3
    const refusal = { Error: { Code: 'RequestLimitExceeded', Message: 'too fast' } }
    answer = () => (refusals-- > 0 ? refusal : { TotalCount: 0 })
    const reply = await clientOf({ clock }).send(describeNamespaces, request)
    assert.equal(reply.TotalCount, 0)
    assert.deepEqual(clock.slept, [250, 500, 1000])
    answer = () => refusal
    await assert.rejects(
      clientOf({ clock }).send(describeNamespaces, request),
      isCode('RequestLimitExceeded'),
    )
    assert.equal(clock.slept.length, 3 + 5)
  })

  const bad: readonly [what: string, text: string, status: number][] = [
    ['HTML of a proxy', '<html>Bad gateway</html>', 502],
    ['JSON without an envelope', '{"a":1}', 200],
    ['nothing', '', 204],
  ]
  for (const [what, text, status] of bad) {
    it(`answered by ${what} fail with a code of our own`, async () => {
      answer = () => ({ text, status })
      await assert.rejects(
        clientOf().send(describeNamespaces, request),
        isCode('ClientError.BadReply'),
      )
    })
  }

  it('end at their time limit, at an abort, and where nobody listens', async () => {
    answer = () => 'hang'
    const slow = clientOf({ timeoutMs: 20 })
    await assert.rejects(slow.send(describeNamespaces, request), isCode('ClientError.Timeout'))
    const stop = new AbortController()
    const reason = new Error('enough')
    answer = () => {
      stop.abort(reason)
      return 'hang'
    }
    const { signal } = stop
    await assert.rejects(
      clientOf().send(describeNamespaces, request, { signal }),
      (error) => error === reason,
    )
    const nobody = clientOf({ endpoint: 'http://127.0.0.1:9' })
    await assert.rejects(
      nobody.send(describeNamespaces, request),
      isCode('ClientError.NetworkError'),
    )
  })
})

it('an endpoint is an address without a path', () => {
  assert.equal(parseEndpoint('registry.example.com').origin, 'https://registry.example.com')
  assert.equal(parseEndpoint('http://127.0.0.1:5000').origin, 'http://127.0.0.1:5000')
  for (const wrong of ['http://a/v2', 'ftp://a', '', 'http://u@a', 'http://a?b']) {
    assert.throws(() => parseEndpoint(wrong), TypeError, wrong)
  }
})
