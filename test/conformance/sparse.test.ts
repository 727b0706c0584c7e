// Where images may come before their blobs: pushed without them, whole when they arrive.
import { describe } from 'node:test'
import * as made from './content.ts'
import * as manifests from './manifests.ts'
import { expectStatus } from './reply-checks.ts'
import { live } from './sample-life.ts'
import { sampleKinds } from './sample-sets.ts'
import { conforms, openTarget } from './target.ts'
import { pushBlob } from './uploads.ts'

const registry = await openTarget(['sparse-image'])

describe('sparse images', () => {
  conforms(registry, 'an image before its blobs', ['sparse-image'], async () => {
    const repository = registry.freshRepository()
    const image = made.image()
    await manifests.pushManifest(registry, repository, image.manifest, 'early')
    for (const item of image.blobs) {
      const at = `/v2/${repository}/blobs/${item.digest}`
      expectStatus(await registry.call('HEAD', at), 404)
      await pushBlob(registry, repository, item)
      expectStatus(await registry.call('HEAD', at), 200)
      // Now the manifest holds it.
      if (registry.has('entrepot')) expectStatus(await registry.call('DELETE', at), 403)
    }
  })

  for (const kind of sampleKinds.filter(({ needs }) => needs.includes('sparse-image'))) {
    for (const algorithm of made.algorithms) {
      const more = algorithm === 'sha512' ? (['sha512', 'tag-parameters'] as const) : []
      conforms(registry, `${kind.name}, ${algorithm}`, [...kind.needs, ...more], (t) =>
        live(t, registry, kind.build(algorithm), `${kind.name} ${algorithm}`),
      )
    }
  }
})
