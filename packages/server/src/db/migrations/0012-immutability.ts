// Which tags of a namespace can be neither moved nor deleted: one rule for each namespace.

import type { ColumnTypes } from '../migrate.ts'

export function immutability({ text, int, tail }: ColumnTypes): string {
  return `
create table immutability_rules (
  namespace_id ${text} not null primary key references namespaces (id) on delete cascade,
  number ${int} not null unique,
  repository_pattern ${text} not null,
  repository_excludes ${int} not null,
  tag_pattern ${text} not null,
  tag_excludes ${int} not null,
  is_on ${int} not null,
  created_at ${int} not null,
  updated_at ${int} not null
) ${tail}
`
}
