// "Listing Tags" (end-8a, end-8b): order, `n`, `last`, `Link`.
import assert from 'node:assert/strict'
import { before, describe } from 'node:test'
import * as made from './content.ts'
import * as manifests from './manifests.ts'
import { expectErrorBody, expectStatus, nextPage, single } from './reply-checks.ts'
import * as tags from './tags.ts'
import { conforms, openTarget } from './target.ts'

const registry = await openTarget()
const repository = registry.freshRepository()
const bare = registry.freshRepository()
const image = made.image()
const names = ['A', 'a', '_', '1.10', '1.9', 'Latest', 'latest', 'v1', 'v1.0', 'v10', 'v2', 'z-9']

before(async () => {
  await manifests.pushImage(registry, repository, image)
  for (const name of names) {
    await manifests.pushManifest(registry, repository, image.manifest, name)
  }
  await manifests.pushImage(registry, bare, made.image())
})

/** The registry's own order, from the whole list. */
async function ordered(): Promise<readonly string[]> {
  return (await tags.listTags(registry, repository)).tags
}

describe('the whole list', () => {
  conforms(registry, 'every tag once, in order', [], async () => {
    assert.deepEqual([...(await ordered())].sort(), [...names].sort())
  })

  conforms(registry, 'the order is that of the bytes', ['entrepot'], async () => {
    assert.deepEqual(await ordered(), [...names].sort())
  })

  conforms(registry, 'a repository without tags: an empty list, not null', [], async () => {
    assert.deepEqual((await tags.tagPage(registry, bare)).tags, [])
  })

  conforms(registry, 'a repository that does not exist: 404', [], async () => {
    const reply = await registry.call('GET', tags.tagsPath(registry.freshRepository()))
    expectStatus(reply, 404)
    if (registry.has('error-codes')) expectErrorBody(reply, 'NAME_UNKNOWN')
  })

  conforms(registry, 'an upload alone makes no repository', ['entrepot'], async () => {
    const unborn = registry.freshRepository()
    await registry.call('POST', `/v2/${unborn}/blobs/uploads/`)
    expectStatus(await registry.call('GET', tags.tagsPath(unborn)), 404)
  })
})

