// The API's actions on repositories of the Personal edition, and on favourites.

import type { ActionReply } from '@entrepot/contract/action.ts'
import {
  createFavorRepositoryPersonal,
  deleteFavorRepositoryPersonal,
} from '@entrepot/contract/entrepot/personal.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import {
  batchDeleteRepositoryPersonal,
  createRepositoryPersonal,
  deleteRepositoryPersonal,
  describeFavorRepositoryPersonal,
  describeRepositoryFilterPersonal,
  describeRepositoryOwnerPersonal,
  describeRepositoryPersonal,
  maxDeletedRepositories,
  modifyRepositoryAccessPersonal,
  modifyRepositoryInfoPersonal,
  validateRepositoryExistPersonal,
} from '@entrepot/contract/tcr/personal-repositories.ts'
import { reachFor } from '../actions/authority.ts'
import { type ChangeCall, change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { chinaTime } from '../actions/times.ts'
import { regionOf } from '../instances/regions.ts'
import { deleteRepository } from '../repositories/delete.ts'
import { createRepository } from '../repositories/repositories.ts'
import { addFavourite, removeFavourite } from './favourites.ts'
import { getPersonalInstance, personalHost } from './instance.ts'
import { parseFlatPath } from './names.ts'
import { findPersonalRepository, getOwnNamespace, getOwnRepository } from './own.ts'
import { namespaceMissing, repositoryMissing } from './refusals.ts'
import { describe, setPublic } from './repositories.ts'
import {
  getListed,
  type ListedRepository,
  listFavourites,
  listOwnRepositories,
} from './repository-queries.ts'
import { maySee } from './sight.ts'

/** What the service calls repositories that are its own. */
const repositoryType = 'QCLOUD HUB'

export const repositoryHandlers: readonly Handler[] = [
  change(createRepositoryPersonal, async ({ tx, at, ground, actor, origin, input }) => {
    const flat = parseFlatPath(input.RepoName)
    if (!flat) throw namespaceMissing(input.RepoName)
    const instance = await getPersonalInstance(tx, ground.region)
    const namespace = await getOwnNamespace(tx, instance, actor.ownerUin, flat.namespace)
    await createRepository(tx, instance, {
      namespace,
      name: flat.name,
      briefDescription: '',
      description: input.Description ?? '',
      isPublic: input.Public === 1,
      origin,
      at,
    })
    return {}
  }),

  read(describeRepositoryPersonal, async ({ db, ground, actor, input }) => {
    const instance = await getPersonalInstance(db, ground.region)
    const found = await getOwnRepository(db, instance, actor.ownerUin, input.RepoName)
    const repository = await getListed(db, actor, found.id)
    const { TagCount: _tags, UpdateTime: _updated, ...wire } = toWire(repository, ground)
    return { Data: { ...wire, Server: personalHost(instance, ground.baseDomain) } }
  }),

  read(describeRepositoryOwnerPersonal, async (call) => {
    const { db, ground, actor, input } = call
    const { permission, paging } = describeRepositoryOwnerPersonal
    const instance = await getPersonalInstance(db, ground.region)
    const reach = await reachFor(call, permission, 'repo/')
    const filter = { reach, search: input.RepoName || undefined }
    const page = pageRange(paging, input)
    const { total, repositories } = await listOwnRepositories(ground.db.heavy, actor, filter, page)
    return {
      Data: {
        TotalCount: total,
        RepoInfo: repositories.map((one) => toWire(one, ground)),
        Server: personalHost(instance, ground.baseDomain),
      },
    }
  }),

  read(describeRepositoryFilterPersonal, async (call) => {
    const { db, ground, actor, input } = call
    const { permission, paging } = describeRepositoryFilterPersonal
    const instance = await getPersonalInstance(db, ground.region)
    const reach = await reachFor(call, permission, 'repo/')
    const filter = {
      search: input.RepoName || undefined,
      namespace: input.Namespace || undefined,
      isPublic: input.Public === undefined ? undefined : input.Public === 1,
    }
    const { heavy } = ground.db
    const page = pageRange(paging, input)
    const { total, repositories } = await listOwnRepositories(
      heavy,
      actor,
      { ...filter, reach },
      page,
    )
    const everything = { ...filter, reach: { kind: 'all' } as const }
    const all = await listOwnRepositories(heavy, actor, everything, { offset: 0, limit: 0 })
    return {
      Data: {
        TotalCount: total,
        RepoInfo: repositories.map((one) => toWire(one, ground)),
        Server: personalHost(instance, ground.baseDomain),
        PrivilegeFiltered: total < all.total,
      },
    }
  }),

  read(describeFavorRepositoryPersonal, async (call) => {
    const { ground, actor, input } = call
    const { permission, paging } = describeFavorRepositoryPersonal
    const reach = await reachFor(call, permission, 'repo/')
    const filter = { reach, search: input.RepoName || undefined }
    const page = pageRange(paging, input)
    const { total, repositories } = await listFavourites(ground.db.heavy, actor, filter, page)
    return {
      Data: {
        TotalCount: total,
        RepoInfo: repositories.map((one) => toFavourite(one, ground)),
      },
    }
  }),

  change(createFavorRepositoryPersonal, async (call) => {
    const { tx, at, ground, actor, input } = call
    const instance = await getPersonalInstance(tx, ground.region)
    const repository = await findPersonalRepository(tx, instance, input.RepoName)
    if (!repository || !maySee(call, instance, repository)) {
      throw repositoryMissing(input.RepoName)
    }
    await addFavourite(tx, actor.uin, repository.id, at)
    return {}
  }),

  change(deleteFavorRepositoryPersonal, async ({ tx, ground, actor, input }) => {
    const instance = await getPersonalInstance(tx, ground.region)
    const repository = await findPersonalRepository(tx, instance, input.RepoName)
    const isRemoved = repository && (await removeFavourite(tx, actor.uin, repository.id))
    if (!isRemoved) throw repositoryMissing(input.RepoName)
    return {}
  }),

  change(modifyRepositoryInfoPersonal, async ({ tx, at, ground, actor, input }) => {
    const instance = await getPersonalInstance(tx, ground.region)
    const repository = await getOwnRepository(tx, instance, actor.ownerUin, input.RepoName)
    await describe(tx, repository, input.Description, at)
    return {}
  }),

  change(modifyRepositoryAccessPersonal, async ({ tx, at, ground, actor, origin, input }) => {
    const instance = await getPersonalInstance(tx, ground.region)
    const repository = await getOwnRepository(tx, instance, actor.ownerUin, input.RepoName)
    await setPublic(tx, { instance, repository, isPublic: input.Public === 1, origin, at })
    return {}
  }),

  change(deleteRepositoryPersonal, async (call) => {
    await deleteOne(call, call.input.RepoName)
    return {}
  }),

  change(batchDeleteRepositoryPersonal, async (call) => {
    const paths = [...new Set(call.input.RepoNames)]
    if (paths.length > maxDeletedRepositories) throw tooMany(paths.length)
    for (const path of paths.sort()) await deleteOne(call, path)
    return {}
  }),

  read(validateRepositoryExistPersonal, async ({ db, ground, actor, input }) => {
    const instance = await getPersonalInstance(db, ground.region)
    const repository = await findPersonalRepository(db, instance, input.RepoName)
    return { Data: { IsExist: repository?.ownerUin === actor.ownerUin } }
  }),
]

type Deleting = Pick<ChangeCall<unknown>, 'tx' | 'at' | 'ground' | 'actor' | 'origin'>

async function deleteOne({ tx, at, ground, actor, origin }: Deleting, path: string): Promise<void> {
  const instance = await getPersonalInstance(tx, ground.region)
  await getOwnRepository(tx, instance, actor.ownerUin, path)
  await deleteRepository(tx, { instance, path, withImages: true, origin, at })
}

function tooMany(given: number): ApiError {
  return new ApiError('PERSONAL_TOO_MANY', {
    message: {
      en: `at most ${maxDeletedRepositories} repositories can be deleted at once`,
      zh: `一次最多删除 ${maxDeletedRepositories} 个仓库`,
    },
    detail: { limit: maxDeletedRepositories, given },
  })
}

interface Shown {
  readonly region: string
  readonly operatorUin: number
}

function toWire(repository: ListedRepository, { operatorUin }: Shown) {
  return {
    RepoName: repository.path,
    RepoType: repositoryType,
    TagCount: repository.tags,
    Public: repository.isPublic ? 1 : 0,
    IsUserFavor: repository.isFavourite,
    IsQcloudOfficial: repository.ownerUin === operatorUin,
    FavorCount: repository.favourites,
    PullCount: repository.pulls,
    Description: repository.description,
    CreationTime: chinaTime(repository.createdAt),
    UpdateTime: chinaTime(repository.updatedAt),
  }
}

type WireFavourite = NonNullable<
  ActionReply<typeof describeFavorRepositoryPersonal>['Data']['RepoInfo']
>[number]

function toFavourite(repository: ListedRepository, shown: Shown): WireFavourite {
  const { id, name } = regionOf(shown.region)
  const wire = toWire(repository, shown)
  return {
    RepoName: wire.RepoName,
    RepoType: wire.RepoType,
    PullCount: wire.PullCount,
    FavorCount: wire.FavorCount,
    Public: wire.Public,
    IsQcloudOfficial: wire.IsQcloudOfficial,
    TagCount: wire.TagCount,
    Logo: '',
    Region: name,
    RegionId: id,
  }
}
