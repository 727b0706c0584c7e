// Where a list's rows keep what conditions ask about: the tags of the row and of what it lies in, and its creator.

import { type Expression, type RawBuilder, sql } from 'kysely'
import type { TaggedKind } from '../cloud-tags/cloud-tags.ts'

export interface RowColumns {
  /** The nearest first: of two values of a key it counts. */
  readonly tagged: readonly { readonly kind: TaggedKind; readonly id: RawBuilder<string> }[]
  /** As text; null where it is no person. */
  readonly creator: RawBuilder<string | null> | undefined
}

/** Of what has neither, as repositories of the Personal edition. */
export const noRowColumns: RowColumns = { tagged: [], creator: undefined }

/** `i`: the alias of `instances`. */
export function instanceColumns(i: string): RowColumns {
  return {
    tagged: [{ kind: 'instance', id: sql.ref(`${i}.id`) }],
    creator: sql<string | null>`cast(${sql.ref(`${i}.created_by`)} as text)`,
  }
}

/** Of rows that only name their instance. */
export function instanceIdColumns(id: string): RowColumns {
  const creator = sql<string | null>`(select cast(by_id.created_by as text)
    from instances as by_id where by_id.id = ${sql.ref(id)})`
  return { tagged: [{ kind: 'instance', id: sql.ref(id) }], creator }
}

/** `n`: the alias of `namespaces`. */
export function namespaceColumns(n: string): RowColumns {
  return {
    tagged: [
      { kind: 'namespace', id: sql.ref(`${n}.id`) },
      { kind: 'instance', id: sql.ref(`${n}.instance_id`) },
    ],
    creator: sql<string | null>`cast(${sql.ref(`${n}.created_by`)} as text)`,
  }
}

/** `r`: the alias of `repositories`. */
export function repositoryColumns(r: string): RowColumns {
  return {
    tagged: [
      { kind: 'repository', id: sql.ref(`${r}.id`) },
      { kind: 'namespace', id: sql.ref(`${r}.namespace_id`) },
      { kind: 'instance', id: sql.ref(`${r}.instance_id`) },
    ],
    creator: personOrNull(sql.ref(`${r}.created_by`)),
  }
}

/** Of rows that only name their repository, which may be gone: then nobody sees them by its tags or creator. */
export function repositoryPathColumns(instanceId: string, path: string): RowColumns {
  const of = <T>(column: string) =>
    sql<T>`(select ${sql.ref(`by_path.${column}`)} from repositories as by_path
      where by_path.instance_id = ${sql.ref(instanceId)} and by_path.path = ${sql.ref(path)}
        and by_path.deleted_at is null)`
  return {
    tagged: [
      { kind: 'repository', id: of('id') },
      { kind: 'namespace', id: of('namespace_id') },
      { kind: 'instance', id: sql.ref(instanceId) },
    ],
    creator: personOrNull(of('created_by')),
  }
}

/** Sessions and service accounts are written by their names: with a colon, or beginning with a letter. */
function personOrNull(written: Expression<string>): RawBuilder<string | null> {
  return sql<string | null>`case when ${written} like '%:%' or substr(${written}, 1, 1) > '9'
    then null else ${written} end`
}
