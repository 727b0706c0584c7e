// What must be so after a storm: everything that was answered is there, and nothing else is.

import assert from 'node:assert/strict'
import type { Registry } from '../images/registry.ts'
import type { Ledger } from './ledger.ts'

/** Byte for byte: whatever the client pulls it compares with its digest. */
export async function checkKept(registry: Registry, ledger: Ledger): Promise<void> {
  for (const { repository, digest } of ledger.blobs) await registry.pullBlob(repository, digest)
  for (const { repository, digest } of ledger.images) {
    await registry.pullManifest(repository, digest)
  }
  for (const { repository, tag, digest } of ledger.images) {
    if (tag === 'latest') continue
    const { headers } = await registry.call(`/v2/${repository}/manifests/${tag}`, { repository })
    assert.equal(headers['docker-content-digest'], digest, `${repository}:${tag}`)
  }
  for (const [repository, digests] of ledger.latest) {
    const latest = await registry.call(`/v2/${repository}/manifests/latest`, { repository })
    const digest = String(latest.headers['docker-content-digest'])
    assert.ok(digests.has(digest), `${repository}:latest is ${digest}`)
  }
}

/** Every tag that is listed was sent once and is whole. */
export async function checkNothingHalfMade(registry: Registry, ledger: Ledger): Promise<void> {
  for (const [repository, attempted] of ledger.attempted) {
    const { status, body } = await registry.call(`/v2/${repository}/tags/list`, { repository })
    if (status === 404) {
      assert.ok(!ledger.images.some((image) => image.repository === repository), repository)
      continue
    }
    for (const tag of JSON.parse(body.toString()).tags) {
      assert.ok(attempted.has(tag), `${repository}:${tag} was never pushed`)
      await registry.pullImage(repository, tag)
    }
  }
}
