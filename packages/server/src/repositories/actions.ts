// The API's actions on repositories.

import type { ActionInput, ActionReply } from '@entrepot/contract/action.ts'
import { describeRepositoryStatistics } from '@entrepot/contract/entrepot/statistics.ts'
import {
  createRepository as createAction,
  deleteRepository as deleteAction,
  describeRepositories,
  modifyRepository,
} from '@entrepot/contract/tcr/repositories.ts'
import { reachFor } from '../actions/authority.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { PageMarks } from '../actions/page-marks.ts'
import { pageRange } from '../actions/paging.ts'
import { goTime, isoUtc } from '../actions/times.ts'
import type { Clock } from '../clock.ts'
import { findNamespace, namespaceUnknown } from '../namespaces/namespaces.ts'
import { deleteRepository } from './delete.ts'
import { type ListedRepository, listRepositories, type RepositoryOrder } from './queries.ts'
import { createRepository, describeRepository } from './repositories.ts'
import { listRepositoryNumbers } from './statistics.ts'

export function repositoryHandlers(clock: Clock): readonly Handler[] {
  const marks = new PageMarks<string>(clock)
  return [
    change(createAction, async ({ tx, at, origin, instance, input }) => {
      const namespace = await findNamespace(tx, instance.id, input.NamespaceName)
      if (!namespace) throw namespaceUnknown(input.NamespaceName)
      await createRepository(tx, instance, {
        namespace,
        name: input.RepositoryName,
        briefDescription: input.BriefDescription ?? '',
        description: input.Description ?? '',
        origin,
        at,
      })
      return {}
    }),

    change(modifyRepository, async ({ tx, at, instance, input }) => {
      const { BriefDescription: brief, Description: whole } = input
      await describeRepository(tx, instance, pathOf(input), { brief, whole, at })
      return {}
    }),

    change(deleteAction, async ({ tx, at, origin, instance, input }) => {
      const withImages = input.ForceDelete
      await deleteRepository(tx, { instance, path: pathOf(input), withImages, origin, at })
      return {}
    }),

    read(describeRepositories, async (call) => {
      const { ground, instance, input } = call
      const { permission, paging } = describeRepositories
      const reach = await reachFor(call, permission, `repository/${instance.id}/`)
      const { total, repositories } = await listRepositories(
        { db: ground.db, marks },
        instance.id,
        {
          reach,
          namespace: input.NamespaceName || undefined,
          search: input.RepositoryName || undefined,
          order: orders[input.SortBy ?? ''],
        },
        pageRange(paging, input),
      )
      return { RepositoryList: repositories.map(toWire), TotalCount: total }
    }),

    read(describeRepositoryStatistics, async (call) => {
      const { ground, instance, input } = call
      const { permission, paging } = describeRepositoryStatistics
      const { NamespaceName: namespace, RepositoryName: name } = input
      const { total, repositories } = await listRepositoryNumbers(
        ground.db.heavy,
        instance.id,
        {
          reach: await reachFor(call, permission, `repository/${instance.id}/`),
          namespace: namespace || undefined,
          paths: namespace && name ? [`${namespace}/${name}`] : (input.RepositoryPaths ?? []),
        },
        pageRange(paging, input),
      )
      return {
        Statistics: repositories.map(({ path, ...numbers }) => ({
          NamespaceName: path.slice(0, path.indexOf('/')),
          RepositoryName: path.slice(path.indexOf('/') + 1),
          TagCount: numbers.tags,
          ManifestCount: numbers.manifests,
          StoredBytes: numbers.bytes,
          PullCount: numbers.pulls,
          LastPullTime: timeOrNull(numbers.lastPulledAt),
          LastPushTime: timeOrNull(numbers.lastPushedAt),
        })),
        TotalCount: total,
      }
    }),
  ]
}

function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoUtc(ms)
}

const orders: Readonly<
  Record<NonNullable<ActionInput<typeof describeRepositories>['SortBy']> | '', RepositoryOrder>
> = {
  '': 'path',
  '-name': 'path-desc',
  '-creation_time': 'created-desc',
  '-update_time': 'updated-desc',
}

function pathOf(input: { readonly NamespaceName: string; readonly RepositoryName: string }) {
  return `${input.NamespaceName}/${input.RepositoryName}`
}

function toWire(
  repository: ListedRepository,
): ActionReply<typeof describeRepositories>['RepositoryList'][number] {
  const { path } = repository
  return {
    Name: path,
    Namespace: path.slice(0, path.indexOf('/')),
    CreationTime: goTime(repository.createdAt),
    Public: repository.isPublic,
    Description: repository.description,
    BriefDescription: repository.briefDescription,
    UpdateTime: goTime(repository.updatedAt),
  }
}
