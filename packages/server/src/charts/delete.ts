// Versions of charts go as tags do: their manifests stay until nothing keeps them.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Origin } from '../audit/origin.ts'
import type { Queryable, Tx } from '../db/database.ts'
import type { Instance } from '../instances/instances.ts'
import { deleteRepository } from '../repositories/delete.ts'
import { deleteTags } from '../tags/tags.ts'
import { printable } from './problem.ts'
import { findVersion, selectVersions, type VersionRow } from './queries.ts'
import { parseChartVersion } from './versions.ts'

interface OfChart {
  readonly instance: Instance
  readonly path: string
}

/** Throws CHART_UNKNOWN. */
export async function getVersion(
  db: Queryable,
  { instance, path }: OfChart,
  version: string,
): Promise<VersionRow> {
  const tag = parseChartVersion(version)?.tag
  const row = tag === undefined ? undefined : await findVersion(db, instance.id, path, tag)
  if (row) return row
  const shown = printable(version)
  throw new ApiError('CHART_UNKNOWN', {
    message: {
      en: `there is no version ${shown} of chart ${path}`,
      zh: `Chart ${path} 没有版本 ${shown}`,
    },
    detail: { chart: path, version: shown },
  })
}

/** Throws CHART_UNKNOWN, naming the first that isn't there, and TAG_IMMUTABLE. */
export async function deleteVersions(
  tx: Tx,
  change: OfChart & { readonly origin: Origin; readonly at: number },
  versions: readonly string[],
): Promise<void> {
  const { instance, path, origin, at } = change
  const tags = new Set<string>()
  let repository: { readonly id: string; readonly path: string } | undefined
  for (const version of versions) {
    const row = await getVersion(tx, change, version)
    tags.add(row.tag)
    repository = { id: row.repository_id, path }
  }
  if (!repository) return
  await deleteTags(tx, { instance, repository, origin, at, cause: 'user' }, [...tags])
}

/**
 * All versions; the repository with them where nothing else lies in it. Returns how many versions went. Throws
 * CHART_UNKNOWN, TAG_IMMUTABLE.
 */
export async function deleteChart(
  tx: Tx,
  change: OfChart & { readonly origin: Origin; readonly at: number },
): Promise<number> {
  const { instance, path, origin, at } = change
  const rows = await selectVersions(tx, instance.id)
    .select(['r.id', 't.name'])
    .where('r.path', '=', path)
    .execute()
  const [first] = rows
  if (!first) {
    const shown = printable(path)
    throw new ApiError('CHART_UNKNOWN', {
      message: { en: `there is no chart ${shown}`, zh: `没有 Chart ${shown}` },
    })
  }
  if (await holdsOnlyCharts(tx, first.id)) {
    await deleteRepository(tx, { instance, path, withImages: true, origin, at })
  } else {
    const tags = rows.map(({ name }) => name)
    const repository = { id: first.id, path }
    await deleteTags(tx, { instance, repository, origin, at, cause: 'user' }, tags)
  }
  return rows.length
}

async function holdsOnlyCharts(tx: Tx, repositoryId: string): Promise<boolean> {
  const other = await tx
    .selectFrom('manifests as m')
    .leftJoin('charts as c', (join) =>
      join.onRef('c.instance_id', '=', 'm.instance_id').onRef('c.digest', '=', 'm.digest'),
    )
    .select('m.id')
    .where('m.repository_id', '=', repositoryId)
    .where('m.deleted_at', 'is', null)
    .where('c.digest', 'is', null)
    // Signatures and the like are about the charts.
    .where('m.subject_digest', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return other === undefined
}
