// What a database says of itself, for the operator.

import { sql } from 'kysely'
import type { Queryable } from './database.ts'
import { dialectOf } from './dialect.ts'

export interface DatabaseFacts {
  readonly version: string
  readonly sizeBytes: number
}

export async function findDatabaseFacts(db: Queryable): Promise<DatabaseFacts> {
  const { rows } =
    dialectOf(db) === 'sqlite'
      ? await sql<{ version: string; size: number }>`select sqlite_version() as version,
          (select page_count from pragma_page_count()) * (select page_size from pragma_page_size())
            as size`.execute(db)
      : await sql<{ version: string; size: number }>`select
          current_setting('server_version') as version,
          pg_database_size(current_database()) as size`.execute(db)
  const [row] = rows
  return { version: row?.version ?? '', sizeBytes: Number(row?.size ?? 0) }
}
