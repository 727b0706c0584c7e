// From an `Authorization` header to a caller, with the present standing of the credential.

import type { Instance } from '../instances/instances.ts'
import type { Caller } from './caller.ts'

/** Where a login comes from: failed ones are counted by it. */
export interface LoginContext {
  readonly address: string
}

export interface Authenticator {
  /**
   * No header: anonymous. A Bearer token that was seen before, or a Basic login that was verified before, is
   * answered without a promise, so that a hot request costs about a microsecond.
   * @throws ApiError UNAUTHORIZED (the edge adds the challenge; `challengeError(authorization)` says which
   *   error it names), TOO_MANY_REQUESTS with Retry-After.
   */
  authenticate(
    authorization: string | undefined,
    instance: Pick<Instance, 'id'>,
    context: LoginContext,
  ): Caller | Promise<Caller>
  /**
   * Aborts `controller` within a second after the caller's credential ended (disabled, deleted, expired, its
   * person suspended). Call the returned function when the transfer is over. Anonymous: does nothing.
   */
  watch(caller: Caller, controller: AbortController): () => void
  close(): void
}
