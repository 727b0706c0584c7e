import { PostgresAdapter } from 'kysely'
import type { Dialect, Queryable } from './database.ts'

/** Which of the two databases a query will meet. */
export function dialectOf(db: Queryable): Dialect {
  return db.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite'
}
