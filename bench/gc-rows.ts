// What a clean-up finds after a long time without one: rows made inside the database, and their objects beside it.

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'

export interface Garbage {
  /** Links that the next sweep takes, blobs that it takes, and objects whose rows went before: so many of each. */
  readonly blobs: number
  /** Deleted, out of the bin. */
  readonly manifests: number
}

interface Rows {
  exec(sql: string): Promise<unknown>
  close(): Promise<void>
}

export function rowsOfSqlite(path: string): Rows {
  const db = new DatabaseSync(path)
  return { exec: async (sql) => db.exec(sql), close: async () => db.close() }
}

export function rowsOfPostgres(url: string): Rows {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  return { exec: (sql) => pool.query(sql), close: () => pool.end() }
}

const longAgoMs = 30 * 24 * 3_600_000

const keyOf = (n: number) => `blobs/${String(n % 1000).padStart(6, '0')}/condemned${n}`

/** In the first repository there is, as it would be weeks after everything in it was deleted. */
export async function addGarbage(
  rows: Rows,
  dialect: 'sqlite' | 'postgres',
  { blobs, manifests }: Garbage,
): Promise<void> {
  const numbers = (count: number) =>
    dialect === 'sqlite'
      ? `(with recursive n (i) as (select 1 union all select i + 1 from n where i < ${count}) select i from n) as n`
      : `generate_series(1, ${count}) as n (i)`
  const text = (prefix: string) =>
    dialect === 'sqlite'
      ? `printf('${prefix}%012d', n.i)`
      : `'${prefix}' || lpad(n.i::text, 12, '0')`
  const digest = (prefix: string) => `'sha256:' || ${text(prefix)}`
  const old = Date.now() - longAgoMs
  const place =
    '(select r.id as repository, r.instance_id as instance, r.namespace_id as namespace from repositories r order by r.id limit 1) as place'
  const from = (count: number) => `from ${numbers(count)}, ${place}`
  const inserts = [
    // Two kinds of blobs: one that a repository still holds, and one that nobody does.
    ...(['linked00', 'unheld00'] as const).map(
      (
        kind,
      ) => `insert into blobs (id, instance_id, digest, size_bytes, state, claimed_at, unreferenced_at, created_at)
      select ${text(kind)}, place.instance, ${digest(kind)}, 1000, 'present', ${old},
        ${kind === 'unheld00' ? old + 1 : 'null'}, ${old} ${from(blobs)}`,
    ),
    `insert into repository_blobs (repository_id, blob_id, created_at, unreferenced_at)
      select place.repository, ${text('linked00')}, ${old}, ${old + 1} ${from(blobs)}`,
    `insert into namespace_contents (namespace_id, digest, size_bytes, uses)
      select place.namespace, ${digest('linked00')}, 1000, 1 ${from(blobs)}`,
    ...(['linked00', 'unheld00'] as const).map(
      (kind) => `insert into blob_copies (id, blob_id, backend_id, key, stored_bytes, state)
      select ${text(kind)}, ${text(kind)}, 'default', 'blobs/' || ${text(kind)}, 1000, 'present'
      from ${numbers(blobs)}`,
    ),
    `insert into manifests (id, instance_id, repository_id, digest, media_type, size_bytes, content_bytes,
        created_at, created_by, deleted_at, deleted_by, delete_cause)
      select ${text('manifest')}, place.instance, place.repository, ${digest('manifest')},
        'application/vnd.oci.image.manifest.v1+json', 500, 2000, ${old}, 'bench', ${old}, 'bench', 'user'
      ${from(manifests)}`,
    `insert into manifest_bytes (instance_id, digest, bytes)
      select place.instance, ${digest('manifest')}, ${dialect === 'sqlite' ? 'zeroblob(500)' : "decode(repeat('00', 500), 'hex')"}
      ${from(manifests)}`,
    `insert into namespace_contents (namespace_id, digest, size_bytes, uses)
      select place.namespace, ${digest('manifest')}, 500, 1 ${from(manifests)}`,
    ...[0, 1].map(
      (
        position,
      ) => `insert into manifest_refs (manifest_id, position, repository_id, role, digest, media_type,
        size_bytes, present)
      select ${text('manifest')}, ${position}, place.repository, ${position === 0 ? "'config'" : "'layer'"},
        ${digest(`named${position}`)}, 'application/octet-stream', 1000, 1 ${from(manifests)}`,
    ),
    `insert into condemned_objects (id, backend_id, key, condemned_at, instance_id, size_bytes)
      select ${text('condemned')}, 'default',
        'blobs/' || ${dialect === 'sqlite' ? "printf('%06d', n.i % 1000)" : "lpad((n.i % 1000)::text, 6, '0')"}
          || '/condemned' || n.i, ${old}, place.instance, 10 ${from(blobs)}`,
    // The operator has agreed: it is more than a tenth of all bytes.
    `insert into meta (key, value) values ('sweep-consent-at', '${Date.now() + longAgoMs}')`,
    'analyze',
  ]
  for (const insert of inserts) await rows.exec(insert)
}

/** The objects of the condemned keys, where the store keeps its objects. */
export function addObjects(folder: string, count: number): void {
  for (let n = 1; n <= count; n += 1) {
    const path = join(folder, keyOf(n))
    if (n <= 1000) mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, 'condemned!')
  }
}
