// TC3-HMAC-SHA256 (Tencent Cloud API 3.0, "Signature v3"), from the signer's side. WebCrypto, so that it runs in
// browsers too; they have it on pages that came over TLS or from this machine.

const algorithm = 'TC3-HMAC-SHA256'
const signedHeaders = 'content-type;host'

export interface Tc3Key {
  readonly secretId: string
  readonly secretKey: string
}

export interface Tc3Call {
  readonly method: 'POST' | 'GET'
  /** As it is sent, without `?`. */
  readonly query: string
  readonly contentType: string
  readonly host: string
  /** Part of the key and of nothing else; any name will do. */
  readonly service: string
  /** Seconds. */
  readonly timestamp: number
  readonly body: string
}

/** The value of `Authorization`. */
export async function signTc3(key: Tc3Key, call: Tc3Call): Promise<string> {
  const date = new Date(call.timestamp * 1000).toISOString().slice(0, 10)
  const scope = `${date}/${call.service}/tc3_request`
  const headers = `content-type:${call.contentType}\nhost:${call.host}\n`
  const payload = await sha256(call.method === 'GET' ? '' : call.body)
  const canonical = [call.method, '/', call.query, headers, signedHeaders, payload].join('\n')
  const toSign = [algorithm, call.timestamp, scope, await sha256(canonical)].join('\n')
  const ofDate = await hmac(encode(`TC3${key.secretKey}`), date)
  const ofService = await hmac(ofDate, call.service)
  const signature = toHex(await hmac(await hmac(ofService, 'tc3_request'), toSign))
  return `${algorithm} Credential=${key.secretId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

async function sha256(text: string): Promise<string> {
  return toHex(await crypto.subtle.digest('SHA-256', encode(text)))
}

async function hmac(key: Uint8Array<ArrayBuffer> | ArrayBuffer, text: string) {
  const hash = { name: 'HMAC', hash: 'SHA-256' }
  const imported = await crypto.subtle.importKey('raw', key, hash, false, ['sign'])
  return crypto.subtle.sign('HMAC', imported, encode(text))
}

function toHex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
