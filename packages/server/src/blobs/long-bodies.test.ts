// A body that takes longer than the grace period, and longer than an upload lives without news: what it has
// brought belongs to a row all the time, so no sweep takes it.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { digestOf } from '@entrepot/oci/digest.ts'
import { systemClock } from '../clock.ts'
import { cleanerOf, graceMs } from '../faults/invariants.ts'
import { missingStore, openStore, stopStores } from '../faults/stores.ts'
import { expireUploads } from '../gc/expiry.ts'
import { ownerOf } from '../registry/test-client.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { appendToUpload, finishUpload } from './ingest.ts'
import type { Upload } from './uploads.ts'
import type { Body } from './writing.ts'

const { signal } = new AbortController()
const repository = 'demo/app'
const mebibyte = 1024 * 1024
const hourMs = 3_600_000
const reserve = async () => Number.POSITIVE_INFINITY

after(stopStores)

async function openUpload({ app }: TestApp, location: string): Promise<Upload> {
  const id = location.slice(location.lastIndexOf('/') + 1)
  const query = app.db.read.selectFrom('uploads').selectAll().where('id', '=', id)
  return (await query.executeTakeFirstOrThrow()) as Upload
}

for (const kind of ['memory', 'folder', 's3'] as const) {
  async function withApp(work: (app: TestApp, sweep: () => Promise<number>) => Promise<void>) {
    const machine = systemClock()
    let now = () => machine.now()
    const store = await openStore(kind, { now: () => now() })
    const app = await testApp({ store: store.driver })
    app.clock.jump(machine.now() - app.clock.now())
    now = () => app.clock.now()
    const cleaner = cleanerOf({ db: app.app.db, store: store.driver, clock: app.clock })
    try {
      await work(app, () => expireUploads(cleaner, signal))
    } finally {
      await app.close()
      await store.remove()
    }
  }

  /** Between two chunks hours pass, two days in all, and the sweep runs. */
  function slowly(app: TestApp, bytes: Buffer, sweep: () => Promise<number>): Body {
    async function* chunks() {
      const step = Math.ceil(bytes.byteLength / 12)
      for (let at = 0; at < bytes.byteLength; at += step) {
        yield Uint8Array.from(bytes.subarray(at, at + step))
        app.clock.advance(graceMs / 6)
        assert.equal(await sweep(), 0)
      }
    }
    return { chunks: chunks(), sizeBytes: undefined }
  }

  const skip = missingStore(kind)

  test(`a PUT of two days is not swept (${kind})`, { skip }, () =>
    withApp(async (app, sweep) => {
      const client = ownerOf(app)
      const bytes = Buffer.alloc(20 * mebibyte, 'a long PUT ')
      const digest = digestOf('sha256', bytes)
      const upload = await openUpload(app, await client.startUpload(repository))
      const body = slowly(app, bytes, sweep)
      await finishUpload(app.app.registry, upload, { digest, body, signal, reserve })
      const answer = await client.call('GET', `/v2/${repository}/blobs/${digest}`)
      assert.ok(answer.bytes.equals(bytes), `${answer.status}`)
    }),
  )

  test(`a PATCH of two days is not swept (${kind})`, { skip }, () =>
    withApp(async (app, sweep) => {
      const client = ownerOf(app)
      const bytes = Buffer.alloc(20 * mebibyte, 'a long PATCH ')
      const digest = digestOf('sha256', bytes)
      const location = await client.startUpload(repository)
      // Late in the upload's life already.
      app.clock.advance(app.config.limits.uploadExpiryMs - hourMs)
      const upload = await openUpload(app, location)
      const body = slowly(app, bytes, sweep)
      await appendToUpload(app.app.registry, upload, body, { signal, reserve })
      const answer = await client.call('PUT', `${location}?digest=${digest}`)
      assert.equal(answer.status, 201, answer.text)
    }),
  )
}

test('a body of an upload that was ended meanwhile stops', async (t) => {
  const app = await testApp()
  t.after(() => app.close())
  const client = ownerOf(app)
  const location = await client.startUpload(repository)
  const upload = await openUpload(app, location)
  let sent = 0
  async function* chunks() {
    for (; sent < 100; sent += 1) {
      yield Buffer.alloc(1000)
      if (sent === 3) assert.equal((await client.call('DELETE', location)).status, 204)
      app.clock.advance(hourMs)
    }
  }
  const body = { chunks: chunks(), sizeBytes: undefined }
  await assert.rejects(
    () => appendToUpload(app.app.registry, upload, body, { signal, reserve }),
    /upload/i,
  )
  assert.ok(sent < 30, `${sent}`)
})
