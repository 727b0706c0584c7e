// The API's actions on images of the Personal edition.

import type { ActionReply } from '@entrepot/contract/action.ts'
import {
  batchDeleteImagePersonal,
  deleteImagePersonal,
  describeImageFilterPersonal,
  describeImagePersonal,
  duplicateImagePersonal,
} from '@entrepot/contract/tcr/personal-images.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { parseTag } from '@entrepot/oci/reference.ts'
import { assertMayDo } from '../actions/authority.ts'
import { type ChangeCall, change, type Handler, read } from '../actions/define.ts'
import { PageMarks } from '../actions/page-marks.ts'
import { pageRange } from '../actions/paging.ts'
import { chinaTime } from '../actions/times.ts'
import type { Clock } from '../clock.ts'
import { copyImage } from '../images/copy.ts'
import { type ListedTag, listTags } from '../images/queries.ts'
import { getManifest } from '../images/reading.ts'
import { deleteTags } from '../tags/tags.ts'
import { describeImages, listSameTags, type ShownImage } from './image-queries.ts'
import { getPersonalInstance, personalHost } from './instance.ts'
import { parseFlatPath } from './names.ts'
import { findPersonalRepository, getOwnNamespace, getOwnRepository } from './own.ts'
import { repositoryMissing, tagMissing } from './refusals.ts'
import { maySee } from './sight.ts'

/** As the declaration has it. */
const maxSameTags = 1000

export function imageHandlers(clock: Clock): readonly Handler[] {
  const marks = new PageMarks<string>(clock)
  return [
    read(describeImagePersonal, async ({ db, ground, actor, nowMs, input }) => {
      const instance = await getPersonalInstance(db, ground.region)
      const repository = await getOwnRepository(db, instance, actor.ownerUin, input.RepoName)
      const page = pageRange(describeImagePersonal.paging, input)
      const filter = { name: undefined, search: input.Tag || undefined, digest: undefined }
      const { total, tags } = await listTags({ db: ground.db, marks }, repository.id, filter, page)
      const digests = [...new Set(tags.map(({ digest }) => digest))]
      const images = await describeImages(ground, repository.id, digests)
      return {
        Data: {
          TagCount: total,
          TagInfo: tags.map((tag, index) => {
            const number = page.offset + index + 1
            return toWire(tag, images.get(tag.digest), { number, nowMs })
          }),
          Server: personalHost(instance, ground.baseDomain),
          RepoName: repository.path,
        },
      }
    }),

    read(describeImageFilterPersonal, async ({ db, ground, actor, input }) => {
      const instance = await getPersonalInstance(db, ground.region)
      const repository = await getOwnRepository(db, instance, actor.ownerUin, input.RepoName)
      const SameImages = await listSameTags(db, repository.id, input.Tag, maxSameTags)
      if (SameImages.length === 0) throw tagMissing(repository.path, input.Tag)
      return { Data: { SameImages } }
    }),

    change(deleteImagePersonal, async (call) => {
      await deleteOwnTags(call, call.input.RepoName, [call.input.Tag])
      return {}
    }),

    change(batchDeleteImagePersonal, async (call) => {
      await deleteOwnTags(call, call.input.RepoName, [...new Set(call.input.Tags)])
      return {}
    }),

    change(duplicateImagePersonal, duplicate, undefined, ({ DestImage }) => ({
      resource: `repo/${DestImage}`,
    })),
  ]
}

type Changing = Pick<ChangeCall<unknown>, 'tx' | 'at' | 'ground' | 'actor' | 'origin'>

/** All of them or none. */
async function deleteOwnTags(
  { tx, at, ground, actor, origin }: Changing,
  path: string,
  tags: readonly string[],
): Promise<void> {
  const instance = await getPersonalInstance(tx, ground.region)
  const repository = await getOwnRepository(tx, instance, actor.ownerUin, path)
  await deleteTags(tx, { instance, repository, origin, at, cause: 'user' }, tags)
}

/** From what the caller may pull, others' public repositories too, into what is his account's. */
async function duplicate(call: ChangeCall<typeof duplicateImagePersonal, undefined>) {
  const { tx, at, ground, actor, origin, input } = call
  const from = parseImage('SrcImage', input.SrcImage)
  const to = parseImage('DestImage', input.DestImage)
  const instance = await getPersonalInstance(tx, ground.region)
  const source = await findPersonalRepository(tx, instance, from.path)
  if (!source || !maySee(call, instance, source)) throw repositoryMissing(from.path)
  await assertMayDo(call, 'tcr:PushRepositoryPersonal', [`repo/${to.path}`])
  const target = await findPersonalRepository(tx, instance, to.path)
  if (!target) await assertMayDo(call, 'tcr:CreateRepositoryPersonal', [`repo/${to.path}`])
  const namespace = await getOwnNamespace(tx, instance, actor.ownerUin, to.namespace)
  const manifest = await getManifest(tx, source, from.tag)
  const { path, tag } = to
  const copy = { instance, source, manifest, namespace, path, tag, overrides: true }
  await copyImage(tx, { ...copy, origin, at })
  return { Data: { Digest: manifest.digest } }
}

/** `namespace/name:tag` */
function parseImage(parameter: string, text: string) {
  const colon = text.lastIndexOf(':')
  const flat = parseFlatPath(text.slice(0, Math.max(colon, 0)))
  const tag = parseTag(text.slice(colon + 1))
  if (flat && tag) return { ...flat, tag }
  throw invalidValue(parameter, {
    en: 'must be <namespace>/<name>:<tag>',
    zh: '应为 <命名空间>/<仓库>:<版本>',
  })
}

type WireTag = ActionReply<typeof describeImagePersonal>['Data']['TagInfo'][number]

const dayMs = 86_400_000

function toWire(
  tag: ListedTag,
  image: ShownImage | undefined,
  { number, nowMs }: { readonly number: number; readonly nowMs: number },
): WireTag {
  const config = image?.config
  const days = Math.max(0, Math.floor((nowMs - tag.pushedAt) / dayMs))
  const builtMs = Date.parse(config?.created ?? '')
  const createdAt = Number.isNaN(builtMs) ? (image?.createdAt ?? tag.pushedAt) : builtMs
  return {
    TagName: tag.name,
    TagId: tag.digest,
    ImageId: image?.configDigest ?? '',
    Size: sizeText(tag.contentBytes),
    CreationTime: chinaTime(createdAt),
    DurationDays: String(days),
    Author: config?.author ?? '',
    Architecture: config?.architecture ?? image?.architectures ?? '',
    DockerVersion: config?.dockerVersion ?? '',
    OS: config?.os ?? image?.systems ?? '',
    SizeByte: tag.contentBytes,
    Id: number,
    UpdateTime: chinaTime(tag.pushedAt),
    PushTime: chinaTime(tag.pushedAt),
    Kind: image?.kind ?? 'Image',
  }
}

const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** `12.3 MB` */
function sizeText(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}
