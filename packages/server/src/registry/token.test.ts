import assert from 'node:assert/strict'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, it } from 'node:test'
import { decodeJwt } from 'jose'
import { readOnly } from '../access/actions.ts'
import { createServiceAccount } from '../credentials/service-accounts.ts'
import {
  basic,
  openTestDeployment,
  origin,
  ownerUin,
  refusal,
  type TestDeployment,
  type TestServer,
} from '../credentials/test-deployment.ts'
import { setUserCredentialDisabled } from '../credentials/user-credentials.ts'
import { onEachDatabase } from '../db/test-database.ts'
import type { Instance } from '../instances/instances.ts'
import { challenge, challengeError, type TokenReply, TokenService } from './token.ts'

const address = '192.0.2.1'

async function start(
  deployment: TestDeployment,
): Promise<{ server: TestServer; service: TokenService }> {
  const server = await deployment.startServer()
  return { server, service: new TokenService(server) }
}

/** A request whose body has arrived. */
function incoming(text: string): IncomingMessage {
  const req = new IncomingMessage(new Socket())
  req.push(text)
  req.push(null)
  return req
}

interface Asked {
  readonly method?: string
  readonly query?: string
  readonly authorization?: string
  readonly form?: Readonly<Record<string, string>>
  readonly contentType?: string
}

async function ask(
  { server, service }: { server: TestServer; service: TokenService },
  instance: Instance,
  asked: Asked,
): Promise<TokenReply> {
  const form = asked.form && new URLSearchParams(asked.form).toString()
  return service.answer({
    method: asked.method ?? (form === undefined ? 'GET' : 'POST'),
    query: new URLSearchParams(asked.query ?? ''),
    authorization: asked.authorization,
    contentType: asked.contentType ?? 'application/x-www-form-urlencoded; charset=UTF-8',
    body: () => ({ req: incoming(form ?? ''), limits: { clock: server.clock, stallMs: 1000 } }),
    address,
    nowMs: server.clock.now(),
    instance,
    loggedIn: () => undefined,
  })
}

/** What a token was given for, as `type:name:actions`. */
function granted(reply: TokenReply): string[] {
  const { access } = decodeJwt<{ access: { type: string; name: string; actions: string[] }[] }>(
    JSON.parse(reply.body).token,
  )
  return access.map(({ type, name, actions }) => `${type}:${name}:${actions.join(',')}`)
}

