// "Listing Referrers" (end-12a, end-12b), the fallback tag, and pages.
import assert from 'node:assert/strict'
import { describe } from 'node:test'
import * as made from './content.ts'
import * as manifests from './manifests.ts'
import * as media from './media-types.ts'
import { expectReferrers, fallbackTag, listReferrers } from './referrers.ts'
import { expectStatus } from './reply-checks.ts'
import { conforms, openTarget } from './target.ts'
import { pushBlob } from './uploads.ts'

const registry = await openTarget()
const repository = registry.freshRepository()
const MAX_PAGE_BYTES = 4 * 1024 * 1024

async function pushSubject(target = repository): Promise<made.Descriptor> {
  return made.describe(await manifests.pushImage(registry, target, made.image()))
}

function referTo(
  subject: made.Descriptor,
  type: string = media.exampleOne,
  fields: Partial<made.ManifestFields> = {},
): made.Image {
  return made.artifact(type, { subject, annotations: made.uniqueAnnotations(), ...fields })
}

async function list(digest: string, query: Record<string, string> = {}, target = repository) {
  return (await listReferrers(registry, target, digest, query)).descriptors
}

describe('nothing refers to it', () => {
  conforms(
    registry,
    'a manifest without referrers: 200 and an empty index',
    ['referrers'],
    async () => {
      assert.deepEqual(await list((await pushSubject()).digest), [])
    },
  )

  conforms(registry, 'a digest nobody knows: 200 and an empty index', ['referrers'], async () => {
    assert.deepEqual(await list(made.missingDigest()), [])
    assert.deepEqual(await list(made.missingDigest('sha512')), [])
  })

  conforms(
    registry,
    'the digest of zeros (oras-go registry/remote/repository.go)',
    ['referrers'],
    async () => {
      // oras asks this to find out whether the API is there; anything but 200 turns it to the tag.
      assert.deepEqual(await list(`sha256:${'0'.repeat(64)}`), [])
    },
  )

  conforms(registry, 'a repository that does not exist: never 404', ['referrers'], async () => {
    assert.deepEqual(await list(made.missingDigest(), {}, registry.freshRepository()), [])
  })
})

describe('push and list', () => {
  conforms(registry, 'the subject first, or the referrer first', ['referrers'], async () => {
    const subject = made.image()
    const descriptor = made.describe(subject.manifest)
    const early = await manifests.pushImage(registry, repository, referTo(descriptor))
    expectReferrers(await list(descriptor.digest), [early])
    await manifests.pushImage(registry, repository, subject)
    const late = await manifests.pushImage(registry, repository, referTo(descriptor))
    expectReferrers(await list(descriptor.digest), [early, late])
  })

  conforms(registry, 'pushed twice and tagged: listed once', ['referrers'], async () => {
    const subject = await pushSubject()
    const item = await manifests.pushImage(registry, repository, referTo(subject))
    await manifests.pushManifest(registry, repository, item)
    await manifests.pushManifest(registry, repository, item, 'a-referrer')
    expectReferrers(await list(subject.digest), [item])
  })

  conforms(registry, 'a referrer of a referrer', ['referrers'], async () => {
    const subject = await pushSubject()
    const sbom = await manifests.pushImage(registry, repository, referTo(subject))
    const signature = referTo(made.describe(sbom), media.exampleTwo)
    const signed = await manifests.pushImage(registry, repository, signature)
    expectReferrers(await list(subject.digest), [sbom])
    expectReferrers(await list(sbom.digest), [signed])
  })

  conforms(registry, 'only of its own repository', ['referrers'], async () => {
    const subject = await pushSubject()
    const other = registry.freshRepository()
    const item = await manifests.pushImage(registry, other, referTo(subject))
    assert.deepEqual(await list(subject.digest), [])
    expectReferrers(await list(subject.digest, {}, other), [item])
  })

  conforms(registry, 'a sha512 subject', ['referrers', 'sha512'], async () => {
    const whole = made.image({}, 'sha512')
    const subject = made.describe(await manifests.pushImage(registry, repository, whole))
    const item = await manifests.pushImage(registry, repository, referTo(subject))
    expectReferrers(await list(subject.digest), [item])
  })

  conforms(
    registry,
    'a Docker image as the subject',
    ['referrers', 'docker-media-types'],
    async () => {
      const image = made.image({ mediaType: media.dockerManifest })
      const subject = made.describe(await manifests.pushImage(registry, repository, image))
      const item = await manifests.pushImage(registry, repository, referTo(subject))
      expectReferrers(await list(subject.digest), [item])
    },
  )

  conforms(registry, 'an empty artifactType counts as none', ['referrers'], async () => {
    const subject = await pushSubject()
    const item = made.image({ subject, artifactType: '' })
    await manifests.pushImage(registry, repository, item)
    const [found] = await list(subject.digest)
    assert.equal(found?.artifactType, media.ociConfig)
  })

  conforms(registry, 'deleted: no longer listed', ['referrers', 'manifest-delete'], async () => {
    const subject = await pushSubject()
    const kept = await manifests.pushImage(registry, repository, referTo(subject))
    const gone = await manifests.pushImage(registry, repository, referTo(subject))
    const path = manifests.manifestPath(repository, gone.digest)
    expectStatus(await registry.call('DELETE', path), 202)
    expectReferrers(await list(subject.digest), [kept])
  })

  conforms(
    registry,
    'the subject deleted: the list stays',
    ['referrers', 'manifest-delete'],
    async () => {
      const subject = await pushSubject()
      const item = await manifests.pushImage(registry, repository, referTo(subject))
      const path = manifests.manifestPath(repository, subject.digest)
      expectStatus(await registry.call('DELETE', path), 202)
      // The referrer is a manifest of its own; a garbage collector may take it later, not this delete.
      if (registry.has('entrepot')) expectReferrers(await list(subject.digest), [item])
    },
  )
})

