// What an upload would do, before it is made.

import { ApiError } from '@entrepot/contract/errors.ts'
import { isoUtc } from '../actions/times.ts'
import type { Queryable } from '../db/database.ts'
import { findCoverage } from '../immutability/queries.ts'
import type { Instance } from '../instances/instances.ts'
import { repositoryOf } from './names.ts'
import { printable } from './problem.ts'
import { findVersion } from './queries.ts'
import { parseChartVersion } from './versions.ts'

interface Place {
  readonly instance: Instance
  readonly namespace: string
}

interface Asked {
  readonly ChartName: string
  readonly Version: string
  readonly PackageDigest?: string | undefined
}

interface Fate {
  readonly Fate: 'new' | 'same' | 'replaces' | 'refused'
  readonly Reason: string | null
}

const fresh: Fate = { Fate: 'new', Reason: null }

export async function foretell(db: Queryable, place: Place, asked: Asked) {
  const { ChartName, Version } = asked
  const named = { ChartName, Version, PushTime: null, PushedBy: null }
  const name = repositoryNameOf(place.namespace, ChartName)
  if (name instanceof ApiError) return { ...named, ...refused(name.message) }
  const version = parseChartVersion(Version)
  if (!version) return { ...named, ...refused(`version: ${printable(Version)} is not SemVer`) }
  const target = { path: name.path, tag: version.tag }
  const row = await findVersion(db, place.instance.id, target.path, target.tag)
  if (!row) return { ...named, ...(await fateOfTag(db, place.instance, target)) }
  const present = { PushTime: isoUtc(row.pushed_at), PushedBy: row.pushed_by }
  if (row.package_digest === asked.PackageDigest) {
    return { ...named, ...present, Fate: 'same' as const, Reason: null }
  }
  const coverage = await findCoverage(db, { id: row.repository_id, path: row.path })
  const isKept = coverage?.covers(row.tag) ?? false
  const why = `an immutability rule keeps ${ChartName} ${Version} as it is`
  const fate = isKept ? refused(why) : { Fate: 'replaces' as const, Reason: null }
  return { ...named, ...present, ...fate }
}

function refused(why: string): Fate {
  return { Fate: 'refused', Reason: why }
}

function repositoryNameOf(namespace: string, chartName: string) {
  try {
    return repositoryOf(namespace, chartName)
  } catch (error) {
    // Told as the upload's fate.
    if (error instanceof ApiError) return error
    throw error
  }
}

/** No chart: nothing, an image, or a chart that is not read yet. */
async function fateOfTag(
  db: Queryable,
  { id }: Instance,
  { path, tag }: { readonly path: string; readonly tag: string },
): Promise<Fate> {
  const row = await db
    .selectFrom('repositories as r')
    .innerJoin('tags as t', 't.repository_id', 'r.id')
    .leftJoin('charts as c', (join) =>
      join.onRef('c.instance_id', '=', 'r.instance_id').onRef('c.digest', '=', 't.digest'),
    )
    .select(['t.id', 'c.state'])
    .where('r.instance_id', '=', id)
    .where('r.path', '=', path)
    .where('r.deleted_at', 'is', null)
    .where('t.name', '=', tag)
    .where('t.deleted_at', 'is', null)
    .executeTakeFirst()
  if (!row) return fresh
  return row.state === null
    ? refused(`${path}:${tag} is an image: a chart can't replace it`)
    : { Fate: 'replaces', Reason: null }
}
