// Opens a database, or says in one line why it can't be opened and what to do. Changes nothing in it.

import { StartError } from '../start-error.ts'
import type { Database, OpenOptions } from './database.ts'
import { openPostgres } from './postgres.ts'
import { openSqlite } from './sqlite.ts'

export interface DatabaseSettings extends OpenOptions {
  /** `postgres://…`; without it SQLite at `sqlitePath`. */
  readonly url?: string
  readonly sqlitePath?: string
}

/** `migrate(db)` makes the tables. */
export async function openDatabase(settings: DatabaseSettings): Promise<Database> {
  if (settings.url) return openPostgres(settings.url, settings)
  const { sqlitePath = '' } = settings
  try {
    return openSqlite(sqlitePath, settings)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(`the database ${sqlitePath} can't be opened: ${reason}.`, error)
  }
}
