// Many versions of charts, made inside the database of those that were pushed.

import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'

export interface ChartRows {
  columnsOf(table: string): Promise<readonly string[]>
  exec(sql: string): Promise<unknown>
  /** A number of so many digits, and a table `n (i)` of numbers. */
  padded(value: string, digits: number): string
  numbers(from: number, to: number): string
  close(): Promise<void>
}

export function chartRowsOfSqlite(path: string): ChartRows {
  const db = new DatabaseSync(path)
  return {
    columnsOf: async (table) =>
      db
        .prepare(`select name from pragma_table_info('${table}')`)
        .all()
        .map(({ name }) => String(name)),
    exec: async (sql) => db.exec(sql),
    padded: (value, digits) => `printf('%0${digits}d', ${value})`,
    numbers: (from, to) =>
      `(with recursive n (i) as (select ${from} union all select i + 1 from n where i < ${to}) select i from n) as n`,
    close: async () => db.close(),
  }
}

export function chartRowsOfPostgres(url: string): ChartRows {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  return {
    async columnsOf(table) {
      const { fields } = await pool.query(`select * from ${table} limit 0`)
      return fields.map(({ name }) => name)
    },
    exec: (sql) => pool.query(sql),
    padded: (value, digits) => `lpad((${value})::text, ${digits}, '0')`,
    numbers: (from, to) => `generate_series(${from}, ${to}) as n (i)`,
    close: () => pool.end(),
  }
}

/** Of each chart that has a version `1.0.0`: `1.0.1` up to `1.0.<last>`. */
export async function multiplyVersions(rows: ChartRows, last: number): Promise<void> {
  const digest = `substr(x.digest, 1, 63) || ${rows.padded('n.i', 8)}`
  const id = `'00000' || ${rows.padded('x.number * 10000 + n.i', 15)}`
  const renamed = (column: string) => `replace(x.${column}, '1.0.0', '1.0.' || n.i)`
  const tables: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    manifest_bytes: { digest },
    manifests: { id, digest },
    charts: {
      digest,
      version: renamed('version'),
      tag: renamed('tag'),
      version_order: `x.version_order || ${rows.padded('n.i', 8)}`,
      file_name: renamed('file_name'),
      entry: renamed('entry'),
    },
    tags: { id, digest, name: renamed('name') },
  }
  for (const [table, changed] of Object.entries(tables)) {
    const columns = await rows.columnsOf(table)
    const values = columns.map((column) => changed[column] ?? `x.${column}`)
    await rows.exec(`
      insert into ${table} (${columns.join(', ')}) select ${values.join(', ')}
      from ${rows.numbers(1, last)},
      (select t.*, row_number() over (order by digest) as number from ${table} as t) as x`)
  }
  await rows.exec('analyze')
}
