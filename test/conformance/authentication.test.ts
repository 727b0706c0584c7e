// Who is asked to prove it, and how (distribution docs/content/spec/auth/{token,scope,oauth}.md).
// Runs where a challenge with a token is given; where everything is open there is nothing to test.
import assert from 'node:assert/strict'
import { describe, type TestContext } from 'node:test'
import { basic, type Challenge, parseChallenge } from './authentication.ts'
import * as made from './content.ts'
import { type Reply, send } from './http-client.ts'
import * as manifests from './manifests.ts'
import { expectErrorBody, expectStatus, single } from './reply-checks.ts'
import type { Feature } from './settings.ts'
import { conforms, openTarget } from './target.ts'

const registry = await openTarget()
const { username, password } = registry.credentials
const open = (await registry.call('GET', '/v2/', { authorization: 'none' })).status === 200

function guarded(
  name: string,
  needs: readonly Feature[],
  run: (t: TestContext) => Promise<void>,
): void {
  conforms(registry, name, needs, async (t) => {
    if (open) return t.skip('/v2/ is open to everyone')
    await run(t)
  })
}

async function challenge(method: string, path: string): Promise<Challenge> {
  const reply = await registry.call(method, path, { authorization: 'none' })
  expectStatus(reply, 401)
  const found = parseChallenge(single(reply, 'WWW-Authenticate'))
  assert.ok(found !== undefined, reply.describe())
  return found
}

interface TokenReply {
  readonly token?: unknown
  readonly access_token?: unknown
  readonly expires_in?: unknown
  readonly issued_at?: unknown
  readonly refresh_token?: unknown
  readonly scope?: unknown
}

function readToken(reply: Reply): TokenReply {
  expectStatus(reply, 200)
  assert.match(single(reply, 'Content-Type'), /^application\/json\b/)
  const body = reply.json()
  assert.ok(typeof body === 'object' && body !== null)
  return body
}

/** The realm asked with GET, as the challenge says. */
async function askToken(
  found: Challenge,
  query: Readonly<Record<string, string | readonly string[]>>,
  authorization: string | undefined = basic(username, password),
): Promise<Reply> {
  const url = new URL(found.parameters.get('realm') ?? '')
  url.searchParams.set('service', found.parameters.get('service') ?? '')
  for (const [name, value] of Object.entries(query)) {
    for (const one of typeof value === 'string' ? [value] : value)
      url.searchParams.append(name, one)
  }
  const headers: Record<string, string> = {}
  if (authorization !== undefined) headers.Authorization = authorization
  return send({ method: 'GET', url, headers })
}

async function postToken(found: Challenge, form: Record<string, string>): Promise<Reply> {
  const url = new URL(found.parameters.get('realm') ?? '')
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const body = Buffer.from(new URLSearchParams(form).toString())
  return send({ method: 'POST', url, headers, body })
}