describe('filter by artifactType', () => {
  conforms(registry, 'each type alone, an unknown one empty', ['referrers'], async () => {
    const subject = await pushSubject()
    const byType = new Map<string, made.Content>()
    for (const type of [media.exampleOne, media.exampleTwo, 'application/vnd.example.v1+json']) {
      byType.set(type, await manifests.pushImage(registry, repository, referTo(subject, type)))
    }
    for (const [artifactType, item] of byType) {
      const found = await listReferrers(registry, repository, subject.digest, { artifactType })
      expectReferrers(found.descriptors, [item])
      for (const reply of found.replies) {
        assert.deepEqual(reply.values('OCI-Filters-Applied'), ['artifactType'])
      }
    }
    assert.deepEqual(await list(subject.digest, { artifactType: 'application/none' }), [])
  })

  conforms(registry, 'without the filter, no OCI-Filters-Applied', ['referrers'], async () => {
    const found = await listReferrers(registry, repository, (await pushSubject()).digest)
    assert.deepEqual(found.replies[0]?.values('OCI-Filters-Applied'), [])
  })
})

describe('the referrers tag ("Enabling the Referrers API")', () => {
  conforms(registry, 'a manifest listed under it is found by the API', ['referrers'], async () => {
    const subject = await pushSubject()
    const listed = await manifests.pushImage(registry, repository, referTo(subject))
    const descriptor = made.describe(listed, { artifactType: media.exampleOne })
    const tag = fallbackTag(subject.digest)
    await manifests.pushManifest(registry, repository, made.index([descriptor]), tag)
    expectReferrers(await list(subject.digest), [listed])
    // The tag stays an ordinary tag, for clients that still read it.
    expectStatus(await manifests.getManifest(registry, repository, tag), 200)
  })

  const needs = ['referrers', 'manifest-delete', 'tag-delete'] as const
  conforms(
    registry,
    'oras replaces it and deletes the old index (referrers.go)',
    needs,
    async () => {
      const subject = await pushSubject()
      const tag = fallbackTag(subject.digest)
      const one = await manifests.pushImage(registry, repository, referTo(subject))
      const before = made.index([made.describe(one)])
      await manifests.pushManifest(registry, repository, before, tag)
      const two = await manifests.pushImage(registry, repository, referTo(subject))
      const after = made.index([made.describe(one), made.describe(two)])
      await manifests.pushManifest(registry, repository, after, tag)
      const path = manifests.manifestPath(repository, before.digest)
      expectStatus(await registry.call('DELETE', path), 202)
      const pulled = await manifests.getManifest(registry, repository, tag)
      manifests.expectManifestPulled(registry, pulled, after)
      expectReferrers(await list(subject.digest), [one, two])
    },
  )
})

describe('pages', () => {
  conforms(
    registry,
    'more than 4 MiB of descriptors come in several answers',
    ['referrers'],
    async () => {
      const subject = await pushSubject()
      const empty = made.emptyJson()
      await pushBlob(registry, repository, empty)
      const items: made.Content[] = []
      for (let at = 0; at < 45; at++) {
        const annotations = {
          ...made.uniqueAnnotations(),
          'org.example.padding': 'y'.repeat(100_000),
        }
        const fields = { layers: [made.describe(empty)], annotations }
        const { manifest } = referTo(subject, media.exampleOne, fields)
        await manifests.pushManifest(registry, repository, manifest)
        items.push(manifest)
      }
      const found = await listReferrers(registry, repository, subject.digest)
      expectReferrers(found.descriptors, items)
      for (const reply of found.replies) {
        // containerd, oras and regclient read at most 4 MiB of a manifest.
        assert.ok(reply.body.length <= MAX_PAGE_BYTES, `a page of ${reply.body.length} bytes`)
      }
      const artifactType = media.exampleOne
      expectReferrers(await list(subject.digest, { artifactType }), items)
    },
  )

  conforms(registry, '150 small ones, each once', ['referrers'], async () => {
    const subject = await pushSubject()
    const empty = made.emptyJson()
    const items = Array.from({ length: 150 }, () => {
      return referTo(subject, media.exampleOne, { layers: [made.describe(empty)] }).manifest
    })
    for (const item of items) await manifests.pushManifest(registry, repository, item)
    expectReferrers(await list(subject.digest), items)
  })
})
