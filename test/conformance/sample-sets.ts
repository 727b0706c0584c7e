// Every shape of content that a registry must carry, as sets that a test pushes, lists, pulls and deletes whole.
import { randomBytes } from 'node:crypto'
import * as made from './content.ts'
import * as media from './media-types.ts'
import type { Feature } from './settings.ts'

export interface SampleSet {
  readonly blobs: readonly made.Content[]
  /** In the order of pushing: what is named comes before what names it. */
  readonly manifests: readonly made.Content[]
  /** Tag → the digest of the manifest it is for. */
  readonly tags: ReadonlyMap<string, string>
}

export interface SampleKind {
  readonly name: string
  readonly needs: readonly Feature[]
  build(algorithm: made.Algorithm): SampleSet
}

class SetBuilder implements SampleSet {
  readonly blobs: made.Content[] = []
  readonly manifests: made.Content[] = []
  readonly tags = new Map<string, string>()

  add(image: made.Image, tag?: string): made.Content {
    for (const item of image.blobs) {
      if (this.blobs.every((known) => known.digest !== item.digest)) this.blobs.push(item)
    }
    return this.addManifest(image.manifest, tag)
  }

  addManifest(item: made.Content, tag?: string): made.Content {
    this.manifests.push(item)
    if (tag !== undefined) this.tags.set(tag, item.digest)
    return item
  }
}

/** An index of two platforms and its images. */
function platforms(
  set: SetBuilder,
  algorithm: made.Algorithm,
  fields: Partial<made.ManifestFields> = {},
  tag?: string,
): made.Content {
  const children = ['amd64', 'arm64'].map((architecture) => {
    const child = set.add(made.image({}, algorithm, architecture))
    return made.describe(child, { platform: { os: 'linux', architecture } })
  })
  return set.addManifest(made.index(children, fields, algorithm), tag)
}

function one(image: made.Image, tag: string): SampleSet {
  const set = new SetBuilder()
  set.add(image, tag)
  return set
}

/** An image with given layers and config, where the usual one will not do. */
function imageOf(
  layers: readonly made.Content[],
  configBlob: made.Content,
  algorithm: made.Algorithm,
  options: { readonly embedded?: boolean } = {},
): made.Image {
  const embed = (item: made.Content) => {
    const data = item.bytes.toString('base64')
    return made.describe(item, options.embedded === true ? { data } : {})
  }
  const fields = {
    schemaVersion: 2,
    mediaType: media.ociManifest,
    config: embed(configBlob),
    layers: layers.map(embed),
  } as const
  return { blobs: [...layers, configBlob], manifest: made.manifest(fields, algorithm) }
}

function plain(mediaType: string, tag: string) {
  return (algorithm: made.Algorithm) => {
    const layers = [made.layer(mediaType, algorithm), made.layer(mediaType, algorithm)]
    return one(imageOf(layers, made.config(layers, algorithm), algorithm), tag)
  }
}

const foreign = (mediaType: string, algorithm: made.Algorithm): made.Descriptor => {
  const digest = made.missingDigest(algorithm)
  return { mediaType, digest, size: 123456, urls: [`https://store.example.com/${digest}`] }
}

const images: readonly SampleKind[] = [
  { name: 'image', needs: [], build: plain(media.ociLayerGzip, 'image') },
  { name: 'image, layers not packed', needs: [], build: plain(media.ociLayer, 'image-tar') },
  { name: 'image, layers in zstd', needs: [], build: plain(media.ociLayerZstd, 'image-zstd') },
  {
    name: 'image with a manifest of almost 4 MB',
    needs: [],
    build: (algorithm) => {
      const annotations: Record<string, string> = {}
      for (let at = 0; at < 390; at++) annotations[`org.example.large.${at}`] = 'A'.repeat(10_000)
      return one(made.image({ annotations }, algorithm), 'large')
    },
  },
  {
    name: 'image without layers',
    needs: [],
    build: (algorithm) => one(imageOf([], made.config([], algorithm), algorithm), 'no-layers'),
  },
  {
    name: 'image with an empty layer',
    needs: [],
    build: (algorithm) => {
      const layers = [made.content('', media.ociLayer, algorithm)]
      return one(imageOf(layers, made.config(layers, algorithm), algorithm), 'empty-layer')
    },
  },
  {
    name: 'image that names one layer twice',
    needs: [],
    build: (algorithm) => {
      const layer = made.layer(media.ociLayerGzip, algorithm)
      const layers = [layer, layer]
      return one(imageOf(layers, made.config(layers, algorithm), algorithm), 'same-layer-twice')
    },
  },
  {
    name: 'image with data in its descriptors',
    needs: [],
    build: (algorithm) => {
      const layers = [made.layer(media.ociLayerGzip, algorithm)]
      const whole = imageOf(layers, made.config(layers, algorithm), algorithm, { embedded: true })
      return one(whole, 'data-field')
    },
  },
  {
    name: 'image with layers that are not distributed',
    needs: [],
    build: (algorithm) => {
      const layer = made.layer(media.ociLayerGzip, algorithm)
      const configBlob = made.config([layer], algorithm)
      const layers = [
        foreign(media.ociForeignLayerGzip, algorithm),
        foreign(media.ociForeignLayer, algorithm),
        made.describe(layer),
      ]
      const fields = { layers, config: made.describe(configBlob) }
      const { manifest } = made.image(fields, algorithm)
      return one({ manifest, blobs: [layer, configBlob] }, 'non-distributable')
    },
  },
  {
    name: 'image with a missing layer',
    needs: ['sparse-image'],
    build: (algorithm) => {
      const sparse = made.image({}, algorithm)
      return one({ ...sparse, blobs: sparse.blobs.slice(1) }, 'sparse-image')
    },
  },
]

