// A push to the Personal Edition: its host leads there, and no name server of this machine knows it.

import { type IncomingHttpHeaders, request } from 'node:http'
import type { Artifact } from './artifacts.ts'

export interface PersonalTarget {
  readonly origin: string
  /** `ccr.registry.test` */
  readonly host: string
  readonly user: string
  readonly password: string
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
}

interface Sent {
  readonly method: string
  readonly path: string
  readonly type?: string
  readonly body?: Uint8Array
}

function send(target: PersonalTarget, { method, path, type, body }: Sent): Promise<Answer> {
  const { hostname, port } = new URL(target.origin)
  const login = Buffer.from(`${target.user}:${target.password}`).toString('base64')
  return new Promise((resolve, reject) => {
    const asked = request({
      method,
      path,
      hostname,
      port,
      headers: {
        host: `${target.host}:${port}`,
        authorization: `Basic ${login}`,
        'content-length': body?.length ?? 0,
        ...(type && { 'content-type': type }),
      },
    })
    asked.on('error', reject)
    asked.on('response', (response) => {
      response.resume()
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers }),
      )
    })
    asked.end(body)
  })
}

async function mustCreate(target: PersonalTarget, sent: Sent): Promise<void> {
  const { status } = await send(target, sent)
  if (status !== 201) throw new Error(`${sent.method} ${sent.path}: ${status}`)
}

export async function pushPersonally(
  target: PersonalTarget,
  repository: string,
  { manifest, blobs }: Artifact,
  tags: readonly string[],
): Promise<void> {
  for (const blob of blobs) {
    const begun = await send(target, { method: 'POST', path: `/v2/${repository}/blobs/uploads/` })
    const place = new URL(begun.headers.location ?? '', target.origin)
    place.searchParams.set('digest', blob.digest)
    const path = `${place.pathname}${place.search}`
    await mustCreate(target, { method: 'PUT', path, body: blob.bytes })
  }
  for (const tag of tags) {
    const path = `/v2/${repository}/manifests/${tag}`
    const { mediaType: type, bytes: body } = manifest
    await mustCreate(target, { method: 'PUT', path, type, body })
  }
}
