// For tests: charts packed as helm packs them, and as it never would.

import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { type Header, pack } from 'tar-stream'

export interface Entry extends Partial<Header> {
  readonly name: string
  readonly text?: string | Buffer
}

/** Any tar; the entries in their order. */
export async function packTar(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack()
  for (const { text, ...header } of entries) {
    if (text === undefined) tar.entry(header)
    else tar.entry({ ...header, size: Buffer.byteLength(text) }, Buffer.from(text))
  }
  tar.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of tar) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export async function packEntries(entries: readonly Entry[]): Promise<Buffer> {
  return gzipSync(await packTar(entries))
}

export interface ChartWords {
  readonly name?: string
  readonly version?: string
  /** Of Chart.yaml, beside the three that it must have. */
  readonly more?: Readonly<Record<string, unknown>>
  /** By path below the folder. */
  readonly files?: Readonly<Record<string, string>>
}

/** A small chart, deterministic. JSON is YAML. */
export function packChart(words: ChartWords = {}): Promise<Buffer> {
  const { name = 'web', version = '1.0.0', more = {}, files = {} } = words
  const chart = { apiVersion: 'v2', name, version, ...more }
  const all = {
    'Chart.yaml': JSON.stringify(chart),
    'values.yaml': 'replicas: 1\n',
    'templates/settings.yaml': 'apiVersion: v1\nkind: ConfigMap\n',
    ...files,
  }
  return packEntries(
    Object.entries(all).map(([path, text]) => ({
      name: `${name}/${path}`,
      text,
      mtime: new Date(0),
    })),
  )
}

/** As `helm package --sign` writes it; its signature is of nobody. */
export function provenanceOf(chart: Buffer, fileName = 'web-1.0.0.tgz'): string {
  const digest = createHash('sha256').update(chart).digest('hex')
  return [
    '-----BEGIN PGP SIGNED MESSAGE-----',
    'Hash: SHA512',
    '',
    'apiVersion: v2',
    'name: web',
    'version: 1.0.0',
    '',
    '...',
    'files:',
    `  ${fileName}: sha256:${digest}`,
    '-----BEGIN PGP SIGNATURE-----',
    '',
    'wsBcBAEBCgAQBQJdy0ReCRCEO7+YH8GHYgAAfhUIADx3pHHLLINv0MFkiEYpX/Kd',
    '=2V1T',
    '-----END PGP SIGNATURE-----',
    '',
  ].join('\n')
}