const indexes: readonly SampleKind[] = [
  {
    name: 'index',
    needs: [],
    build: (algorithm) => {
      const set = new SetBuilder()
      platforms(set, algorithm, {}, 'index')
      return set
    },
  },
  {
    name: 'nested index',
    needs: [],
    build: (algorithm) => {
      const set = new SetBuilder()
      const children = [platforms(set, algorithm), platforms(set, algorithm)]
      const outer = made.index(
        children.map((item) => made.describe(item)),
        {},
        algorithm,
      )
      set.addManifest(outer, 'nested-index')
      return set
    },
  },
  {
    name: 'empty index',
    needs: [],
    build: (algorithm) => {
      const set = new SetBuilder()
      // Without something of its own it would be the same manifest in every run.
      const annotations = made.uniqueAnnotations()
      set.addManifest(made.index([], { annotations }, algorithm), 'empty-index')
      return set
    },
  },
  {
    name: 'index with a missing child',
    needs: ['sparse-index'],
    build: (algorithm) => {
      const set = new SetBuilder()
      const child = set.add(made.image({}, algorithm))
      const missing = {
        mediaType: media.ociManifest,
        digest: made.missingDigest(algorithm),
        size: 1024,
        platform: { os: 'linux', architecture: 'arm64' },
      }
      const sparse = made.index([made.describe(child), missing], {}, algorithm)
      set.addManifest(sparse, 'sparse-index')
      return set
    },
  },
  {
    name: 'fields nobody knows, in index, manifest and config',
    needs: [],
    build: (algorithm) => {
      const set = new SetBuilder()
      const custom = { [`org.example.${randomBytes(4).toString('hex')}`]: { deep: [1, null] } }
      const layer = made.layer(media.ociLayerGzip, algorithm)
      const configBlob = made.config([layer], algorithm, { custom })
      const layers = [made.describe(layer)]
      const fields = { layers, config: made.describe(configBlob), ...custom }
      const { manifest } = made.image(fields, algorithm)
      const child = set.add({ manifest, blobs: [layer, configBlob] })
      set.addManifest(made.index([made.describe(child)], custom, algorithm), 'custom-fields')
      return set
    },
  },
]

const artifacts: readonly SampleKind[] = [
  {
    name: 'artifact',
    needs: [],
    build: (algorithm) => one(made.artifact(media.exampleOne, {}, algorithm), 'artifact'),
  },
  {
    name: 'artifact with the empty layer',
    needs: [],
    build: (algorithm) => {
      const empty = made.emptyJson(algorithm)
      const fields = { layers: [made.describe(empty)], annotations: made.uniqueAnnotations() }
      const { manifest } = made.artifact(media.exampleOne, fields, algorithm)
      return one({ manifest, blobs: [empty] }, 'artifact-empty-layer')
    },
  },
  {
    name: 'artifact index',
    needs: [],
    build: (algorithm) => {
      const set = new SetBuilder()
      const child = set.add(made.artifact(media.exampleOne, {}, algorithm))
      const fields = { artifactType: media.exampleOne }
      set.addManifest(made.index([made.describe(child)], fields, algorithm), 'artifact-index')
      return set
    },
  },
  {
    name: 'image with three referrers',
    needs: [],
    build: (algorithm) => {
      const set = new SetBuilder()
      const subject = made.describe(set.add(made.image({}, algorithm), 'subject'))
      // No artifactType of its own: the config's media type stands in.
      set.add(made.image({ subject }, algorithm))
      for (const [at, type] of [media.exampleOne, media.exampleTwo].entries()) {
        const fields = { subject, annotations: made.uniqueAnnotations() }
        set.add(made.artifact(type, fields, algorithm), `referrer-${at}`)
      }
      return set
    },
  },
  {
    name: 'index with a referrer that is an index',
    needs: [],
    build: (algorithm) => {
      const set = new SetBuilder()
      const subject = made.describe(platforms(set, algorithm, {}, 'subject-index'))
      const annotations = made.uniqueAnnotations()
      const typed = { subject, annotations, artifactType: media.exampleOne }
      platforms(set, algorithm, typed, 'referring-index')
      // Without an artifactType the listed descriptor has none.
      platforms(set, algorithm, { subject, annotations: made.uniqueAnnotations() })
      return set
    },
  },
  {
    name: 'referrer of something that is missing',
    needs: [],
    build: (algorithm) => {
      const digest = made.missingDigest(algorithm)
      const subject = { mediaType: media.ociManifest, digest, size: 123 }
      const fields = { subject, annotations: made.uniqueAnnotations() }
      return one(made.artifact(media.exampleOne, fields, algorithm), 'missing-subject')
    },
  },
]

export const sampleKinds: readonly SampleKind[] = [...images, ...indexes, ...artifacts]
