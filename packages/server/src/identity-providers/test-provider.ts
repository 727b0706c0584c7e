// For tests: a real OIDC provider on this machine, whose people log in without a page, whose keys can be changed, and
// which can be away.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import { Provider } from 'oidc-provider'

export interface TestClientOptions {
  readonly client_id: string
  readonly client_secret?: string
  readonly token_endpoint_auth_method?: string
  /** `callbackUrl` unless given. */
  readonly redirect_uris?: readonly string[]
}

export interface TestProvider {
  readonly issuer: string
  /** Who logs in next, with these claims beside the subject. */
  person: { readonly sub: string; readonly [claim: string]: unknown }
  /** Every request is answered 503. */
  isAway: boolean
  /** Instead of the provider: true when it has answered. */
  instead: (path: string, req: IncomingMessage, res: ServerResponse) => boolean
  /** How often the path was asked for. */
  asked(path: string): number
  /** Signs with another key from now on, and shows that one alone. */
  rotate(kid: string): Promise<void>
  /** A token as CI gets one. */
  sign(claims: JWTPayload, how?: SignedHow): Promise<string>
  close(): Promise<void>
}

interface SignedHow {
  readonly audience?: string | string[]
  readonly issuer?: string
  readonly kid?: string
  /** Seconds since 1970. */
  readonly at: number
  readonly key?: CryptoKey
}

export const callbackUrl = 'http://registry.example.com/console/oidc/callback'

interface Options {
  readonly clients: readonly TestClientOptions[]
  /** Claims come by userinfo alone, as the specification has it. */
  readonly byUserinfo?: boolean
}

interface Signer {
  readonly kid: string
  readonly key: CryptoKey
  readonly jwk: JWK
}

async function makeSigner(kid: string): Promise<Signer> {
  const { privateKey: key } = await generateKeyPair('RS256', { extractable: true })
  return { kid, key, jwk: { ...(await exportJWK(key)), kid, alg: 'RS256', use: 'sig' } }
}

export async function startTestProvider(options: Options): Promise<TestProvider> {
  const counts = new Map<string, number>()
  const server = createServer((req, res) => {
    const { pathname } = new URL(req.url ?? '', issuer)
    counts.set(pathname, (counts.get(pathname) ?? 0) + 1)
    if (made.isAway) res.writeHead(503).end()
    else if (made.instead(pathname, req, res)) return
    else if (pathname.startsWith('/interaction/')) {
      const result = { login: { accountId: made.person.sub, amr: ['pwd', 'mfa'] } }
      void provider.interactionFinished(req, res, result)
    } else answer(req, res)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let signer = await makeSigner('first')
  const build = () =>
    new Provider(
      issuer,
      configurationOf(options, signer.jwk, () => made.person),
    )
  let provider = build()
  let answer = provider.callback()
  const made: TestProvider = {
    issuer,
    person: { sub: 'nobody' },
    isAway: false,
    instead: () => false,
    asked: (path) => counts.get(path) ?? 0,
    async rotate(kid) {
      signer = await makeSigner(kid)
      provider = build()
      answer = provider.callback()
    },
    sign: (claims, how) => {
      const { at = 0, audience = 'entrepot', kid = signer.kid, key = signer.key } = how ?? {}
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid })
        .setIssuer(how?.issuer ?? issuer)
        .setAudience(audience)
        .setIssuedAt(at)
        .setExpirationTime(at + 600)
        .sign(key)
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return made
}

function configurationOf(
  { clients, byUserinfo = false }: Options,
  key: JWK,
  person: () => TestProvider['person'],
): object {
  const scopes = ['openid', 'profile', 'email', 'groups']
  return {
    clients: clients.map((client) => ({
      redirect_uris: [callbackUrl],
      token_endpoint_auth_method: client.client_secret ? 'client_secret_basic' : 'none',
      ...client,
    })),
    jwks: { keys: [key] },
    cookies: { keys: ['for-tests-only'] },
    scopes,
    claims: {
      openid: ['sub', 'amr'],
      profile: ['preferred_username'],
      email: ['email', 'email_verified'],
      groups: ['groups'],
    },
    conformIdTokenClaims: byUserinfo,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    ttl: { Interaction: 600, Session: 600, Grant: 600, IdToken: 600, AccessToken: 600 },
    findAccount: (_: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ ...person(), sub }),
    }),
    async loadExistingGrant({
      oidc,
    }: {
      oidc: { provider: Provider; client: { clientId: string }; session: { accountId: string } }
    }) {
      const { clientId } = oidc.client
      const grant = new oidc.provider.Grant({ clientId, accountId: oidc.session.accountId })
      grant.addOIDCScope(scopes.join(' '))
      await grant.save()
      return grant
    },
  }
}

const maxHops = 10

/** A browser without a person: follows the provider's redirects, with cookies, until one leads back to us. */
export async function browse(address: string): Promise<URLSearchParams> {
  const cookies = new Map<string, string>()
  let url = address
  for (let hop = 0; hop < maxHops; hop += 1) {
    if (url.startsWith(callbackUrl)) return new URL(url).searchParams
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    const location = response.headers.get('location')
    assert(location, `${response.status} ${await response.text()}`)
    url = new URL(location, url).href
  }
  throw new Error('the provider leads nowhere')
}
