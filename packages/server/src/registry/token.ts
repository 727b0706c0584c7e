// `/service/token`: a login, or none, becomes a token of minutes (distribution: docs/content/spec/auth/
// {token,oauth}.md). GET with Basic is what most clients use; POST is OAuth 2's form. Asking for more than one
// may is no error: the token holds what both the request and the rules allow, possibly nothing.

import type { IncomingMessage } from 'node:http'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { AccessInstance } from '../access/decide.ts'
import { formatScope, parseScopes, type Scope } from '../access/scopes.ts'
import type { Authenticator } from '../credentials/authenticate.ts'
import {
  checkLogin,
  parseAuthorization,
  unauthorized,
} from '../credentials/authorization-header.ts'
import { anonymousCaller, type Caller } from '../credentials/caller.ts'
import { issueRefreshToken, openRefreshToken } from '../credentials/refresh-tokens.ts'
import type { Tokens } from '../credentials/tokens.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Database } from '../db/database.ts'
import { type BodyLimits, bodyChunks, readBody } from '../http/body.ts'
import { parseParameters } from '../http/query.ts'
import { grantScopes } from './token-scopes.ts'

const maxFormBytes = 64 * 1024

export interface TokenRequest {
  readonly method: string
  readonly query: URLSearchParams
  readonly authorization: string | undefined
  readonly contentType: string | undefined
  /** After `100 Continue` where the client waits for it. */
  readonly body: () => { readonly req: IncomingMessage; readonly limits: BodyLimits }
  readonly address: string | null
  readonly nowMs: number
  readonly instance: AccessInstance
  /** Called for a login that asks for nothing: `docker login` tries whether it works. */
  readonly loggedIn: (caller: Caller) => void
}

export interface TokenReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface TokenServiceGround {
  readonly db: Database
  readonly vault: Vault
  readonly tokens: Tokens
  readonly authenticator: Authenticator
}

/** What GET and POST ask alike. */
interface Grant {
  readonly caller: Caller
  readonly scopes: readonly Scope[]
  readonly wantsRefresh: boolean
}

export class TokenService {
  readonly #ground: TokenServiceGround

  constructor(ground: TokenServiceGround) {
    this.#ground = ground
  }

  /** @throws ApiError UNAUTHORIZED, TOO_MANY_REQUESTS, PARAMETER_INVALID, UNSUPPORTED */
  async answer(request: TokenRequest): Promise<TokenReply> {
    try {
      switch (request.method) {
        case 'GET':
        case 'HEAD':
          return await this.#issue(request, await this.#readGet(request), false)
        case 'POST':
          return await this.#issue(request, await this.#readPost(request), true)
        default:
          throw new ApiError('UNSUPPORTED', { headers: { Allow: 'GET, HEAD, POST' } })
      }
    } catch (error) {
      throw withBasicChallenge(error)
    }
  }

