import assert from 'node:assert/strict'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { it } from 'node:test'
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose'
import { parseScopes } from '../access/scopes.ts'
import { fakeClock } from '../clock.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { anonymousCaller } from './caller.ts'
import {
  context,
  openTestDeployment,
  origin,
  ownerUin,
  refusal,
  type TestServer,
} from './test-deployment.ts'

const notValid = 'UNAUTHORIZED: authentication required: the token is not valid here'
const hasExpired = 'UNAUTHORIZED: authentication required: the token has expired'

function ask(server: TestServer, token: string, instance: { id: string }): Promise<string> {
  return refusal(() => server.authenticator.authenticate(`Bearer ${token}`, instance, context))
}

async function anonymousToken(server: TestServer, instance: { id: string }, scopes: string[] = []) {
  const request = { instanceId: instance.id, subject: '', credential: undefined }
  const issued = await server.tokens.issueAccess({ ...request, scopes: parseScopes(scopes) })
  return issued.token
}

/** The same claims, signed or not signed in another way. */
function forge(token: string, header: object, signature: string, claims: object = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part(header)}.${part({ ...decodeJwt(token), ...claims })}.${signature}`
}

onEachDatabase('access tokens', (open) => {
  it('carry the claims of the protocol, and are accepted where they were given', async () => {
    const { db, instance, ...rest } = await openTestDeployment(await open())
    const server = await rest.startServer()
    const token = await anonymousToken(server, instance, ['repository:open/x:pull'])
    const header = decodeProtectedHeader(token)
    assert.deepEqual([header.alg, header.typ, typeof header.kid], ['ES256', 'access+jwt', 'string'])
    const claims = decodeJwt(token)
    assert.deepEqual([claims.iss, claims.sub, claims.aud], ['entrepot', '', instance.id])
    assert.deepEqual(claims.access, [{ type: 'repository', name: 'open/x', actions: ['pull'] }])
    assert.equal((claims.exp ?? 0) - (claims.iat ?? 0), 300)
    assert.equal(claims.nbf, claims.iat)
    assert.ok(claims.jti)
    const caller = await server.authenticator.authenticate(`Bearer ${token}`, instance, context)
    assert.deepEqual(caller, {
      ...anonymousCaller,
      scopes: parseScopes(['repository:open/x:pull']),
    })
    // Known now: no promise, and the same object.
    assert.equal(server.authenticator.authenticate(`Bearer ${token}`, instance, context), caller)
  })

  it('are refused with alg none, with HMAC under the public key, changed, or cut', async () => {
    const { db, instance, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const token = await anonymousToken(server, instance)
    const header = decodeProtectedHeader(token)
    const [head, body, signature = ''] = token.split('.')
    const row = await db.read
      .selectFrom('token_keys')
      .select('public_jwk')
      .executeTakeFirstOrThrow()
    const hmac = await new SignJWT(decodeJwt(token))
      .setProtectedHeader({ ...header, alg: 'HS256' })
      .sign(Buffer.from(row.public_jwk))
    const forged = [
      forge(token, { ...header, alg: 'none' }, ''),
      forge(token, { ...header, alg: 'None' }, signature),
      forge(token, { alg: 'none' }, ''),
      hmac,
      forge(token, header, signature, {
        access: [{ type: 'repository', name: 'x', actions: ['*'] }],
      }),
      forge(token, { ...header, kid: 'other' }, signature),
      forge(token, { alg: 'ES256', typ: 'access+jwt' }, signature),
      `${head}.${body}.`,
      `${head}.${body}`,
      `${head}..${signature}`,
      'x',
      '..',
      'a'.repeat(10_000),
    ]
    for (const text of forged) assert.equal(await ask(server, text, instance), notValid, text)
    assert.equal(await ask(server, token, instance), 'none')
  })

  it("are refused at another instance, whose aud they don't carry", async () => {
    const { instance, otherInstance, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const token = await anonymousToken(server, instance)
    assert.equal(await ask(server, token, otherInstance), notValid)
    assert.equal(await ask(server, token, instance), 'none')
    // Known by then: asked again all the same.
    assert.equal(await ask(server, token, otherInstance), notValid)
  })

  it('forgive a clock that is 60 s off, either way, and not more', async () => {
    const { clock, instance, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const token = await anonymousToken(server, instance)
    for (const [offMs, expected] of [
      [-61_000, notValid],
      [-60_000, 'none'],
      [359_000, 'none'],
      [360_000, hasExpired],
    ] as const) {
      const other = await startServer(fakeClock(clock.now() + offMs))
      assert.equal(await ask(other, token, instance), expected, `${offMs} ms`)
    }
  })

  it('end for a server that knows them as for one that sees them first', async () => {
    const { clock, instance, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const token = await anonymousToken(server, instance)
    assert.equal(await ask(server, token, instance), 'none')
    clock.advance(359_000)
    assert.equal(await ask(server, token, instance), 'none')
    clock.advance(1000)
    assert.equal(await ask(server, token, instance), hasExpired)
  })

  it('may hold forty scopes', async () => {
    const { instance, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const scopes = Array.from(
      { length: 40 },
      (_, n) => `repository:team/${'n'.repeat(200)}${n}:pull`,
    )
    const token = await anonymousToken(server, instance, scopes)
    const caller = await server.authenticator.authenticate(`Bearer ${token}`, instance, context)
    assert.equal(caller.scopes?.length, 40)
  })

  it('are no temporary credentials, nor the other way round', async () => {
    const { instance, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const person = { instanceId: instance.id, uin: ownerUin, ownerUin }
    const temporary = await server.tokens.issueTemporary({ ...person, version: 1 })
    assert.equal(await ask(server, temporary.token, instance), notValid)
    const access = await anonymousToken(server, instance)
    assert.equal(await server.tokens.verifyTemporary(access, person), 'invalid')
  })
})

onEachDatabase('temporary credentials', (open) => {
  const person = { uin: ownerUin, ownerUin, version: 1 }

  it('are what the service gives: RS256, a libtrust fingerprint, its claims, an hour', async () => {
    const { db, clock, instance, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const issued = await server.tokens.issueTemporary({ ...person, instanceId: instance.id })
    const { alg, kid } = decodeProtectedHeader(issued.token)
    assert.equal(alg, 'RS256')
    assert.match(kid ?? '', /^(?:[A-Z2-7]{4}:){11}[A-Z2-7]{4}$/)
    const { public_jwk: publicJwk } = await db.read
      .selectFrom('token_keys')
      .select('public_jwk')
      .where('kid', '=', kid ?? '')
      .executeTakeFirstOrThrow()
    const key = createPublicKey({ key: JSON.parse(publicJwk), format: 'jwk' })
    assert.equal(key.asymmetricKeyDetails?.modulusLength, 2048)
    const hash = createHash('sha256')
      .update(key.export({ type: 'spki', format: 'der' }))
      .digest()
    // The first group is the first 20 bits.
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
    const first = hash.readUIntBE(0, 3) >> 4
    const group = [15, 10, 5, 0].map((shift) => digits[(first >> shift) & 31]).join('')
    assert.equal(kid?.slice(0, 4), group)
    const [head = '', body = '', signature = ''] = issued.token.split('.')
    const signed = Buffer.from(`${head}.${body}`)
    assert.ok(verify('sha256', signed, key, Buffer.from(signature, 'base64url')))
    const claims = decodeJwt(issued.token)
    const now = Math.floor(clock.now() / 1000)
    assert.deepEqual(
      [claims.ownerUin, claims.operatorUin, claims.iat, claims.nbf, claims.exp, claims.tokenId],
      [String(ownerUin), String(ownerUin), now, now, now + 3600, undefined],
    )
    assert.equal(issued.expiresAt, (now + 3600) * 1000)
  })

  it('are signed by one key, however many ask for the first at once', async () => {
    const { db, instance, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const issue = () => server.tokens.issueTemporary({ ...person, instanceId: instance.id })
    const issued = await Promise.all(Array.from({ length: 10 }, issue))
    const kids = new Set(issued.map(({ token }) => decodeProtectedHeader(token).kid))
    assert.equal(kids.size, 1)
    assert.equal((await db.read.selectFrom('token_keys').select('kid').execute()).length, 2)
  })

  it('outlive a rotation, as access tokens do, and get a new key by it', async () => {
    const { instance, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const about = { ...person, instanceId: instance.id }
    const before = await server.tokens.issueTemporary(about)
    await server.keys.rotate(origin)
    const after = await server.tokens.issueTemporary(about)
    const kidOf = ({ token }: { token: string }) => decodeProtectedHeader(token).kid
    assert.notEqual(kidOf(before), kidOf(after))
    for (const { token } of [before, after]) {
      assert.equal(typeof (await server.tokens.verifyTemporary(token, about)), 'object')
    }
  })

  it('are refused when they name the key of the other kind, or none', async () => {
    const { instance, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const about = { ...person, instanceId: instance.id }
    const { token } = await server.tokens.issueTemporary(about)
    const access = await anonymousToken(server, instance)
    const header = decodeProtectedHeader(token)
    const { kid } = decodeProtectedHeader(access)
    const signature = token.split('.')[2] ?? ''
    for (const changed of [
      { ...header, kid },
      { ...header, kid, alg: 'ES256' },
      { ...header, alg: 'ES256' },
      { ...header, alg: 'HS256' },
      { ...header, alg: 'none' },
      { alg: 'RS256', typ: header.typ },
    ]) {
      const forged = forge(token, changed, signature)
      assert.equal(await server.tokens.verifyTemporary(forged, about), 'invalid')
    }
    const crossed = forge(access, { ...decodeProtectedHeader(access), kid: header.kid }, signature)
    assert.equal(await ask(server, crossed, instance), notValid)
  })
})

onEachDatabase('token keys', (open) => {
  it('rotate without ending a token, here and in a process that did not see it', async () => {
    const { clock, instance, startServer } = await openTestDeployment(await open())
    const [server, other] = [await startServer(), await startServer()]
    const before = await anonymousToken(server, instance)
    const oldKid = decodeProtectedHeader(before).kid
    const newKid = await server.keys.rotate(origin)
    const after = await anonymousToken(server, instance)
    assert.notEqual(newKid, oldKid)
    assert.equal(decodeProtectedHeader(after).kid, newKid)
    // The other process still signs with the old key, and meets the new one when it has read the keys.
    const late = await anonymousToken(other, instance)
    assert.equal(decodeProtectedHeader(late).kid, oldKid)
    clock.advance(1000)
    for (const token of [before, after, late]) {
      assert.equal(await ask(server, token, instance), 'none')
      assert.equal(await ask(other, token, instance), 'none')
    }
    assert.equal(decodeProtectedHeader(await anonymousToken(other, instance)).kid, newKid)
  })

  it('verify until the last token they signed has ended, then no more', async () => {
    const { db, clock, instance, startServer } = await openTestDeployment(await open())
    const server = await startServer()
    const oldKey = await server.keys.signing('ES256')
    const forgeNow = () =>
      new SignJWT({ access: [] })
        .setProtectedHeader({ alg: 'ES256', kid: oldKey.kid, typ: 'access+jwt' })
        .setIssuer('entrepot')
        .setSubject('')
        .setAudience(instance.id)
        .setJti('1')
        .setIssuedAt(clock.now() / 1000)
        .setNotBefore(clock.now() / 1000)
        .setExpirationTime(clock.now() / 1000 + 300)
        .sign(oldKey.key)
    await server.keys.rotate(origin)
    clock.advance(3_600_000)
    const known = await forgeNow()
    assert.equal(await ask(server, known, instance), 'none')
    clock.advance(130_000)
    assert.equal(await ask(server, known, instance), notValid)
    assert.equal(await ask(server, await forgeNow(), instance), notValid)
    const rows = await db.read.selectFrom('token_keys').selectAll().execute()
    const retired = rows.find((row) => row.kid === oldKey.kid)
    assert.equal(retired?.private_wrapped.length, 0)
    await server.keys.rotate(origin)
    const kids = await db.read.selectFrom('token_keys').select('kid').execute()
    assert.equal(kids.length, 2)
    assert.ok(!kids.some(({ kid }) => kid === oldKey.kid))
  })

  it('end all they signed at once when one is revoked', async () => {
    const { clock, instance, startServer } = await openTestDeployment(await open())
    const [server, other] = [await startServer(), await startServer()]
    const token = await anonymousToken(server, instance)
    assert.equal(await ask(other, token, instance), 'none')
    await server.keys.revoke(decodeProtectedHeader(token).kid ?? '', origin)
    assert.equal(await ask(server, token, instance), notValid)
    clock.advance(10_000)
    await ask(other, token, instance)
    await other.keys.verifying('unknown', 'ES256')
    assert.equal(await ask(other, token, instance), notValid)
  })

  it('are the same for two processes that start at once', async () => {
    const { instance, startServer } = await openTestDeployment(await open())
    const [server, other] = await Promise.all([startServer(), startServer()])
    const token = await anonymousToken(server, instance)
    assert.equal(await ask(other, token, instance), 'none')
  })
})
