// Which processes serve, as each says of itself now and then.

import type { ColumnTypes } from '../migrate.ts'

export function processes({ text, int, tail }: ColumnTypes): string {
  return `
create table server_processes (
  id ${text} not null primary key,
  host ${text} not null,
  pid ${int} not null,
  version ${text} not null,
  node_version ${text} not null,
  memory_bytes ${int} not null,
  started_at ${int} not null,
  seen_at ${int} not null
) ${tail}
`
}
