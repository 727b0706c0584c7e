// For tests: a chart repository as its clients ask it.

import assert from 'node:assert/strict'
import { digestOf } from '@entrepot/oci/digest.ts'
import { helmConfig, ociImage } from '@entrepot/oci/media-types.ts'
import { chartLayer } from '../charts/facts.ts'
import type { Answer, TestClient } from '../registry/test-client.ts'

interface IndexEntry {
  readonly name: string
  readonly version: string
  readonly digest: string
  readonly urls: readonly string[]
  readonly [field: string]: unknown
}

type Entries = Readonly<Record<string, readonly IndexEntry[]>>

export async function readIndex(client: TestClient, namespace: string): Promise<Entries> {
  const answer = await client.call('GET', `/chartrepo/${namespace}/index.yaml`)
  assert.equal(answer.status, 200, answer.text)
  return (JSON.parse(answer.text) as { entries: Entries }).entries
}

/** `web: 1.1.0, 1.0.0`, each chart a line. */
export async function indexWords(client: TestClient, namespace: string): Promise<string> {
  const entries = await readIndex(client, namespace)
  return Object.entries(entries)
    .map(([name, versions]) => `${name}: ${versions.map(({ version }) => version).join(', ')}`)
    .join('\n')
}

/** As curl sends it: `--form chart=@web-1.0.0.tgz`. */
export async function postForm(
  client: TestClient,
  path: string,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<Answer> {
  const form = new FormData()
  for (const [name, bytes] of Object.entries(files)) {
    form.append(name, new Blob([new Uint8Array(Buffer.from(bytes))]), `${name}.tgz`)
  }
  const request = new Request('http://localhost/', { method: 'POST', body: form })
  return client.call('POST', path, {
    headers: { 'Content-Type': request.headers.get('content-type') ?? '' },
    body: Buffer.from(await request.arrayBuffer()),
  })
}

/** As helm sends it over OCI. */
export async function pushOci(
  client: TestClient,
  repository: string,
  tag: string,
  chart: { readonly metadata: object; readonly bytes: Buffer },
): Promise<Answer> {
  const config = JSON.stringify(chart.metadata)
  const { bytes } = chart
  const described = { config: await client.pushBlob(repository, config), size: config.length }
  await client.pushBlob(repository, bytes)
  const manifest = {
    schemaVersion: 2,
    mediaType: ociImage,
    config: { mediaType: helmConfig, digest: described.config, size: described.size },
    layers: [{ mediaType: chartLayer, digest: digestOf('sha256', bytes), size: bytes.byteLength }],
    annotations: { 'org.opencontainers.image.created': '2026-01-01T00:00:00Z' },
  }
  return client.putManifest(repository, tag, Buffer.from(JSON.stringify(manifest)))
}

/** `404 there is no …`, or `201`. */
export function said(answer: Answer): string {
  if (answer.status < 400) return String(answer.status)
  const { error, ...rest } = JSON.parse(answer.text) as { error: string }
  assert.deepEqual(rest, {})
  return `${answer.status} ${error}`
}
