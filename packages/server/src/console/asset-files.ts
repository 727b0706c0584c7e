// The built console: its page, and its files by hashed names. They are read when they are asked for, so that a new build
// needs no restart, and the kernel keeps what is read often.
//
// Not `sirv`: it lists the folder once, and a file that is gone by then, or a machine that has no file handle left, is
// an error on a stream that nobody listens to, which ends the process.

import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { formatEtag } from '../http/etag.ts'

const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

/** What the build makes beside a file, the smallest first. */
const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/** No segment begins with a dot: none leads up, and what the build notes for itself stays here. */
const pathPattern = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/
const maxPathChars = 256
/** Vite puts what it names by a hash here. */
export const hashedFolder = 'assets/'

export interface AssetFile {
  readonly bytes: Buffer
  readonly mediaType: string
  readonly encoding: string | undefined
  readonly etag: string
  /** Its name changes with its content. */
  readonly isImmutable: boolean
}

/** Undefined: there is no such file. */
export async function readAsset(
  folder: string,
  path: string,
  acceptEncoding: string | undefined,
): Promise<AssetFile | undefined> {
  const mediaType = mediaTypes[extname(path)]
  if (mediaType === undefined || path.length > maxPathChars || !pathPattern.test(path)) {
    return undefined
  }
  const isImmutable = path.startsWith(hashedFolder)
  const about = { mediaType, isImmutable }
  if (isImmutable) {
    for (const [encoding, suffix] of encodings) {
      if (!accepts(acceptEncoding, encoding)) continue
      const bytes = await readOrNot(join(folder, `${path}${suffix}`))
      if (bytes) return { ...about, bytes, encoding, etag: etagOf(bytes) }
    }
  }
  const bytes = await readOrNot(join(folder, path))
  return bytes && { ...about, bytes, encoding: undefined, etag: etagOf(bytes) }
}

/** RFC 9110, 12.5.3, as browsers and proxies write it; `q=0` refuses. */
function accepts(header: string | undefined, encoding: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((part) => {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
    return name === encoding && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))
  })
}

export function etagOf(bytes: Uint8Array): string {
  return formatEtag(hash('sha256', bytes, 'hex').slice(0, 32))
}

export async function readOrNot(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined
    throw error
  }
}
