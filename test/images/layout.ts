// Writes images as an OCI image layout, the form in which skopeo, crane, podman, regctl and others read
// images from a folder.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Content, descriptor, type Image, makeIndex } from './image.ts'

/** One image, or several as one multi-platform index, under `tag` in the layout at `folder`. */
export function writeLayout(folder: string, tag: string, images: readonly Image[]): Content {
  const [first] = images
  if (!first) throw new Error('a layout holds at least one image')
  mkdirSync(join(folder, 'blobs', 'sha256'), { recursive: true })
  for (const image of images) {
    for (const blob of [image.manifest, image.config, ...image.layers]) writeBlob(folder, blob)
  }
  const root = images.length > 1 ? makeIndex(images) : first.manifest
  writeBlob(folder, root)
  const entry = { ...descriptor(root), annotations: { 'org.opencontainers.image.ref.name': tag } }
  writeFileSync(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
  writeFileSync(
    join(folder, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [entry] }),
  )
  return root
}

function writeBlob(folder: string, blob: Content): void {
  writeFileSync(join(folder, 'blobs', ...blob.digest.split(':')), blob.bytes)
}
