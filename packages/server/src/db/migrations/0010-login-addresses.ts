// From which addresses the sub-accounts of an account may log in to the console. The previous release asks nobody.

import type { ColumnTypes } from '../migrate.ts'

export function loginAddresses({ text, int, tail }: ColumnTypes): string {
  return `
create table login_address_rules (
  owner_uin ${int} not null primary key,
  enabled ${int} not null,
  allowed ${text} not null,
  denied ${text} not null,
  modified_by ${int} not null,
  updated_at ${int} not null
) ${tail}
`
}
