// The API's actions on AI models.

import {
  deleteAIModel,
  describeAIModelVersionDetail,
  listAIModels,
  listAIModelVersions,
} from '@entrepot/contract/tcr/ai-models.ts'
import { parseManifest } from '@entrepot/oci/manifest.ts'
import { assertMayDo, reachFor } from '../actions/authority.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import { getRepository, pathOf, readConfig } from '../images/reading.ts'
import { modelKind, modelTypes } from './artifact-types.ts'
import { deleteArtifact } from './deletion.ts'
import { readModelFacts } from './model-facts.ts'
import { type ArtifactVersion, listArtifacts, listVersions } from './queries.ts'
import { findRecommended, getArtifact } from './reading.ts'

export const modelHandlers: readonly Handler[] = [
  read(listAIModels, async (call) => {
    const { ground, instance, input } = call
    const filter = {
      reach: await reachFor(call, listAIModels.permission, `repository/${instance.id}/`),
      types: modelTypes,
      namespace: input.Namespace || undefined,
      name: input.ModelName || undefined,
      search: input.SearchKey || undefined,
    }
    const page = pageRange(listAIModels.paging, input)
    const { total, artifacts } = await listArtifacts(ground.db.heavy, instance.id, filter, page)
    return { TotalCount: total, ModelList: artifacts.map(toListed) }
  }),

  read(listAIModelVersions, async ({ ground, db, instance, input }) => {
    const repository = await getRepository(db, instance, pathOf(input))
    const page = pageRange(listAIModelVersions.paging, input)
    const recommended = await findRecommended(db, repository.id)
    const { heavy } = ground.db
    const { total, versions } = await listVersions(heavy, repository.id, modelTypes, page)
    return {
      TotalCount: total,
      VersionList: versions.map(({ tag, digest, contentBytes, pushedAt }) => ({
        Version: tag,
        Size: contentBytes,
        IsRecommended: digest === recommended,
        PushTime: isoUtc(pushedAt),
      })),
    }
  }),

  read(describeAIModelVersionDetail, async ({ ground, db, instance, input }) => {
    const repository = await getRepository(db, instance, pathOf(input))
    const manifest = await getArtifact(db, repository, input.Reference, modelTypes)
    const { annotations } = parseManifest(manifest.bytes, manifest.mediaType)
    const facts = readModelFacts(await readConfig(ground, repository, manifest), annotations)
    return {
      Model: {
        ModelName: input.RepositoryName,
        NamespaceName: input.NamespaceName,
        Version: input.Reference,
        Digest: manifest.digest,
        Size: manifest.contentBytes,
        Framework: facts.framework,
        Precision: facts.precision,
        FileFormat: facts.fileFormat,
        ParamSize: facts.paramSize,
        Family: facts.family,
        IsRecommended: manifest.digest === (await findRecommended(db, repository.id)),
        PushTime: isoUtc(manifest.createdAt),
      },
    }
  }),

  change(deleteAIModel, async (call) => {
    const { tx, at, origin, instance, input } = call
    for (const item of input.Items) {
      const path = pathOf(item)
      await assertMayDo(call, deleteAIModel.permission, [`repository/${instance.id}/${path}`])
      const deletion = { instance, origin, at, types: modelTypes }
      await deleteArtifact(tx, deletion, { path, reference: item.Reference || undefined })
    }
    return {}
  }),
]

function toListed({ path, tag, digest, artifactType, contentBytes, pushedAt }: ArtifactVersion) {
  const slash = path.indexOf('/')
  return {
    ModelName: path.slice(slash + 1),
    NamespaceName: path.slice(0, slash),
    LatestVersion: tag,
    Kind: modelKind(artifactType),
    ImageSize: String(contentBytes),
    UpdateTime: isoUtc(pushedAt),
    Digest: digest,
  }
}
