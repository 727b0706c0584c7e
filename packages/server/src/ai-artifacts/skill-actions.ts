// The API's actions on AI skills and MCP servers. A skill's name is the path of its repository.

import { ApiError } from '@entrepot/contract/errors.ts'
import {
  deleteSkill,
  describeSkillDetail,
  describeSkillDownloadInfo,
  listSkills,
  listSkillVersions,
} from '@entrepot/contract/tcr/skills.ts'
import { type ParsedManifest, parseManifest } from '@entrepot/oci/manifest.ts'
import { assertMayDo, reachFor } from '../actions/authority.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import { makeDownloadUrl } from '../downloads/links.ts'
import { getRepository, readConfig } from '../images/reading.ts'
import { skillKind, skillTypes } from './artifact-types.ts'
import { deleteArtifact } from './deletion.ts'
import { type ArtifactVersion, listArtifacts, listVersions } from './queries.ts'
import { getArtifact } from './reading.ts'
import { packageName, readSkillFacts, skillPackage } from './skill-facts.ts'

const allTypes = skillTypes(undefined)
/** Whatever was pushed and not deleted may be used. */
const active = 'active'

export const skillHandlers: readonly Handler[] = [
  read(listSkills, async (call) => {
    const { ground, instance, input } = call
    const filter = {
      reach: await reachFor(call, listSkills.permission, `repository/${instance.id}/`),
      types: skillTypes(input.SkillType || undefined),
      name: input.SkillName || undefined,
      search: input.SearchKey || undefined,
    }
    const page = pageRange(listSkills.paging, input)
    const { total, artifacts } = await listArtifacts(ground.db.heavy, instance.id, filter, page)
    return { TotalCount: total, SkillList: artifacts.map(toListed) }
  }),

  read(listSkillVersions, async ({ ground, db, instance, input }) => {
    const repository = await getRepository(db, instance, input.SkillName)
    const page = pageRange(listSkillVersions.paging, input)
    const { total, versions } = await listVersions(ground.db.heavy, repository.id, allTypes, page)
    return {
      TotalCount: total,
      VersionList: versions.map(({ tag, contentBytes, pushedAt }) => ({
        Version: tag,
        Size: contentBytes,
        PushTime: isoUtc(pushedAt),
      })),
    }
  }),

  read(describeSkillDetail, async ({ ground, db, instance, input }) => {
    const repository = await getRepository(db, instance, input.SkillName)
    const manifest = await getArtifact(db, repository, input.SkillVersion, allTypes)
    const { annotations } = parseManifest(manifest.bytes, manifest.mediaType)
    const facts = readSkillFacts(annotations, await readConfig(ground, repository, manifest))
    return {
      Skill: {
        SkillName: input.SkillName,
        SkillVersion: input.SkillVersion,
        Description: facts.description,
        Tags: facts.labels,
        SkillType: skillKind(manifest.artifactType ?? ''),
        Runtime: facts.runtime,
        Status: active,
        UpdateTime: isoUtc(manifest.createdAt),
      },
    }
  }),

  read(describeSkillDownloadInfo, async (call) => {
    const { db, instance, input } = call
    const { SkillName: path, SkillVersion: reference } = input
    const repository = await getRepository(db, instance, path)
    const manifest = await getArtifact(db, repository, reference, allTypes)
    const parsed = parseManifest(manifest.bytes, manifest.mediaType)
    const layer = skillPackage(parsed.refs)
    if (!layer) throw notOneFile(path, reference, parsed)
    const fileName = packageName(path, reference, layer)
    const file = { path, manifest: manifest.digest, blob: layer.digest, reference, fileName }
    return { PreSignedDownloadURL: makeDownloadUrl(call, file) }
  }),

  change(deleteSkill, async (call) => {
    const { tx, at, origin, instance, input } = call
    for (const { SkillName: path, SkillVersion: version } of input.Items ?? []) {
      await assertMayDo(call, deleteSkill.permission, [`repository/${instance.id}/${path}`])
      const deletion = { instance, origin, at, types: allTypes }
      await deleteArtifact(tx, deletion, { path, reference: version || undefined })
    }
    return {}
  }),
]

function toListed({ path, tag, artifactType, mediaType, bytes, pushedAt }: ArtifactVersion) {
  // Without its config: a list reads no store.
  const facts = readSkillFacts(parseManifest(bytes, mediaType).annotations, '')
  return {
    SkillName: path,
    Description: facts.description,
    SkillType: skillKind(artifactType),
    Tags: facts.labels,
    LatestVersion: tag,
    Status: active,
    UpdateTime: isoUtc(pushedAt),
  }
}

function notOneFile(path: string, reference: string, { refs }: ParsedManifest): ApiError {
  return new ApiError('OPERATION_DENIED', {
    message: {
      en: `${path}:${reference} is not one file but ${refs.length}: pull it, for example with oras`,
      zh: `${path}:${reference} 不是单个文件，共 ${refs.length} 个，请使用 oras 等工具拉取`,
    },
  })
}