onEachDatabase('GET /service/token', (open) => {
  it('answers as the protocol says', async () => {
    const deployment = await openTestDeployment(await open())
    const { clock, instance, password } = deployment
    const running = await start(deployment)
    const reply = await ask(running, instance, {
      query: `service=${instance.id}&scope=repository:team/x:pull,push&client_id=docker&account=${ownerUin}`,
      authorization: basic(ownerUin, password),
    })
    assert.equal(reply.status, 200)
    assert.deepEqual(reply.headers, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
    })
    const body = JSON.parse(reply.body)
    assert.equal(body.token, body.access_token)
    assert.equal(body.expires_in, 300)
    assert.equal(body.issued_at, new Date(clock.now()).toISOString())
    assert.deepEqual(Object.keys(body).sort(), ['access_token', 'expires_in', 'issued_at', 'token'])
    assert.equal(decodeJwt(body.token).sub, String(ownerUin))
    assert.deepEqual(granted(reply), ['repository:team/x:pull,push'])
  })

  it('gives what was asked and is allowed, possibly nothing, and no error', async () => {
    const deployment = await openTestDeployment(await open())
    const { db, clock, instance, password, privateNamespace } = deployment
    const permissions = [{ namespaceId: privateNamespace.id, actions: readOnly }]
    const fields = { at: clock.now(), origin, createdBy: ownerUin, name: 'ci', permissions }
    const robot = await db.write((tx) => createServiceAccount(tx, instance, fields))
    const running = await start(deployment)
    const cases: [string | undefined, string[], string[]][] = [
      [undefined, ['repository:open/x:pull,push'], ['repository:open/x:pull']],
      [undefined, ['repository:open/x:*'], ['repository:open/x:pull']],
      [undefined, ['repository:team/x:pull', 'repository:none/x:pull'], []],
      [undefined, ['registry:catalog:*'], ['registry:catalog:*']],
      [undefined, ['registry:other:*'], []],
      [undefined, [], []],
      [
        basic('tcr@ci', robot.secret),
        ['repository:team/x:pull,push,delete repository:open/x:pull', 'repository:none/x:pull'],
        ['repository:team/x:pull', 'repository:open/x:pull'],
      ],
      [
        basic(ownerUin, password),
        ['repository:team/x:*', 'repository:none/x:pull,push', 'repository:team/a/b/c:delete'],
        ['repository:team/x:*', 'repository:none/x:pull,push', 'repository:team/a/b/c:delete'],
      ],
      // A class is ignored, unknown verbs are not granted, a name may carry a host with a port.
      [
        basic(ownerUin, password),
        ['repository(plugin):team/x:pull,fly'],
        ['repository:team/x:pull'],
      ],
      [
        basic(ownerUin, password),
        ['repository:localhost:5000/team/x:pull'],
        ['repository:localhost:5000/team/x:pull'],
      ],
      [basic('tcr@ci', robot.secret), ['repository:localhost:5000/team/x:pull'], []],
      [basic(ownerUin, password), ['nonsense', 'artifact:x:pull'], []],
    ]
    for (const [authorization, scopes, expected] of cases) {
      const query = new URLSearchParams({ service: instance.id })
      for (const scope of scopes) query.append('scope', scope)
      const reply = await ask(running, instance, { query: query.toString(), authorization })
      assert.equal(reply.status, 200)
      assert.deepEqual(granted(reply), expected, scopes.join(' '))
    }
  })

  it('gives forty scopes in one token', async () => {
    const deployment = await openTestDeployment(await open())
    const { instance, password } = deployment
    const running = await start(deployment)
    const query = new URLSearchParams({ service: instance.id })
    for (let n = 0; n < 40; n++) query.append('scope', `repository:team/n${n}:pull`)
    const authorization = basic(ownerUin, password)
    const reply = await ask(running, instance, { query: query.toString(), authorization })
    assert.equal(granted(reply).length, 40)
  })

  it('refuses bad credentials with 401, another service with 400, other methods with 405', async () => {
    const deployment = await openTestDeployment(await open())
    const { instance, otherInstance, password } = deployment
    const running = await start(deployment)
    const wrong = { authorization: basic(ownerUin, `${password}x`) }
    await assert.rejects(ask(running, instance, wrong), {
      code: 'UNAUTHORIZED',
      message: 'authentication required',
      headers: { 'WWW-Authenticate': 'Basic realm="registry", charset="UTF-8"' },
    })
    const { token } = JSON.parse((await ask(running, instance, {})).body)
    for (const [asked, code] of [
      [{ authorization: `Bearer ${token}` }, 'UNAUTHORIZED'],
      [{ query: `service=${otherInstance.id}` }, 'PARAMETER_INVALID'],
      [{ method: 'PUT' }, 'UNSUPPORTED'],
    ] as const) {
      const refused = await refusal(() => ask(running, instance, asked))
      assert.ok(refused.startsWith(`${code}: `), refused)
    }
  })
})

onEachDatabase('POST /service/token', (open) => {
  it('logs in by password, and answers with the scopes it gave', async () => {
    const deployment = await openTestDeployment(await open())
    const { instance, password } = deployment
    const running = await start(deployment)
    const form = {
      grant_type: 'password',
      service: instance.id,
      client_id: 'containerd-client',
      username: String(ownerUin),
      password,
      scope: 'repository:team/x:pull repository:team/y:pull,push',
    }
    const reply = await ask(running, instance, { form })
    const body = JSON.parse(reply.body)
    assert.equal(body.scope, form.scope)
    assert.equal(body.refresh_token, undefined)
    const wrong = { ...form, password: `${password}x` }
    assert.match(await refusal(() => ask(running, instance, { form: wrong })), /^UNAUTHORIZED/)
  })

  it('refuses what is no grant, no form, or too large', async () => {
    const deployment = await openTestDeployment(await open())
    const { instance } = deployment
    const running = await start(deployment)
    const service = instance.id
    const cases: [Asked, RegExp][] = [
      [{ form: { service } }, /grant_type must be/],
      [{ form: { service, grant_type: 'authorization_code' } }, /grant_type must be/],
      [{ form: { service, grant_type: 'password' } }, /^UNAUTHORIZED/],
      [{ form: { service: 'x', grant_type: 'password' } }, /no tokens for that service/],
      [{ form: { service }, contentType: 'application/json' }, /x-www-form-urlencoded/],
      [{ form: { scope: 'x'.repeat(65_536) } }, /more than 65536 bytes/],
    ]
    for (const [asked, expected] of cases) {
      assert.match(await refusal(() => ask(running, instance, asked)), expected)
    }
  })
})

