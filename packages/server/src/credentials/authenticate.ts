// From an `Authorization` header to a caller, with the present standing of the credential. The hot path (a
// token or a login that was verified before, a standing younger than a second) makes no promise and
// asks nobody.

import { actorName, anonymous } from '../access/actor.ts'
import type { Scope } from '../access/scopes.ts'
import type { Clock } from '../clock.ts'
import type { Instance } from '../instances/instances.ts'
import { RecentlyUsed } from '../memory/recently-used.ts'
import { type Authorization, parseAuthorization, unauthorized } from './authorization-header.ts'
import { anonymousCaller, type Caller, type CredentialRef, credentialLabel } from './caller.ts'
import type { LastUses } from './last-use.ts'
import type { Login, LoginContext, Logins } from './login.ts'
import { exchangedExpired, refusalOf, temporaryExpired } from './refusal.ts'
import { endOf, type Standing, type Standings } from './standing.ts'
import { clockSkewMs, type TokenKeys } from './token-keys.ts'
import type { Tokens, VerifiedToken } from './tokens.ts'
import { CredentialWatch } from './watch.ts'

/** Characters of token text; a token without scopes has about 600. */
const maxRememberedTokens = 16 * 1024 * 1024

interface KnownToken {
  readonly token: VerifiedToken
  standing: Standing | undefined
  caller: Caller | undefined
}

export interface AuthenticatorGround {
  readonly clock: Clock
  readonly keys: TokenKeys
  readonly tokens: Tokens
  readonly standings: Standings
  readonly logins: Logins
  readonly uses: LastUses
}

export class Authenticator {
  readonly #ground: AuthenticatorGround
  readonly #watch: CredentialWatch
  /** By the header's whole text. */
  readonly #known = new RecentlyUsed<KnownToken>(maxRememberedTokens)

  constructor(ground: AuthenticatorGround) {
    this.#ground = ground
    this.#watch = new CredentialWatch(ground.standings, ground.clock)
  }

  /**
   * No header: anonymous. Where nothing must be read or verified, the answer is no promise.
   * @throws ApiError UNAUTHORIZED (the edge adds its challenge, with `challengeError`), TOO_MANY_REQUESTS
   */
  authenticate(
    authorization: string | undefined,
    instance: Pick<Instance, 'id'>,
    context: LoginContext,
  ): Caller | Promise<Caller> {
    if (authorization === undefined) return anonymousCaller
    const known = this.#known.get(authorization)
    if (known) return this.#callerOf(known, instance.id, context)
    const parsed = parseAuthorization(authorization)
    return parsed.scheme === 'basic'
      ? this.logIn(parsed, instance, context)
      : this.#verifyToken(authorization, parsed, instance.id, context)
  }

  /** What `/service/token` asks too. */
  async logIn(
    login: Login,
    instance: Pick<Instance, 'id'>,
    context: LoginContext,
  ): Promise<Caller> {
    const { logins, standings } = this.#ground
    const { username } = login
    const remembered = logins.remembered(login, instance.id)
    if (remembered) {
      const standing = await standings.current(remembered)
      if (endOf(remembered, standing) === undefined) {
        return this.#noted(buildCaller(remembered, standing, { username }), context)
      }
      logins.forget(login, instance.id)
    }
    const credential = await logins.verify(login, instance, context)
    // The versions are of this moment, so an older standing may know less than the login.
    const standing = await standings.read(credential)
    return this.#noted(buildCaller(credential, standing, { username }), context)
  }

  #noted(caller: Caller, { address }: LoginContext): Caller {
    const { credential, credentialLabel: label } = caller
    if (credential && label !== null) this.#ground.uses.note(credential, label, address)
    return caller
  }

  /** The present caller of a credential that was proven in another way: a refresh token. */
  async callerOf(credential: CredentialRef): Promise<Caller> {
    const { clock, standings } = this.#ground
    const isOver = 'expiresAt' in credential && clock.now() >= credential.expiresAt + clockSkewMs
    if (isOver) throw credential.kind === 'exchanged' ? exchangedExpired() : temporaryExpired()
    return buildCaller(credential, await standings.current(credential))
  }

  /**
   * Aborts `controller`, with the error as its reason, within a second after the caller's credential ended.
   * Call what it returns when the transfer is over. Anonymous: does nothing.
   */
  watch(caller: Caller, controller: AbortController): () => void {
    return caller.credential ? this.#watch.add(caller.credential, controller) : () => undefined
  }

  /** Resolves when no check of running transfers is under way. */
  idle(): Promise<void> {
    return this.#watch.idle()
  }

  /** Resolves when it is written which credentials were used so far. */
  writeUses(): Promise<void> {
    return this.#ground.uses.write()
  }

  close(): Promise<void> {
    this.#watch.close()
    return this.#ground.uses.stop()
  }

  async #verifyToken(
    authorization: string,
    parsed: Extract<Authorization, { scheme: 'bearer' }>,
    instanceId: string,
    context: LoginContext,
  ): Promise<Caller> {
    const token = await this.#ground.tokens.verifyAccess(parsed.token)
    if (token === 'expired') throw unauthorized('the token has expired')
    if (token === 'invalid') throw unauthorized('the token is not valid here')
    const known: KnownToken = { token, standing: undefined, caller: undefined }
    this.#known.set(authorization, known)
    return this.#callerOf(known, instanceId, context)
  }

  #callerOf(
    known: KnownToken,
    instanceId: string,
    context: LoginContext,
  ): Caller | Promise<Caller> {
    const { clock, keys, standings } = this.#ground
    const { token } = known
    if (token.instanceId !== instanceId || !keys.accepts(token.kid)) {
      throw unauthorized('the token is not valid here')
    }
    if (clock.now() >= token.expiresAt + clockSkewMs) throw unauthorized('the token has expired')
    if (!token.credential) {
      known.caller ??= { ...anonymousCaller, scopes: token.scopes }
      return known.caller
    }
    const standing = standings.current(token.credential)
    return standing instanceof Promise
      ? standing.then((read) => this.#noted(refreshed(known, read), context))
      : this.#noted(refreshed(known, standing), context)
  }
}

/** Standings stay the same object as long as nothing changed. */
function refreshed(known: KnownToken, standing: Standing): Caller {
  const { token, caller } = known
  if (caller && known.standing === standing) return caller
  const built = token.credential
    ? buildCaller(token.credential, standing, { scopes: token.scopes, username: token.subject })
    : { ...anonymousCaller, scopes: token.scopes }
  known.standing = standing
  known.caller = built
  return built
}

function buildCaller(
  credential: CredentialRef,
  standing: Standing,
  { scopes, username }: { readonly scopes?: readonly Scope[]; readonly username?: string } = {},
): Caller {
  const ended = endOf(credential, standing)
  if (ended !== undefined) throw refusalOf(ended, username)
  const actor = standing.ended === undefined ? standing.actor : anonymous
  return {
    actor,
    credential,
    credentialLabel: credentialLabel(credential),
    name: actorName(actor),
    scopes,
  }
}