  async #readGet({ query, authorization, instance, address }: TokenRequest): Promise<Grant> {
    checkService(query.get('service'), instance)
    return {
      caller: await this.#callerOfHeader(authorization, instance, address),
      scopes: parseScopes(query.getAll('scope')),
      wantsRefresh: query.get('offline_token') === 'true' || isOffline(query),
    }
  }

  async #callerOfHeader(
    authorization: string | undefined,
    instance: AccessInstance,
    address: string | null,
  ): Promise<Caller> {
    if (authorization === undefined) return anonymousCaller
    const parsed = parseAuthorization(authorization)
    // A token is no login: it would renew itself for ever.
    if (parsed.scheme !== 'basic') throw unauthorized('log in with Basic')
    return this.#ground.authenticator.logIn(parsed, instance, { address })
  }

  async #readPost(request: TokenRequest): Promise<Grant> {
    const form = await readForm(request)
    const { instance, address } = request
    checkService(form.get('service'), instance)
    const scopes = parseScopes(form.getAll('scope'))
    const wantsRefresh = isOffline(form)
    switch (form.get('grant_type')) {
      case 'password': {
        const login = {
          username: form.get('username') ?? '',
          password: form.get('password') ?? '',
        }
        checkLogin(login.username, login.password)
        const caller = await this.#ground.authenticator.logIn(login, instance, { address })
        return { caller, scopes, wantsRefresh }
      }
      case 'refresh_token': {
        const caller = await this.#callerOfRefresh(form.get('refresh_token') ?? '', instance)
        return { caller, scopes, wantsRefresh }
      }
      default:
        throw invalid('grant_type must be password or refresh_token')
    }
  }

  async #callerOfRefresh(text: string, instance: AccessInstance): Promise<Caller> {
    const { vault, authenticator } = this.#ground
    const token = await openRefreshToken(vault, text)
    if (!token || token.instanceId !== instance.id) {
      throw unauthorized('the refresh token is not valid here; log in again')
    }
    const caller = await authenticator.callerOf(token.credential)
    if (caller.name !== token.subject) throw unauthorized('log in again')
    return caller
  }

  async #issue(request: TokenRequest, grant: Grant, isForm: boolean): Promise<TokenReply> {
    const { instance } = request
    const { caller } = grant
    if (caller.credential && grant.scopes.length === 0) request.loggedIn(caller)
    const scopes = await grantScopes(this.#ground.db, { ...request, ...grant })
    const issued = await this.#ground.tokens.issueAccess({
      instanceId: instance.id,
      subject: caller.credential ? caller.name : '',
      credential: caller.credential,
      scopes,
    })
    const { token, issuedAt, expiresAt } = issued
    const body = {
      token,
      access_token: token,
      expires_in: (expiresAt - issuedAt) / 1000,
      issued_at: new Date(issuedAt).toISOString(),
      ...(isForm && { scope: scopes.map(formatScope).join(' ') }),
      ...(grant.wantsRefresh && this.#refreshToken(instance, caller)),
    }
    const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
    return { status: 200, headers, body: JSON.stringify(body) }
  }

  #refreshToken(instance: AccessInstance, { credential, name }: Caller): object {
    // Nobody stands behind an anonymous token who could come back.
    if (!credential) return {}
    const content = { instanceId: instance.id, subject: name, credential }
    return { refresh_token: issueRefreshToken(this.#ground.vault, content) }
  }
}

function isOffline(parameters: URLSearchParams): boolean {
  return parameters.get('access_type') === 'offline'
}

/** Left out is forgiven: the host has said which instance is meant. */
function checkService(service: string | null, instance: AccessInstance): void {
  if (!service || service === instance.id) return
  throw invalid('this host gives no tokens for that service; use the one that its challenge names')
}

async function readForm(request: TokenRequest): Promise<URLSearchParams> {
  const type = request.contentType?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') {
    throw invalid('send the parameters as application/x-www-form-urlencoded')
  }
  const { req, limits } = request.body()
  const tooLarge = () => invalid(`the form has more than ${maxFormBytes} bytes`)
  const body = await readBody(bodyChunks(req, limits), maxFormBytes, tooLarge)
  return parseParameters(body.toString('utf8'), maxFormBytes)
}

function invalid(message: string): ApiError {
  return new ApiError('PARAMETER_INVALID', { message })
}

/** RFC 9110, 15.5.2: a 401 names how to log in. */
function withBasicChallenge(error: unknown): unknown {
  if (!(error instanceof ApiError) || error.code !== 'UNAUTHORIZED') return error
  const { message, detail, cause } = error
  const headers = {
    ...error.headers,
    'WWW-Authenticate': 'Basic realm="registry", charset="UTF-8"',
  }
  return new ApiError('UNAUTHORIZED', { message, detail, cause, headers })
}

export interface Challenge {
  /** Where tokens are given, as the client can reach it. */
  readonly realm: string
  /** The instance's id. */
  readonly service: string
  readonly scope?: string | undefined
  readonly error?: 'insufficient_scope' | 'invalid_token' | undefined
}

/** The value of `WWW-Authenticate`. */
export function challenge({ realm, service, scope, error }: Challenge): string {
  const parts = [`realm=${quoted(realm)}`, `service=${quoted(service)}`]
  if (scope !== undefined) parts.push(`scope=${quoted(scope)}`)
  if (error !== undefined) parts.push(`error=${quoted(error)}`)
  return `Bearer ${parts.join(',')}`
}

/** Realm and scope come from the request, so nothing of them may end the string or the header. */
function quoted(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]/g, '').replace(/["\\]/g, '\\$&')}"`
}

/** Which error a challenge names after `authenticate` refused this header (RFC 6750, 3.1). */
export function challengeError(authorization: string | undefined): 'invalid_token' | undefined {
  return authorization !== undefined && /^bearer /i.test(authorization)
    ? 'invalid_token'
    : undefined
}
