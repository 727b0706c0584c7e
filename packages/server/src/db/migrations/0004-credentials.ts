// Which feature made a credential, and when credentials were last used; and the resources of an account that carry
// tags, in order. The previous release runs on it: what is added to its tables has a default.

import type { ColumnTypes } from '../migrate.ts'

export function credentials({ text, int }: ColumnTypes): string {
  return `
alter table user_credentials add column made_by ${text} not null default 'user';
alter table user_credentials add column last_used_at ${int};
alter table user_credentials add column last_used_address ${text};

alter table service_accounts add column last_used_at ${int};
alter table service_accounts add column last_used_address ${text};

create index tagged_resources_by_owner on tagged_resources (owner_uin, kind, resource_id, key);
`
}
