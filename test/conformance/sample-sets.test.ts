// Every shape of content, in both digest algorithms, through its whole life: push, list, pull, query, delete.
import { describe, type TestContext } from 'node:test'
import { algorithms } from './content.ts'
import {
  expectManifestCreated,
  expectManifestPulled,
  getManifest,
  putManifest,
} from './manifests.ts'
import { live } from './sample-life.ts'
import { type SampleKind, sampleKinds } from './sample-sets.ts'
import { conforms, openTarget } from './target.ts'
import { upload } from './uploads.ts'

const registry = await openTarget()

for (const algorithm of algorithms) {
  const byAlgorithm = algorithm === 'sha512' ? (['sha512', 'tag-parameters'] as const) : []
  describe(`content in ${algorithm}`, () => {
    for (const kind of sampleKinds) {
      conforms(registry, kind.name, [...kind.needs, ...byAlgorithm], (t) =>
        live(t, registry, kind.build(algorithm), `${kind.name} ${algorithm}`),
      )
    }
  })
}

describe('tags as parameters of the push by digest (end-7b)', () => {
  for (const kind of sampleKinds.filter((item) => item.name === 'index')) {
    conforms(registry, kind.name, ['tag-parameters'], tagEverything(kind))
  }
})

function tagEverything(kind: SampleKind): (t: TestContext) => Promise<void> {
  return async () => {
    const set = kind.build('sha256')
    const repository = registry.freshRepository()
    for (const item of set.blobs) await upload(registry, repository, item, 'post+put')
    for (const [at, item] of set.manifests.entries()) {
      const tags = [`each-${at}`, `also-${at}`]
      const reply = await putManifest(registry, repository, item, { tags })
      await expectManifestCreated(registry, reply, item)
      for (const tag of tags) {
        expectManifestPulled(registry, await getManifest(registry, repository, tag), item)
      }
    }
  }
}
