// The older signature (Tencent Cloud API, "Signature v1"): HMAC over the method, the endpoint and all parameters,
// sorted and not encoded.

import { createHmac } from 'node:crypto'
import { ApiError } from '@entrepot/contract/errors.ts'
import { equalText } from '../crypto/secrets.ts'

const digests: ReadonlyMap<string, string> = new Map([
  ['HmacSHA1', 'sha1'],
  ['HmacSHA256', 'sha256'],
])

export interface V1Signature {
  readonly secretId: string
  readonly signature: string
  readonly method: string
  readonly verb: string
  readonly entries: readonly (readonly [name: string, value: string])[]
}

/** `hosts`: the forms of the endpoint that the client may have signed. Throws AUTHORIZATION_INVALID. */
export function verifyV1(v1: V1Signature, hosts: readonly string[], secretKey: string): boolean {
  const digest = digests.get(v1.method)
  if (digest === undefined) {
    throw new ApiError('AUTHORIZATION_INVALID', {
      message: {
        en: 'SignatureMethod must be HmacSHA1 or HmacSHA256',
        zh: 'SignatureMethod 只能是 HmacSHA1 或 HmacSHA256',
      },
    })
  }
  const signed = v1.entries
    .filter(([name]) => name !== 'Signature')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  let isValid = false
  for (const host of hosts) {
    const text = `${v1.verb}${host}/?${signed}`
    const expected = createHmac(digest, secretKey).update(text).digest('base64')
    if (equalText(expected, v1.signature)) isValid = true
  }
  return isValid
}
