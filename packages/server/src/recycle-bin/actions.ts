// The API's actions on the recycle bin.

import type { ActionReply } from '@entrepot/contract/action.ts'
import {
  describeDeletion,
  describeDeletions,
  describeRecycleBin,
  emptyRecycleBin,
  modifyRecycleBin,
  purgeDeletion,
  restoreDeletion,
} from '@entrepot/contract/entrepot/recycle-bin.ts'
import { assertMayDo, reachFor } from '../actions/authority.ts'
import { type ChangeCall, change, type Handler, read } from '../actions/define.ts'
import { PageMarks } from '../actions/page-marks.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import type { Clock } from '../clock.ts'
import type { ArtifactKind } from '../images/artifact-kind.ts'
import { nudge, schedule } from '../jobs/jobs.ts'
import { findNamespace, namespaceUnknown } from '../namespaces/namespaces.ts'
import { type DeletionKind, getBinDays, keptUntil } from './deletions.ts'
import { binEmptying, binPurge } from './job-kinds.ts'
import { findObstacles } from './obstacles.ts'
import {
  type DeletionMark,
  findDeletion,
  findKinds,
  holdDeletion,
  type ListedDeletion,
  listDeletions,
  listTagsOf,
  weighBin,
} from './queries.ts'
import { deletionUnknown } from './refusals.ts'
import { purgeEntry } from './release.ts'
import { restoreImage } from './restore.ts'
import { restoreRepository } from './restore-repository.ts'

/** A reply names no more tags. */
const shownTags = 100

export function recycleBinHandlers(clock: Clock): readonly Handler[] {
  const marks = new PageMarks<DeletionMark>(clock)
  return [
    read(describeRecycleBin, async ({ ground, db, instance }) => {
      const { count, heldBytes } = await weighBin(ground.db.heavy, instance.id)
      return { Days: await getBinDays(db, instance.id), Count: count, HeldBytes: heldBytes }
    }),

    change(modifyRecycleBin, async ({ tx, instance, input }) => {
      await tx
        .updateTable('instances')
        .set({ bin_days: input.Days })
        .where('id', '=', instance.id)
        .execute()
      return {}
    }),

    read(describeDeletions, async (call) => {
      const { ground, db, instance, input } = call
      const { heavy } = ground.db
      const { permission, paging } = describeDeletions
      const filter = {
        reach: await reachFor(call, permission, `repository/${instance.id}/`),
        namespace: input.NamespaceName || undefined,
        search: input.Search || undefined,
        kinds: (input.Kinds ?? []).map((kind) => kinds[kind]),
        by: input.DeletedBy || undefined,
        cause: input.Cause || undefined,
      }
      const page = pageRange(paging, input)
      const { total, deletions } = await listDeletions({ heavy, marks }, instance.id, filter, page)
      const artifacts = await findKinds(heavy, deletions)
      const days = await getBinDays(db, instance.id)
      return {
        Deletions: deletions.map((row) => toWire(row, artifacts.get(row.id), days)),
        TotalCount: total,
      }
    }),

    read(describeDeletion, async ({ ground, db, instance, input }) => {
      const named = { id: input.DeletionId, path: pathOf(input) }
      const row = await findDeletion(db, instance.id, named)
      if (!row) throw deletionUnknown(named.id)
      const { heavy } = ground.db
      const artifacts = await findKinds(heavy, [row])
      const tags = await listTagsOf(heavy, row.id)
      const obstacles = await findObstacles(heavy, instance.id, row)
      return {
        Deletion: toWire(row, artifacts.get(row.id), await getBinDays(db, instance.id)),
        Tags: tags.slice(0, shownTags).map(({ name }) => name),
        TakenTags: obstacles.takenTags,
        IsNameTaken: obstacles.isNameTaken,
        MakesNamespace: obstacles.makesNamespace,
      }
    }),

    change(restoreDeletion, restore, undefined, named),

    change(
      purgeDeletion,
      async (call) => {
        const { tx, instance, input } = call
        const path = pathOf(input)
        const deletion = await holdDeletion(tx, instance.id, { id: input.DeletionId, path })
        const isRepository = deletion.kind === 'repository'
        const right = isRepository ? 'tcr:DeleteRepository' : 'tcr:DeleteImage'
        await assertMayDo(call, right, [`repository/${instance.id}/${path}`])
        await purgeEntry(tx, deletion)
        await nudge(tx, binPurge)
        return {}
      },
      undefined,
      named,
    ),

    change(emptyRecycleBin, async (call) => {
      const { tx, at, instance, input, origin } = call
      const { NamespaceName: name } = input
      const below = `repository/${instance.id}/${name ? `${name}/` : ''}*`
      await assertMayDo(call, 'tcr:DeleteRepository', [below])
      await assertMayDo(call, 'tcr:DeleteImage', [below])
      if (name && !(await findNamespace(tx, instance.id, name))) throw namespaceUnknown(name)
      const jobId = await schedule(tx, {
        kind: binEmptying,
        key: `${binEmptying}:${instance.id}:${name || ''}`,
        instanceId: instance.id,
        payload: { instanceId: instance.id, namespace: name || null, until: at },
        by: origin.actor,
        at,
      })
      return { JobId: jobId }
    }),
  ]
}