describe('the challenge', () => {
  guarded(
    '/v2/ without credentials: 401 and a challenge (Docker login, zot#4033)',
    [],
    async () => {
      const reply = await registry.call('GET', '/v2/', { authorization: 'none' })
      expectStatus(reply, 401)
      expectErrorBody(reply, 'UNAUTHORIZED')
      single(reply, 'WWW-Authenticate')
    },
  )

  const asks: readonly (readonly [string, string, string])[] = [
    ['GET', `manifests/latest`, 'pull'],
    ['HEAD', `manifests/latest`, 'pull'],
    ['GET', `blobs/${made.missingDigest()}`, 'pull'],
    ['GET', 'tags/list', 'pull'],
    ['GET', `referrers/${made.missingDigest()}`, 'pull'],
    ['POST', 'blobs/uploads/', 'pull,push'],
    ['PUT', 'manifests/latest', 'pull,push'],
    ['DELETE', 'manifests/latest', 'delete'],
  ]
  for (const [method, path, actions] of asks) {
    guarded(`${method} ${path.split('/')[0]}: scope with ${actions}`, ['entrepot'], async () => {
      const repository = registry.freshRepository()
      const found = await challenge(method, `/v2/${repository}/${path}`)
      assert.equal(found.scheme, 'bearer')
      const scope = found.parameters.get('scope') ?? ''
      assert.ok(scope.startsWith(`repository:${repository}:`), scope)
      for (const action of actions.split(','))
        assert.ok(scope.endsWith(action) || scope.includes(action))
    })
  }

  guarded('a mount: the scopes of both repositories at once', ['entrepot'], async () => {
    // A client that answers one challenge and not a second would else never mount.
    const [target, source] = [registry.freshRepository(), registry.otherRepository()]
    const query = new URLSearchParams({ mount: made.missingDigest(), from: source })
    const found = await challenge('POST', `/v2/${target}/blobs/uploads/?${query}`)
    const scopes = (found.parameters.get('scope') ?? '').split(' ')
    const wanted = [`repository:${source}:pull`, `repository:${target}:pull,push`]
    assert.deepEqual(scopes.sort(), wanted.sort())
  })

  guarded('wrong credentials: 401, whatever exists', [], async () => {
    const authorization = basic(username, `${password}x`)
    for (const path of ['/v2/', `/v2/${registry.freshRepository()}/tags/list`]) {
      expectStatus(await registry.call('GET', path, { authorization }), 401)
    }
  })

  for (const text of ['Bearer nonsense', 'Bearer', 'Basic !!!', 'Digest x', 'Bearer a.b.c']) {
    guarded(`Authorization: ${text}: 401, never 500`, [], async () => {
      const reply = await registry.call('GET', '/v2/', { authorization: text })
      expectStatus(reply, 401)
    })
  }

  guarded('Basic straight on /v2/', ['entrepot'], async () => {
    const authorization = basic(username, password)
    expectStatus(await registry.call('GET', '/v2/', { authorization }), 200)
    const repository = registry.freshRepository()
    const path = `/v2/${repository}/blobs/uploads/`
    const reply = await registry.call('POST', path, { authorization })
    expectStatus(reply, 202)
    const location = new URL(single(reply, 'Location'), registry.origin).href
    expectStatus(await registry.call('DELETE', location, { authorization }), 204)
  })
})

