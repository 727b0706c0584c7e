// `WWW-Authenticate` for this call: the realm is the host that the client used, so that a login works
// through every proxy and domain.

import type { Client } from '../http/client-address.ts'
import { challenge } from './token.ts'

interface Challenged {
  readonly client: Client
  readonly instance: { readonly id: string }
}

export function challengeOf(
  call: Challenged,
  scope?: string,
  error?: 'insufficient_scope' | 'invalid_token',
): Readonly<Record<string, string>> {
  const { scheme, host } = call.client
  return {
    'WWW-Authenticate': challenge({
      realm: `${scheme}://${host}/service/token`,
      service: call.instance.id,
      scope,
      error,
    }),
  }
}
