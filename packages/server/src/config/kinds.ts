// How the text of a setting becomes its value: one Zod schema per kind. The messages complete a sentence
// that begins with the setting's name ("ENTREPOT_PROCESSES … must be …").

import { isIP, isIPv6 } from 'node:net'
import { z } from 'zod'

export interface Kind<T> {
  /** Shown in the documents. */
  readonly label: string
  /** Never shown, and may come from a file that `…_FILE` names. */
  readonly secret: boolean
  readonly schema: z.ZodType<T, string>
}

/** A parser gives the value, or says what the text must be. */
type Parsed<T> = { readonly value: T } | { readonly must: string }

function kind<T>(label: string, parse: (text: string) => Parsed<NoInfer<T>>): Kind<T> {
  const schema = z.string().transform((text, context): T => {
    const parsed = parse(text)
    if ('value' in parsed) return parsed.value
    context.addIssue({ code: 'custom', message: parsed.must })
    return z.NEVER
  })
  return { label, secret: false, schema }
}

export function secret<T>(plain: Kind<T>): Kind<T> {
  return { ...plain, label: `secret ${plain.label}`, secret: true }
}

/** Text that a pattern describes; `must` says in words what the pattern says. */
export function text(label: string, pattern: RegExp, must: string): Kind<string> {
  return kind(label, (value) => (pattern.test(value) ? { value } : { must }))
}

export function path(): Kind<string> {
  return text('path', /^[^\0]{1,4096}$/, 'be a path of at most 4096 characters')
}

export function timeZone(): Kind<string> {
  return kind('time zone', (value) => {
    try {
      return {
        value: new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone,
      }
    } catch {
      // What Intl doesn't know.
      return { must: 'be a time zone such as UTC or Asia/Shanghai' }
    }
  })
}

export function choice<const T extends string>(...choices: readonly T[]): Kind<T> {
  const must = `be one of ${choices.join(', ')}`
  return kind(choices.join(' \\| '), (value) => {
    const found = choices.find((one) => one === value.toLowerCase())
    return found === undefined ? { must } : { value: found }
  })
}

export function yesNo(): Kind<boolean> {
  const words = new Map([
    ['true', true],
    ['yes', true],
    ['1', true],
    ['false', false],
    ['no', false],
    ['0', false],
  ])
  return kind('true \\| false', (value) => {
    const found = words.get(value.toLowerCase())
    return found === undefined ? { must: 'be true or false' } : { value: found }
  })
}

export function wholeNumber(min: number, max: number): Kind<number> {
  return kind(`number, ${min}–${max}`, (value) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
    return number >= min && number <= max
      ? { value: number }
      : { must: `be a whole number from ${min} to ${max}` }
  })
}

const byteUnits = new Map([
  ['', 1],
  ['kib', 1024],
  ['mib', 1024 ** 2],
  ['gib', 1024 ** 3],
  ['tib', 1024 ** 4],
])

/** `1048576`, `1024KiB` or `1 MiB`. */
export function byteCount(min: string, max: string): Kind<number> {
  const [minBytes, maxBytes] = [parseBytes(min), parseBytes(max)]
  return kind(`bytes, ${min}–${max}`, (value) => {
    const bytes = parseBytes(value)
    return bytes >= minBytes && bytes <= maxBytes
      ? { value: bytes }
      : { must: `be from ${min} to ${max}, in bytes or with KiB, MiB, GiB or TiB` }
  })
}

function parseBytes(value: string): number {
  const match = /^(\d{1,15})\s?([a-z]{0,3})$/i.exec(value)
  const unit = byteUnits.get(match?.[2]?.toLowerCase() ?? '')
  return match && unit !== undefined ? Number(match[1]) * unit : Number.NaN
}

/** 32 random bytes, in base64 (44 characters), base64url or hexadecimal (64). */
export function key32(): Kind<Uint8Array> {
  return kind('32 bytes as base64 or hexadecimal', (value) => {
    const hex = /^[0-9a-f]{64}$/i.test(value)
    const base64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(value)
    if (!hex && !base64) {
      return {
        must: 'be 32 bytes in base64 or hexadecimal; make one with: openssl rand -base64 32',
      }
    }
    return { value: new Uint8Array(Buffer.from(value, hex ? 'hex' : 'base64')) }
  })
}

