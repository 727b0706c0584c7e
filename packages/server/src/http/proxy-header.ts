// The header of the PROXY protocol, version 1 (text) and 2 (binary), as HAProxy's `proxy-protocol.txt`
// defines it. Pure: bytes in, what they say out.

import { parseAddress } from './addresses.ts'

export interface ProxyHeader {
  /** Bytes that the header takes; what follows is the client's. */
  readonly headerBytes: number
  /** Undefined: the proxy speaks for itself (a health check), or of an unknown family. */
  readonly clientAddress: string | undefined
  /** Whether the client spoke TLS to the proxy; undefined when the header doesn't tell. */
  readonly encrypted: boolean | undefined
}

/** `more`: no fault so far, but the header isn't whole yet. */
export type ProxyHeaderResult = ProxyHeader | 'more' | 'invalid'

/** Longest line of version 1 with its line end (specification, §2.1). */
export const maxTextHeaderBytes = 107
/** Address block and extensions of version 2; the largest known are certificates' names. */
export const maxBinaryPayloadBytes = 4096

const textStart = Buffer.from('PROXY ')
const binaryStart = Buffer.from([
  0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a,
])
const binaryFixedBytes = 16

export function parseProxyHeader(bytes: Buffer): ProxyHeaderResult {
  if (startsLike(bytes, binaryStart)) return parseBinary(bytes)
  if (startsLike(bytes, textStart)) return parseText(bytes)
  return 'invalid'
}

/** Also when there are fewer bytes than the start has, and those fit. */
function startsLike(bytes: Buffer, start: Buffer): boolean {
  const length = Math.min(bytes.length, start.length)
  return bytes.subarray(0, length).equals(start.subarray(0, length))
}

const textPattern =
  /^PROXY TCP([46]) ([0-9a-fA-F:.]{2,45}) ([0-9a-fA-F:.]{2,45}) (\d{1,5}) (\d{1,5})$/

function parseText(bytes: Buffer): ProxyHeaderResult {
  const end = bytes.subarray(0, maxTextHeaderBytes).indexOf('\r\n')
  if (end === -1) return bytes.length < maxTextHeaderBytes ? 'more' : 'invalid'
  const line = bytes.toString('latin1', 0, end)
  const headerBytes = end + 2
  if (line === 'PROXY UNKNOWN' || line.startsWith('PROXY UNKNOWN ')) {
    return { headerBytes, clientAddress: undefined, encrypted: undefined }
  }
  const match = textPattern.exec(line)
  const clientAddress = parseAddress(match?.[2] ?? '')
  const destination = parseAddress(match?.[3] ?? '')
  const ports = [Number(match?.[4]), Number(match?.[5])]
  if (match === null || !clientAddress || !destination || ports.some((port) => port > 65_535)) {
    return 'invalid'
  }
  const isVersion4 = !(match[2] ?? '').includes(':')
  if (isVersion4 !== (match[1] === '4')) return 'invalid'
  return { headerBytes, clientAddress, encrypted: undefined }
}

const addressBytes: Readonly<Record<number, number>> = { 0: 0, 1: 12, 2: 36, 3: 216 }

function parseBinary(bytes: Buffer): ProxyHeaderResult {
  if (bytes.length < binaryFixedBytes) return 'more'
  const [versionAndCommand, familyAndProtocol] = [bytes.readUInt8(12), bytes.readUInt8(13)]
  const payloadBytes = bytes.readUInt16BE(14)
  const command = versionAndCommand & 0x0f
  const family = familyAndProtocol >> 4
  if (versionAndCommand >> 4 !== 2 || command > 1) return 'invalid'
  if (payloadBytes > maxBinaryPayloadBytes) return 'invalid'
  const headerBytes = binaryFixedBytes + payloadBytes
  if (bytes.length < headerBytes) return 'more'
  // LOCAL: the connection is the proxy's own; its addresses mean nothing.
  if (command === 0) return { headerBytes, clientAddress: undefined, encrypted: undefined }
  const extensionsAt = addressBytes[family]
  if (extensionsAt === undefined || payloadBytes < extensionsAt) return 'invalid'
  const payload = bytes.subarray(binaryFixedBytes, headerBytes)
  return {
    headerBytes,
    clientAddress: sourceAddress(payload, family),
    encrypted: readTlsExtension(payload.subarray(extensionsAt)),
  }
}

function sourceAddress(payload: Buffer, family: number): string | undefined {
  if (family === 1) return [...payload.subarray(0, 4)].join('.')
  if (family !== 2) return undefined
  const groups = Array.from({ length: 8 }, (_, index) =>
    payload.readUInt16BE(index * 2).toString(16),
  )
  return parseAddress(groups.join(':'))
}

const tlsExtension = 0x20
const clientUsedTls = 0x01

/** PP2_TYPE_SSL. A malformed list of extensions tells nothing; none of the others matters here. */
function readTlsExtension(extensions: Buffer): boolean | undefined {
  let at = 0
  while (at + 3 <= extensions.length) {
    const type = extensions.readUInt8(at)
    const length = extensions.readUInt16BE(at + 1)
    const value = extensions.subarray(at + 3, at + 3 + length)
    if (type === tlsExtension && value.length > 0) return (value.readUInt8(0) & clientUsedTls) !== 0
    at += 3 + length
  }
  return undefined
}
