// What pages of the console ask for: the tags of a repository by when they were pushed, and who asked for a job.

import type { ColumnTypes } from '../migrate.ts'

export function consolePages({ text }: ColumnTypes): string {
  return `
create index tags_by_push on tags (repository_id, pushed_at, id) where deleted_at is null;

alter table jobs add column created_by ${text};
`
}
