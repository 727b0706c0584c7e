// Who signed a call. The key is looked up, the signature checked in constant time, and the clock: a captured call is
// worth nothing after five minutes.

import { ApiError } from '@entrepot/contract/errors.ts'
import { type Account, actorName } from '../access/actor.ts'
import type { Clock } from '../clock.ts'
import type { ApiKeys } from '../credentials/api-keys.ts'
import type { Caller } from '../credentials/caller.ts'
import { hostName } from '../http/client-address.ts'
import type { TemporaryKeys } from '../sts/standing.ts'
import type { SignedRequest } from './signed-request.ts'
import { type Tc3Message, verifyTc3 } from './tc3.ts'
import { verifyV1 } from './v1.ts'

const maxSkewSeconds = 300

export interface ApiCaller extends Caller {
  readonly actor: Account
}

export interface SignerGround {
  readonly clock: Clock
  readonly apiKeys: ApiKeys
  readonly temporaryKeys: TemporaryKeys
}

interface SigningKey {
  readonly secretKey: string
  readonly actor: Account
}

/** What of the message a signature covers; `hosts` as `signedHosts` has them. */
export type SignedMessage = Omit<Tc3Message, 'timestamp'>

/** Undefined: the call is not signed, which only open actions allow. */
export async function authenticateSigner(
  ground: SignerGround,
  request: SignedRequest,
  message: SignedMessage,
): Promise<ApiCaller | undefined> {
  const { signature } = request
  if (signature.kind === 'none') return undefined
  assertTimely(ground.clock, request)
  const { secretId } = signature.kind === 'tc3' ? signature.authorization : signature.v1
  const key = await findKey(ground, secretId, request.token)
  const isValid =
    signature.kind === 'tc3'
      ? verifyTc3(
          { ...message, timestamp: request.timestamp },
          signature.authorization,
          key.secretKey,
        )
      : verifyV1(signature.v1, message.hosts, key.secretKey)
  if (!isValid) throw new ApiError('SIGNATURE_INVALID')
  if (request.token === undefined) await ground.apiKeys.noteUse(secretId)
  const kind = request.token === undefined ? 'api-key' : 'temporary-key'
  return callerOf(key.actor, `${kind}:${secretId}`)
}

async function findKey(
  { apiKeys, temporaryKeys }: SignerGround,
  secretId: string,
  token: string | undefined,
): Promise<SigningKey> {
  if (token === undefined) {
    const key = await apiKeys.find(secretId)
    if (!key) throw new ApiError('SECRET_ID_UNKNOWN')
    return key
  }
  // A lasting key has no token: one that is sent along belongs to another key.
  const key = await temporaryKeys.find(secretId, token)
  if (!key) throw new ApiError('SESSION_TOKEN_INVALID')
  return key
}

function callerOf(actor: Account, credentialLabel: string): ApiCaller {
  return {
    actor,
    credential: undefined,
    credentialLabel,
    name: actorName(actor),
    scopes: undefined,
  }
}

function assertTimely(clock: Clock, { timestamp, signature }: SignedRequest): void {
  const skew = Math.abs(Math.floor(clock.now() / 1000) - timestamp)
  if (skew > maxSkewSeconds) throw new ApiError('SIGNATURE_EXPIRED')
  if (signature.kind !== 'tc3') return
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10)
  if (date !== signature.authorization.date) throw new ApiError('SIGNATURE_EXPIRED')
}

/** Node's SDK signs the host without its port, Go's with it; a proxy may have changed what arrives here. */
export function signedHosts(
  received: string | undefined,
  forwarded: string | undefined,
): readonly string[] {
  const hosts = new Set<string>()
  for (const host of [received, forwarded]) {
    if (host === undefined) continue
    hosts.add(host)
    hosts.add(hostName(host))
  }
  return [...hosts]
}