describe('pages', () => {
  for (const size of [1, 2, 5, names.length - 1, names.length, names.length + 1]) {
    conforms(registry, `n=${size}: pages of ${size} that join to the whole`, [], async () => {
      const found = await tags.listTags(registry, repository, { n: String(size) })
      assert.deepEqual(found.tags, await ordered())
      for (const [at, page] of found.pages.entries()) {
        assert.ok(page.tags.length <= size)
        // Fewer than n only at the end, or where a Link says that there is more.
        if (page.tags.length < size && page.next === undefined) {
          assert.equal(at, found.pages.length - 1)
        }
      }
    })
  }

  conforms(registry, 'no Link when nothing follows', ['entrepot'], async () => {
    const page = await tags.tagPage(registry, repository, { n: String(names.length) })
    assert.equal(page.tags.length, names.length)
    assert.equal(page.next, undefined)
  })

  conforms(registry, 'n=0: an empty list and no Link', [], async () => {
    const page = await tags.tagPage(registry, repository, { n: '0' })
    assert.deepEqual(page.tags, [])
    assert.deepEqual(page.reply.values('Link'), [])
  })

  for (const n of ['-1', 'ten', '1.5', '']) {
    conforms(registry, `n=${n}: refused or ignored, never a failure`, [], async () => {
      const reply = await registry.call('GET', tags.tagsPath(repository), { query: { n } })
      expectStatus(reply, 200, 400)
      if (reply.status === 400 && registry.has('error-codes')) expectErrorBody(reply)
    })
  }

  conforms(registry, 'n beyond any limit is bounded, the rest follows by Link', [], async () => {
    const found = await tags.listTags(registry, repository, { n: '1000000000' })
    assert.deepEqual(found.tags, await ordered())
  })

  conforms(registry, 'Link keeps n, and is a path or the same host', ['entrepot'], async () => {
    const { reply } = await tags.tagPage(registry, repository, { n: '3' })
    const next = new URL(nextPage(reply) ?? '')
    assert.equal(next.host, registry.origin.host)
    assert.equal(next.searchParams.get('n'), '3')
    assert.match(single(reply, 'Link'), /^<\/v2\//)
  })
})

describe('last', () => {
  conforms(registry, 'each tag as last gives exactly what follows it', [], async () => {
    const all = await ordered()
    for (const [at, last] of all.entries()) {
      const found = await tags.listTags(registry, repository, { last })
      assert.deepEqual(found.tags, all.slice(at + 1))
    }
  })

  conforms(registry, 'with n', [], async () => {
    const all = await ordered()
    const query = { n: '3', last: all[1] ?? '' }
    const page = await tags.tagPage(registry, repository, query)
    assert.deepEqual(page.tags, all.slice(2, 5))
  })

  conforms(registry, 'a last that is no tag of the repository', ['entrepot'], async () => {
    // The order is known without it: what would follow it, in the order of bytes.
    for (const last of ['1', '1.95', 'L', 'v1.', 'zzz', '0', '~']) {
      const found = await tags.listTags(registry, repository, { last })
      assert.deepEqual(
        found.tags,
        [...names].sort().filter((name) => name > last),
      )
    }
  })

  conforms(registry, 'the last one: nothing follows', [], async () => {
    const last = (await ordered()).at(-1) ?? ''
    assert.deepEqual((await tags.tagPage(registry, repository, { last })).tags, [])
  })
})

describe('many tags (Argo CD, Flux, image-updater: every tag, every few minutes)', () => {
  const many = registry.freshRepository()
  const versions = Array.from({ length: 130 }, (_, at) => `1.${at}.0`)

  conforms(registry, '130 tags, all found by a client that follows Link', [], async () => {
    // pyoci#166, spinnaker#800: old clients stop at 100, so without n everything up to 1000 comes.
    await manifests.pushImage(registry, many, image)
    for (const version of versions) {
      await manifests.pushManifest(registry, many, image.manifest, version)
    }
    const found = await tags.listTags(registry, many)
    assert.deepEqual(found.tags.toSorted(), versions.toSorted())
    const paged = await tags.listTags(registry, many, { n: '100' })
    assert.deepEqual(paged.tags.toSorted(), versions.toSorted())
  })

  conforms(
    registry,
    'unchanged: 304; a new tag: 200',
    ['conditional-requests', 'entrepot'],
    async () => {
      const polled = registry.freshRepository()
      await manifests.pushImage(registry, polled, image, 'v1')
      const etag = single((await tags.tagPage(registry, polled)).reply, 'ETag')
      const headers = { 'If-None-Match': etag }
      const path = tags.tagsPath(polled)
      expectStatus(await registry.call('GET', path, { headers }), 304)
      await manifests.pushManifest(registry, polled, image.manifest, 'v2')
      expectStatus(await registry.call('GET', path, { headers }), 200)
    },
  )
})

describe('catalog (not in the specification; every console needs it)', () => {
  conforms(registry, 'lists what was pushed, in pages', ['catalog'], async () => {
    const found: string[] = []
    let next: string | undefined = '/v2/_catalog?n=1000'
    while (next !== undefined) {
      const reply = await registry.call('GET', next)
      expectStatus(reply, 200)
      const body = reply.json()
      assert.ok(typeof body === 'object' && body !== null && 'repositories' in body)
      assert.ok(Array.isArray(body.repositories))
      found.push(...body.repositories.map(String))
      next = nextPage(reply)
    }
    assert.ok(found.includes(repository) && found.includes(bare))
    assert.deepEqual(found, [...new Set(found)].sort())
  })

  conforms(registry, 'n and last', ['catalog'], async () => {
    const reply = await registry.call('GET', '/v2/_catalog', { query: { n: '1' } })
    expectStatus(reply, 200)
    assert.ok(nextPage(reply) !== undefined, 'two repositories are there, one was asked for')
  })
})
