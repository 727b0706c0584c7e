// The API's actions on images and their tags.

import type { ActionReply } from '@entrepot/contract/action.ts'
import {
  deleteImage,
  describeImageManifests,
  describeImages,
  duplicateImage,
} from '@entrepot/contract/tcr/images.ts'
import { deleteRepositoryTags } from '@entrepot/contract/tcr/repositories.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { parseRepositoryPath, parseTag, type Tag } from '@entrepot/oci/reference.ts'
import { assertMayDo } from '../actions/authority.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { PageMarks } from '../actions/page-marks.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import type { Clock } from '../clock.ts'
import { findNamespace, namespaceUnknown } from '../namespaces/namespaces.ts'
import { deleteTags } from '../tags/tags.ts'
import { readImageConfig } from './config.ts'
import { copyImage } from './copy.ts'
import { type ListedTag, listTags } from './queries.ts'
import { getManifest, getRepository, pathOf, readConfig } from './reading.ts'

export function imageHandlers(clock: Clock): readonly Handler[] {
  const marks = new PageMarks<string>(clock)
  return [
    read(describeImages, async ({ ground, db, instance, input }) => {
      const repository = await getRepository(db, instance, pathOf(input))
      const { ImageVersion: version, ExactMatch: isExact, Digest: digest } = input
      const filter = {
        name: (isExact && version) || undefined,
        search: (!isExact && version) || undefined,
        digest: digest || undefined,
      }
      const page = pageRange(describeImages.paging, input)
      const { total, tags } = await listTags({ db: ground.db, marks }, repository.id, filter, page)
      return { ImageInfoList: tags.map(toWire), TotalCount: total }
    }),

    read(describeImageManifests, async ({ ground, db, instance, input }) => {
      const repository = await getRepository(db, instance, pathOf(input))
      const manifest = await getManifest(db, repository, input.ImageVersion)
      const config = await readConfig(ground, repository, manifest)
      return {
        Manifest: Buffer.from(manifest.bytes).toString('utf8'),
        Config: config,
        Labels: readImageConfig(config, []).labels.map(([Key, Value]) => ({ Key, Value })),
        Size: manifest.contentBytes,
      }
    }),

    change(deleteImage, async ({ tx, at, origin, instance, input }) => {
      const repository = await getRepository(tx, instance, pathOf(input))
      const hidden = { instance, repository, origin, at, cause: 'user' as const }
      await deleteTags(tx, hidden, [input.ImageVersion])
      return {}
    }),

    change(deleteRepositoryTags, async ({ tx, at, origin, instance, input }) => {
      const repository = await getRepository(tx, instance, pathOf(input))
      const hidden = { instance, repository, origin, at, cause: 'user' as const }
      await deleteTags(tx, hidden, [...new Set(input.Tags)])
      return {}
    }),

    change(duplicateImage, async (call) => {
      const { tx, at, origin, instance, input } = call
      const source = { NamespaceName: input.SourceNamespace, RepositoryName: input.SourceRepo }
      const namespaceName = input.DestinationNamespace || input.SourceNamespace
      const path = `${namespaceName}/${input.DestinationRepo || input.SourceRepo}`
      await assertMayDo(call, duplicateImage.permission, [`repository/${instance.id}/${path}`])
      const repository = await getRepository(tx, instance, pathOf(source))
      const manifest = await getManifest(tx, repository, input.SourceReference)
      const namespace = await findNamespace(tx, instance.id, namespaceName)
      if (!namespace) throw namespaceUnknown(namespaceName)
      if (!parseRepositoryPath(path)) {
        throw invalidValue('DestinationRepo', {
          en: 'is not a name of a repository',
          zh: '不是有效的仓库名称',
        })
      }
      const tag = getTag('DestinationTag', input.DestinationTag)
      const overrides = input.Override
      const copy = { instance, source: repository, manifest, namespace, path, tag, overrides }
      await copyImage(tx, { ...copy, origin, at })
      return {}
    }),
  ]
}

function getTag(parameter: string, text: string): Tag {
  const tag = parseTag(text)
  if (tag) return tag
  throw invalidValue(parameter, {
    en: 'must be a tag: 1 to 128 of letters, digits, _ . -, beginning with none of . -',
    zh: '应为镜像版本：1 到 128 个字母、数字、_ . -，且不以 . 或 - 开头',
  })
}

function toWire(tag: ListedTag): ActionReply<typeof describeImages>['ImageInfoList'][number] {
  return {
    Digest: tag.digest,
    Size: tag.contentBytes,
    ImageVersion: tag.name,
    UpdateTime: isoUtc(tag.pushedAt),
    Kind: `Artifact::${tag.mediaType}`,
    // Signing comes with signature policies.
    KmsSignature: '',
  }
}