onEachDatabase('refresh tokens', (open) => {
  it('come when they are asked for, and log in without the password', async () => {
    const deployment = await openTestDeployment(await open())
    const { clock, instance, password } = deployment
    const running = await start(deployment)
    const authorization = basic(ownerUin, password)
    for (const query of ['offline_token=true', 'access_type=offline']) {
      const { refresh_token } = JSON.parse(
        (await ask(running, instance, { query, authorization })).body,
      )
      assert.match(refresh_token, /^[\w-]{100,}$/)
      // Docker keeps it for as long as it would have kept the password; the signing keys change meanwhile.
      clock.advance(400 * 86_400_000)
      await running.server.keys.rotate(origin)
      await running.server.keys.rotate(origin)
      const form = {
        grant_type: 'refresh_token',
        service: instance.id,
        client_id: 'docker',
        refresh_token,
        scope: 'repository:team/x:pull',
        access_type: 'offline',
      }
      const reply = await ask(await start(deployment), instance, { form })
      assert.deepEqual(granted(reply), ['repository:team/x:pull'])
      assert.ok(JSON.parse(reply.body).refresh_token)
    }
    const anonymous = JSON.parse(
      (await ask(running, instance, { query: 'offline_token=true' })).body,
    )
    assert.equal(anonymous.refresh_token, undefined)
  })

  it('work at one instance only, unchanged, and until their credential ends', async () => {
    const deployment = await openTestDeployment(await open())
    const { db, clock, instance, otherInstance, password } = deployment
    const running = await start(deployment)
    const authorization = basic(ownerUin, password)
    const { refresh_token: text, token } = JSON.parse(
      (await ask(running, instance, { query: 'offline_token=true', authorization })).body,
    )
    const use = (refresh_token: string, on = instance) =>
      refusal(() => ask(running, on, { form: { grant_type: 'refresh_token', refresh_token } }))
    assert.equal(await use(text), 'none')
    const changed = `${text.slice(0, -2)}${text.endsWith('AA') ? 'BB' : 'AA'}`
    for (const other of [changed, token, '', 'x', 'x'.repeat(3000)]) {
      assert.match(await use(other), /^UNAUTHORIZED: authentication required: the refresh token/)
    }
    assert.match(await use(text, otherInstance), /the refresh token is not valid here/)
    const { credential } = await running.server.authenticator.logIn(
      { username: String(ownerUin), password },
      instance,
      { address },
    )
    const change = { id: credential?.id ?? '', at: clock.now(), origin }
    await db.write((tx) => setUserCredentialDisabled(tx, instance, { ...change, isDisabled: true }))
    clock.advance(1000)
    assert.match(await use(text), /this credential is disabled/)
    await db.write((tx) =>
      setUserCredentialDisabled(tx, instance, { ...change, isDisabled: false }),
    )
    clock.advance(1000)
    assert.equal(await use(text), 'UNAUTHORIZED: authentication required')
  })

  it('of a temporary credential end with its hour', async () => {
    const deployment = await openTestDeployment(await open())
    const { clock, instance } = deployment
    const running = await start(deployment)
    const person = { instanceId: instance.id, uin: ownerUin, ownerUin, version: 1 }
    const temporary = await running.server.tokens.issueTemporary(person)
    const authorization = basic(ownerUin, temporary.token)
    const { refresh_token } = JSON.parse(
      (await ask(running, instance, { query: 'offline_token=true', authorization })).body,
    )
    const use = () =>
      refusal(() =>
        ask(running, instance, { form: { grant_type: 'refresh_token', refresh_token } }),
      )
    clock.advance(3_600_000)
    assert.equal(await use(), 'none')
    clock.advance(60_000)
    assert.match(await use(), /this temporary credential has expired/)
  })
})

describe('the challenge', () => {
  it('names realm, service, scope and error', () => {
    assert.equal(
      challenge({
        realm: 'https://r.example:8443/service/token',
        service: 'tcr-a',
        scope: 'repository:a/b:pull',
        error: 'insufficient_scope',
      }),
      'Bearer realm="https://r.example:8443/service/token",service="tcr-a",scope="repository:a/b:pull",error="insufficient_scope"',
    )
    assert.equal(challenge({ realm: 'x', service: 'y' }), 'Bearer realm="x",service="y"')
  })

  it('lets nothing of a request end its strings or its line', () => {
    const text = challenge({ realm: 'x"\r\nSet-Cookie: a', service: '\\', scope: 'ü' })
    assert.equal(text, 'Bearer realm="x\\"Set-Cookie: a",service="\\\\",scope=""')
  })

  it('names the error of a token that was refused, not of a password', () => {
    assert.equal(challengeError('Bearer x'), 'invalid_token')
    assert.equal(challengeError('Basic x'), undefined)
    assert.equal(challengeError(undefined), undefined)
  })
})
