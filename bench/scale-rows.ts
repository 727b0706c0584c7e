// Multiplies one row of a table a million times inside the database: no push could do it in the time.

import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'

export interface SeedDatabase {
  /** Copies the row that `where` finds, with new ids and `<prefix>0000001`, … in `column`. */
  multiply(table: string, where: string, name: NewName, count: number): Promise<void>
  /** Adds to what is counted, in each scope that counts it. */
  addUsage(metric: string, value: number): Promise<void>
  close(): Promise<void>
}

interface NewName {
  readonly prefix: string
  readonly column: string
}

const usageOf = (metric: string, value: number) => `
  INSERT INTO counter_deltas (scope_id, metric, delta)
  SELECT scope_id, metric, ${value} FROM (
    SELECT scope_id, metric FROM counters UNION SELECT scope_id, metric FROM counter_deltas
  ) AS scopes WHERE metric = '${metric}'`

/** Ids are texts of 20 characters; these stay clear of those that the server makes. */
const idPrefix = '00000'

export function onSqlite(path: string): SeedDatabase {
  const db = new DatabaseSync(path)
  return {
    async multiply(table, where, { prefix, column }, count) {
      const columns = db
        .prepare(`SELECT name FROM pragma_table_info('${table}')`)
        .all()
        .map(({ name }) => String(name))
      const values = columns.map((name) => {
        if (name === 'id') return `printf('${idPrefix}%015d', n.i)`
        if (name === column) return `printf('${prefix}%07d', n.i)`
        return `template.${name}`
      })
      db.exec(`
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
        INSERT INTO ${table} (${columns.join(', ')})
        SELECT ${values.join(', ')} FROM n, (SELECT * FROM ${table} WHERE ${where}) AS template`)
    },
    async addUsage(metric, value) {
      db.exec(usageOf(metric, value))
    },
    async close() {
      db.exec('ANALYZE')
      db.close()
    },
  }
}

export function onPostgres(url: string): SeedDatabase {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  return {
    async multiply(table, where, { prefix, column }, count) {
      const { fields } = await pool.query(`SELECT * FROM ${table} LIMIT 0`)
      const columns = fields.map(({ name }) => name)
      const values = columns.map((name) => {
        if (name === 'id') return `'${idPrefix}' || lpad(n.i::text, 15, '0')`
        if (name === column) return `'${prefix}' || lpad(n.i::text, 7, '0')`
        return `template.${name}`
      })
      await pool.query(`
        INSERT INTO ${table} (${columns.join(', ')})
        SELECT ${values.join(', ')} FROM generate_series(1, ${count}) AS n (i),
        (SELECT * FROM ${table} WHERE ${where}) AS template`)
    },
    async addUsage(metric, value) {
      await pool.query(usageOf(metric, value))
    },
    async close() {
      await pool.query('ANALYZE')
      await pool.end()
    },
  }
}