const maxListEntries = 64

/** Entries divided by commas or blanks. */
export function listOf<T>(
  label: string,
  parse: (entry: string) => Parsed<NoInfer<T>>,
): Kind<readonly T[]> {
  return kind(label, (value) => {
    const entries = value.split(/[\s,]+/).filter((entry) => entry !== '')
    if (entries.length > maxListEntries) return { must: `have at most ${maxListEntries} entries` }
    const values: T[] = []
    for (const entry of entries) {
      const parsed = parse(entry)
      if ('must' in parsed) return parsed
      values.push(parsed.value)
    }
    return { value: values }
  })
}

/** Where the server listens; `host` has no brackets. */
export interface Address {
  readonly host: string
  readonly port: number
}

export interface Listener extends Address {
  readonly kind: 'plain' | 'tls'
}

const listenMust =
  'be host:port entries such as 127.0.0.1:5000, [::1]:5000 or https://0.0.0.0:5443, divided by commas'

export function listeners(): Kind<readonly Listener[]> {
  return listOf('addresses', (entry) => {
    const match = /^(https?:\/\/)?(.+?)\/?$/i.exec(entry)
    const address = parseAddress(match?.[2] ?? '')
    if (address === undefined) return { must: listenMust }
    return {
      value: { kind: match?.[1]?.toLowerCase() === 'https://' ? 'tls' : 'plain', ...address },
    }
  })
}

export function addressOrOff(): Kind<Address | 'off'> {
  return kind('address \\| off', (value) => {
    const address = value === 'off' ? value : parseAddress(value)
    return address === undefined
      ? { must: 'be host:port such as 127.0.0.1:5001, or off' }
      : { value: address }
  })
}

function parseAddress(value: string): Address | undefined {
  const match = /^(?:\[([0-9a-f:.]{2,64})\]|([a-z0-9.-]{1,253})):(\d{1,5})$/i.exec(value)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  if (host === undefined || port > 65_535) return undefined
  if (match?.[1] !== undefined && !isIPv6(host)) return undefined
  return { host: host.toLowerCase(), port }
}

/** As `net.BlockList` takes it. */
export interface AddressRange {
  readonly address: string
  readonly prefix: number
  readonly family: 'ipv4' | 'ipv6'
}

export function addressRanges(): Kind<readonly AddressRange[]> {
  const must = 'be addresses or CIDR ranges such as 10.0.0.0/8 or fd00::/8, divided by commas'
  return listOf('CIDR ranges', (entry) => {
    const [address = '', prefixText, ...rest] = entry.split('/')
    const version = isIP(address)
    const maxPrefix = version === 4 ? 32 : 128
    const prefix = prefixText === undefined ? maxPrefix : Number(prefixText)
    const isNumber = prefixText === undefined || /^\d{1,3}$/.test(prefixText)
    if (version === 0 || rest.length > 0 || !isNumber || prefix > maxPrefix) return { must }
    return { value: { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' } }
  })
}

export type StorageAddress =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string }

export function storageAddress(): Kind<StorageAddress> {
  return kind('path \\| s3://bucket/prefix', (value) => {
    const s3 = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([^\0]{0,512}))?$/.exec(value)
    if (s3) {
      const prefix = (s3[2] ?? '').replace(/^\/+|\/+$/g, '')
      return { value: { kind: 's3', bucket: s3[1] ?? '', prefix } }
    }
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value) || value.length > 4096) {
      return { must: 'be a folder, or s3://bucket/prefix with a bucket name of 3 to 63 characters' }
    }
    return { value: { kind: 'folder', path: value } }
  })
}

export function postgresUrl(): Kind<string> {
  return kind('postgres:// URL', (value) => {
    const isPostgres = /^postgres(ql)?:\/\//.test(value) && URL.canParse(value)
    return isPostgres ? { value } : { must: 'be postgres://user:password@host:5432/database' }
  })
}

export function httpUrl(): Kind<string> {
  return kind('http:// or https:// URL', (value) => {
    const isHttp = /^https?:\/\//.test(value) && URL.canParse(value)
    return isHttp ? { value: value.replace(/\/+$/, '') } : { must: 'be an http:// or https:// URL' }
  })
}
