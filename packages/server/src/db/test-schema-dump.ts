// The schema as the database has it, as text: for the golden files that a migration's review reads.

import { sql } from 'kysely'
import type { Database } from './database.ts'

export async function dumpSchema(db: Database): Promise<string> {
  const lines = db.dialect === 'sqlite' ? await dumpSqlite(db) : await dumpPostgres(db)
  return `${lines.join('\n')}\n`
}

async function dumpSqlite({ read }: Database): Promise<string[]> {
  const { rows } = await sql<{ sql: string }>`select sql from sqlite_schema
    where sql is not null and name not like 'sqlite_%' order by tbl_name, type desc, name`.execute(
    read,
  )
  return rows.map((row) => row.sql)
}

async function dumpPostgres({ read }: Database): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select line from (
      select c.relname as place, 1 as part, lpad(a.attnum::text, 3, '0') as rank,
        format('%s.%s %s%s%s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
          case when l.collname <> 'default' then ' collate ' || l.collname else '' end,
          case when a.attnotnull then ' not null' else '' end,
          case when a.attidentity <> '' then ' generated as identity' else '' end,
          coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')) as line
      from pg_attribute a
      join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
      left join pg_collation l on l.oid = a.attcollation
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relnamespace = current_schema()::regnamespace and a.attnum > 0 and not a.attisdropped
      union all
      select c.relname, 2, k.conname, format('%s: %s', c.relname, pg_get_constraintdef(k.oid))
      from pg_constraint k join pg_class c on c.oid = k.conrelid
      where c.relnamespace = current_schema()::regnamespace and k.contype in ('p', 'f', 'u', 'c')
      union all
      select tablename, 3, indexname, replace(indexdef, current_schema() || '.', '')
      from pg_indexes where schemaname = current_schema()
    ) lines order by place collate "C", part, rank collate "C"`.execute(read)
  return rows.map(({ line }) => line)
}
