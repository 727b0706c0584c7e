// Versions of charts go as tags do: their manifests stay until nothing keeps them.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Origin } from '../audit/origin.ts'
import type { Queryable, Tx } from '../db/database.ts'
import type { Instance } from '../instances/instances.ts'
import { deleteTags } from '../tags/tags.ts'
import { printable } from './problem.ts'
import { findVersion, type VersionRow } from './queries.ts'
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