interface Named {
  readonly NamespaceName: string
  readonly RepositoryName: string
  readonly DeletionId: string
}

function pathOf(input: Omit<Named, 'DeletionId'>): string {
  return `${input.NamespaceName}/${input.RepositoryName}`
}

function named({ DeletionId }: Named) {
  return { reference: DeletionId }
}

async function restore(call: ChangeCall<typeof restoreDeletion>) {
  const { tx, at, origin, instance, input } = call
  const path = pathOf(input)
  const onRepository = [`repository/${instance.id}/${path}`]
  await assertMayDo(call, 'tcr:PushRepository', onRepository)
  const deletion = await holdDeletion(tx, instance.id, { id: input.DeletionId, path })
  const restoring = { instance, origin, at, leavesTaken: input.LeaveTakenTags }
  if (deletion.kind !== 'repository') {
    const { tags, leftTags } = await restoreImage(tx, restoring, deletion)
    return { Tags: tags.slice(0, shownTags), LeftTags: leftTags.slice(0, shownTags) }
  }
  await assertMayDo(call, 'tcr:CreateRepository', onRepository)
  const { madeNamespace } = await restoreRepository(tx, restoring, deletion)
  if (madeNamespace) {
    const resource = `repository/${instance.id}/${input.NamespaceName}`
    await assertMayDo(call, 'tcr:CreateNamespace', [resource])
  }
  return { Tags: [], LeftTags: [] }
}

const kinds = { Tag: 'tag', Manifest: 'manifest', Repository: 'repository' } as const

const wireKinds = {
  tag: 'Tag',
  manifest: 'Manifest',
  repository: 'Repository',
} as const satisfies Record<DeletionKind, string>

function toWire(
  row: ListedDeletion,
  artifact: ArtifactKind | undefined,
  binDays: number,
): ActionReply<typeof describeDeletion>['Deletion'] {
  const slash = row.path.indexOf('/')
  const name = row.path.slice(slash + 1)
  return {
    DeletionId: row.id,
    Kind: wireKinds[row.kind],
    NamespaceName: row.path.slice(0, slash),
    RepositoryName: name,
    Name: row.kind === 'repository' ? name : row.name,
    Digest: row.digest,
    ArtifactKind: artifact ?? null,
    TagCount: row.tag_count,
    ManifestCount: row.manifest_count,
    Size: row.size_bytes,
    DeletedBy: row.deleted_by,
    DeleteTime: isoUtc(row.deleted_at),
    Cause: row.cause,
    GoesTime: isoUtc(keptUntil(row.deleted_at, binDays)),
  }
}
