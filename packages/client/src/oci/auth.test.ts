import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skippingClock } from '../test-endpoint.ts'
import { Authorization, parseChallenge } from './auth.ts'

const origin = 'https://r.example.com'
const scopes = ['repository:a/b:pull']

function unauthorized(challenge: string): Response {
  return new Response('', { status: 401, headers: { 'WWW-Authenticate': challenge } })
}

describe('challenges', () => {
  it('are read with quotes and without', () => {
    const text = 'Bearer realm="https://a.example.com/token",service="a b", error=invalid_token'
    assert.deepEqual(parseChallenge(text), {
      scheme: 'bearer',
      parameters: { realm: 'https://a.example.com/token', service: 'a b', error: 'invalid_token' },
    })
    assert.equal(parseChallenge('Basic realm="x"')?.scheme, 'basic')
    assert.equal(parseChallenge('Digest realm="x"'), undefined)
    assert.equal(parseChallenge(''), undefined)
  })
})

describe('logins', () => {
  const login = { username: 'u', password: 'p' }
  const challenge = unauthorized(`Bearer realm="${origin}/token",service="s"`)

  function start(answer: object, given: typeof login | undefined = login) {
    const clock = skippingClock()
    const asked: { readonly url: string; readonly authorization: string | null }[] = []
    const fetch: typeof globalThis.fetch = async (url, init) => {
      const authorization = new Headers(init?.headers).get('authorization')
      asked.push({ url: String(url), authorization })
      return Response.json(answer)
    }
    return { clock, asked, auth: new Authorization({ fetch, clock, origin, login: given }) }
  }

  it('keep a token as long as it holds, one for each set of scopes', async () => {
    const { auth, asked, clock } = start({ token: 't', expires_in: 300 })
    assert.equal(await auth.header(scopes), undefined)
    assert.equal(auth.learn(challenge, scopes, undefined), true)
    assert.equal(await auth.header(scopes), 'Bearer t')
    await auth.header(scopes)
    assert.equal(asked.length, 1)
    const [first] = asked
    assert.equal(
      first?.url,
      `${origin}/token?service=s&scope=${encodeURIComponent(scopes[0] ?? '')}`,
    )
    assert.equal(first?.authorization, `Basic ${Buffer.from('u:p').toString('base64')}`)
    await auth.header(['repository:c:pull'])
    assert.equal(asked.length, 2)
    await clock.sleep(290_000)
    await auth.header(scopes)
    assert.equal(asked.length, 3)
  })

  it('send no password to others in clear', async () => {
    const { auth, asked } = start({ token: 't' })
    auth.learn(unauthorized('Bearer realm="http://other.example.com/token"'), scopes, undefined)
    await assert.rejects(auth.header(scopes), /without TLS/)
    auth.learn(unauthorized('Bearer realm="/token"'), scopes, undefined)
    await assert.rejects(auth.header(scopes), /no place for tokens/)
    assert.deepEqual(asked, [])
  })

  it('use Basic where it is asked for, once', async () => {
    const { auth } = start({})
    const basic = unauthorized('Basic realm="r"')
    assert.equal(auth.learn(basic, scopes, undefined), true)
    const header = await auth.header(scopes)
    assert.equal(header, `Basic ${Buffer.from('u:p').toString('base64')}`)
    assert.equal(auth.learn(basic, scopes, header), false)
    const { auth: nobody } = start({}, undefined)
    assert.equal(nobody.learn(unauthorized('Negotiate'), scopes, undefined), false)
  })

  it('refuse an answer without a token', async () => {
    const { auth } = start({ nothing: 1 })
    auth.learn(challenge, scopes, undefined)
    await assert.rejects(auth.header(scopes), /gave no token/)
  })
})