describe('tokens by GET', () => {
  guarded('the answer has what every client looks for', ['entrepot'], async () => {
    const scope = `repository:${registry.freshRepository()}:pull,push`
    const body = readToken(await askToken(await challenge('GET', '/v2/'), { scope }))
    assert.equal(typeof body.token, 'string')
    assert.equal(body.access_token, body.token)
    assert.ok(typeof body.expires_in === 'number' && body.expires_in >= 60)
    assert.ok(typeof body.issued_at === 'string' && !Number.isNaN(Date.parse(body.issued_at)))
    assert.equal(body.refresh_token, undefined)
  })

  guarded('no scope at all (docker login)', ['entrepot'], async () => {
    const query = { account: username, client_id: 'docker', offline_token: 'true' }
    const body = readToken(await askToken(await challenge('GET', '/v2/'), query))
    assert.equal(typeof body.refresh_token, 'string')
    const authorization = `Bearer ${String(body.token)}`
    expectStatus(await registry.call('GET', '/v2/', { authorization }), 200)
  })

  guarded('more than allowed is no error: the intersection', ['entrepot'], async () => {
    const scope = [
      'repository:no-such-namespace/secret:pull,push,delete',
      'registry:catalog:*',
      'unknown:thing:do',
      'repository(plugin):a/b:pull',
      'repository:localhost:5000/a/b:pull',
    ]
    readToken(await askToken(await challenge('GET', '/v2/'), { scope }))
  })

  guarded('several scopes, several in one', ['entrepot'], async () => {
    const [one, two] = [registry.freshRepository(), registry.otherRepository()]
    const found = await challenge('GET', '/v2/')
    for (const scope of [
      [`repository:${one}:pull,push`, `repository:${two}:pull`],
      `repository:${one}:pull,push repository:${two}:pull`,
    ]) {
      const { token } = readToken(await askToken(found, { scope }))
      const authorization = `Bearer ${String(token)}`
      const path = `/v2/${one}/blobs/uploads/`
      const reply = await registry.call('POST', path, { authorization })
      expectStatus(reply, 202)
      const location = new URL(single(reply, 'Location'), registry.origin).href
      expectStatus(await registry.call('DELETE', location), 204)
      expectStatus(await registry.call('GET', `/v2/${two}/tags/list`, { authorization }), 404)
    }
  })

  guarded('a token without the scope: 401 insufficient_scope', ['entrepot'], async () => {
    const repository = registry.freshRepository()
    const found = await challenge('GET', '/v2/')
    const scope = `repository:${repository}:pull`
    const { token } = readToken(await askToken(found, { scope }))
    const authorization = `Bearer ${String(token)}`
    const reply = await registry.call('POST', `/v2/${repository}/blobs/uploads/`, { authorization })
    expectStatus(reply, 401)
    const again = parseChallenge(single(reply, 'WWW-Authenticate'))
    assert.equal(again?.parameters.get('error'), 'insufficient_scope')
    expectErrorBody(reply)
  })

  guarded('wrong credentials at the realm: 401', [], async (t) => {
    const found = await challenge('GET', '/v2/')
    if (found.scheme === 'basic') return t.skip('no tokens here')
    expectStatus(await askToken(found, {}, basic(username, 'wrong')), 401)
  })

  guarded('anonymous: a token that is good for nothing private', ['entrepot'], async () => {
    const repository = registry.freshRepository()
    await manifests.pushImage(registry, repository, made.image(), 'latest')
    const scope = `repository:${repository}:pull`
    const found = await challenge('GET', '/v2/')
    const url = new URL(found.parameters.get('realm') ?? '')
    url.searchParams.set('scope', scope)
    url.searchParams.set('service', found.parameters.get('service') ?? '')
    const { token } = readToken(await send({ method: 'GET', url }))
    const authorization = `Bearer ${String(token)}`
    const path = manifests.manifestPath(repository, 'latest')
    expectStatus(await registry.call('GET', path, { authorization }), 401)
  })
})

describe('tokens by POST (containerd, Docker with refresh tokens)', () => {
  const clientId = 'containerd-client'
  const service = (found: Challenge) => found.parameters.get('service') ?? ''

  guarded('grant_type=password, offline, then refresh_token', ['entrepot'], async () => {
    const repository = registry.freshRepository()
    const scope = `repository:${repository}:pull,push`
    const found = await challenge('GET', '/v2/')
    const first = readToken(
      await postToken(found, {
        grant_type: 'password',
        service: service(found),
        client_id: clientId,
        access_type: 'offline',
        username,
        password,
        scope,
      }),
    )
    assert.equal(typeof first.access_token, 'string')
    assert.equal(typeof first.scope, 'string')
    assert.equal(typeof first.refresh_token, 'string')
    const second = readToken(
      await postToken(found, {
        grant_type: 'refresh_token',
        service: service(found),
        client_id: clientId,
        refresh_token: String(first.refresh_token),
        scope,
      }),
    )
    const authorization = `Bearer ${String(second.access_token)}`
    const path = `/v2/${repository}/tags/list`
    expectStatus(await registry.call('GET', path, { authorization }), 404)
  })

  guarded('a wrong password, a wrong refresh token, a wrong grant', ['entrepot'], async () => {
    const found = await challenge('GET', '/v2/')
    const base = { service: service(found), client_id: clientId }
    const wrong = { ...base, grant_type: 'password', username, password: 'wrong' }
    expectStatus(await postToken(found, wrong), 401)
    const refresh = { ...base, grant_type: 'refresh_token', refresh_token: 'nonsense' }
    expectStatus(await postToken(found, refresh), 401, 400)
    expectStatus(await postToken(found, { ...base, grant_type: 'magic' }), 400)
    expectStatus(await postToken(found, {}), 400)
  })
})
