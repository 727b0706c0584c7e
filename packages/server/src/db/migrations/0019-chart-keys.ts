// Public keys by which a namespace verifies the provenance files of its charts.

import type { ColumnTypes } from '../migrate.ts'

export function chartKeys({ text, int, tail }: ColumnTypes): string {
  return `
create table chart_keys (
  namespace_id ${text} not null references namespaces (id) on delete cascade,
  fingerprint ${text} not null,
  key_ids ${text} not null,
  user_ids ${text} not null,
  armored ${text} not null,
  created_at ${int} not null,
  created_by ${text} not null,
  primary key (namespace_id, fingerprint)
) ${tail}
`
}
