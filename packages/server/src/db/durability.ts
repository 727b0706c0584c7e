// Whether what the database says it keeps is kept through a power failure: asked by `doctor`.

import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { sql } from 'kysely'
import type { Database, Queryable } from './database.ts'

export interface DurabilityFinding {
  readonly level: 'error' | 'warning'
  readonly message: string
}

/** Empty when all is well. `sqlitePath` of a database in a file. */
export async function inspectDurability(
  db: Database,
  sqlitePath: string | undefined,
): Promise<DurabilityFinding[]> {
  if (db.dialect === 'postgres') return inspectServer(db.read)
  if (sqlitePath === undefined) return []
  const kind = networkFileSystem(statfsSync(dirname(sqlitePath)).type)
  if (kind === undefined) return []
  return [
    {
      level: 'error',
      message: `the database ${sqlitePath} lies on a network file system (${kind}), whose locks SQLite can't rely on: use a local disk, or PostgreSQL`,
    },
  ]
}

async function inspectServer(db: Queryable): Promise<DurabilityFinding[]> {
  const { rows } = await sql<{ name: string; setting: string }>`
    select name, setting from pg_settings
    where name in ('fsync', 'full_page_writes', 'synchronous_commit')`.execute(db)
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]))
  const findings: DurabilityFinding[] = []
  if (settings.get('fsync') === 'off') {
    findings.push({
      level: 'error',
      message: 'PostgreSQL runs with fsync=off and loses data when its machine fails: set it to on',
    })
  }
  if (settings.get('full_page_writes') === 'off') {
    findings.push({
      level: 'warning',
      message:
        'PostgreSQL runs with full_page_writes=off: only a file system that never tears a page allows it',
    })
  }
  if (settings.get('synchronous_commit') === 'off') {
    findings.push({
      level: 'warning',
      message:
        'PostgreSQL runs with synchronous_commit=off: pushes answered in the last second may be lost',
    })
  }
  return findings
}

/** `f_type` of statfs(2), as Linux has them. */
const networkFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x01021997, '9P'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x5346414f, 'AFS'],
  [0x73757245, 'Coda'],
])

export function networkFileSystem(type: number): string | undefined {
  if (process.platform !== 'linux') return undefined
  // The number may come as a signed one.
  return networkFileSystems.get(type >>> 0)
}
