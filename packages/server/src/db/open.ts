import type { Database, OpenOptions } from './database.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'

export interface DatabaseSettings extends OpenOptions {
  /** `postgres://…`; without it SQLite at `sqlitePath`. */
  readonly url?: string
  readonly sqlitePath?: string
}

/** Opens, and changes nothing: `migrate(db)` makes the tables. */
export async function openDatabase(settings: DatabaseSettings): Promise<Database> {
  if (settings.url) return openPostgres(settings.url, settings)
  if (!settings.sqlitePath) throw new Error('a database has an address or a file')
  return openSqlite(settings.sqlitePath, settings)
}
