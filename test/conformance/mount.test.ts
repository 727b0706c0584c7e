// "Mounting a blob from another repository" (end-11).
import { before, describe } from 'node:test'
import * as made from './content.ts'
import type { Reply } from './http-client.ts'
import { expectStatus } from './reply-checks.ts'
import { conforms, openTarget } from './target.ts'
import * as uploads from './uploads.ts'

const registry = await openTarget()
const source = registry.otherRepository()
const inSource = { sha256: made.blob(), sha512: made.blob(700, 'sha512') }

before(async () => {
  await uploads.pushBlob(registry, source, inSource.sha256)
  if (registry.has('sha512')) await uploads.pushBlob(registry, source, inSource.sha512)
})

function mount(
  target: string,
  digest: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const query = { mount: digest, ...more }
  return registry.call('POST', `/v2/${target}/blobs/uploads/`, { query })
}

/** 202 with a session that really works: what a client does when the mount did not happen. */
async function expectOrdinaryUpload(reply: Reply, item: made.Content): Promise<void> {
  expectStatus(reply, 202)
  const location = uploads.locationOf(reply)
  const options = { query: { digest: item.digest }, body: item.bytes }
  const put = await registry.call('PUT', location, options)
  await uploads.expectBlobCreated(registry, put, item)
}

describe('mount with from', () => {
  for (const algorithm of made.algorithms) {
    const needs = algorithm === 'sha512' ? (['mount', 'sha512'] as const) : (['mount'] as const)
    conforms(registry, `${algorithm}: 201 and a pullable Location`, needs, async () => {
      const item = inSource[algorithm]
      const reply = await mount(registry.freshRepository(), item.digest, { from: source })
      await uploads.expectBlobCreated(registry, reply, item)
    })
  }

  conforms(registry, 'a blob that the source does not have: 202', [], async () => {
    const item = made.blob()
    const reply = await mount(registry.freshRepository(), item.digest, { from: source })
    await expectOrdinaryUpload(reply, item)
  })

  conforms(registry, 'a source that does not exist: 202', [], async () => {
    const item = made.blob()
    const from = registry.otherRepository()
    const reply = await mount(registry.freshRepository(), item.digest, { from })
    await expectOrdinaryUpload(reply, item)
  })

  conforms(registry, 'a blob of some third repository is not in the source: 202', [], async () => {
    const item = made.blob()
    await uploads.pushBlob(registry, registry.freshRepository(), item)
    const reply = await mount(registry.freshRepository(), item.digest, { from: source })
    if (registry.has('entrepot')) expectStatus(reply, 202)
    else expectStatus(reply, 201, 202)
  })

  conforms(registry, 'from the repository itself', ['mount'], async () => {
    const reply = await mount(source, inSource.sha256.digest, { from: source })
    await uploads.expectBlobCreated(registry, reply, inSource.sha256)
  })

  conforms(
    registry,
    'deleting it in the source leaves the mounted one',
    ['mount', 'blob-delete'],
    async () => {
      const item = made.blob()
      const from = registry.otherRepository()
      const target = registry.freshRepository()
      await uploads.pushBlob(registry, from, item)
      expectStatus(await mount(target, item.digest, { from }), 201)
      expectStatus(await registry.call('DELETE', `/v2/${from}/blobs/${item.digest}`), 202)
      expectStatus(await registry.call('GET', `/v2/${target}/blobs/${item.digest}`), 200)
    },
  )

  conforms(registry, 'a digest that is none: 400, or an ordinary upload', [], async () => {
    const reply = await mount(registry.freshRepository(), 'sha256:short', { from: source })
    expectStatus(reply, 400, 202)
  })
})

describe('mount without from', () => {
  conforms(
    registry,
    '201 where the registry searches everywhere',
    ['anonymous-mount'],
    async () => {
      const reply = await mount(registry.freshRepository(), inSource.sha256.digest)
      await uploads.expectBlobCreated(registry, reply, inSource.sha256)
    },
  )

  conforms(
    registry,
    '202 and an ordinary upload (regclient scheme/reg/blob.go)',
    ['entrepot'],
    async () => {
      // Which blobs exist in repositories that the caller may not see must not be found out this way.
      const item = made.blob()
      await uploads.pushBlob(registry, source, item)
      await expectOrdinaryUpload(await mount(registry.freshRepository(), item.digest), item)
    },
  )
})
