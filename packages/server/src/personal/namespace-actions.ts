// The API's actions on namespaces of the Personal edition.

import {
  createNamespacePersonal,
  deleteNamespacePersonal,
  describeNamespacePersonal,
  validateNamespaceExistPersonal,
} from '@entrepot/contract/tcr/personal-namespaces.ts'
import { sql } from 'kysely'
import { reachCondition } from '../access/reach-filter.ts'
import { noRowColumns } from '../access/row-columns.ts'
import { reachFor } from '../actions/authority.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { type PageRange, pageRange } from '../actions/paging.ts'
import { chinaTime } from '../actions/times.ts'
import type { Queryable } from '../db/database.ts'
import { createNamespace, deleteNamespace, findNamespace } from '../namespaces/namespaces.ts'
import { containedPattern, type Reach } from '../policies/reach.ts'
import { getPersonalInstance } from './instance.ts'
import { assertNotReserved, isReserved } from './names.ts'
import { getOwnNamespace } from './own.ts'
import { ensureQuotas } from './quotas.ts'
import { assertBegun } from './users.ts'

export const namespaceHandlers: readonly Handler[] = [
  change(createNamespacePersonal, async ({ tx, at, ground, actor, origin, input }) => {
    const { ownerUin, uin: createdBy } = actor
    const name = input.Namespace
    assertNotReserved(name)
    await assertBegun(tx, ownerUin)
    await ensureQuotas(tx, ownerUin)
    const instance = await getPersonalInstance(tx, ground.region)
    // Each of its repositories says for itself whether it is public.
    const made = { name, isPublic: false, ownerUin, createdBy, at }
    await createNamespace(tx, instance, made, origin)
    return {}
  }),

  change(deleteNamespacePersonal, async ({ tx, at, ground, actor, origin, input }) => {
    const instance = await getPersonalInstance(tx, ground.region)
    await getOwnNamespace(tx, instance, actor.ownerUin, input.Namespace)
    await deleteNamespace(tx, instance, input.Namespace, { at, origin })
    return {}
  }),

  read(describeNamespacePersonal, async (call) => {
    const { db, actor, input } = call
    const { permission, paging } = describeNamespacePersonal
    const filter = {
      reach: await reachFor(call, permission, 'repo/'),
      search: input.Namespace || undefined,
    }
    const page = pageRange(paging, input)
    const { total, namespaces } = await listNamespaces(db, actor.ownerUin, filter, page)
    return {
      Data: {
        NamespaceCount: total,
        NamespaceInfo: namespaces.map((one) => ({
          Namespace: one.name,
          CreationTime: chinaTime(one.created_at),
          RepoCount: Number(one.repositories),
        })),
      },
    }
  }),

  read(validateNamespaceExistPersonal, async ({ db, ground, input }) => {
    const instance = await getPersonalInstance(db, ground.region)
    const namespace = await findNamespace(db, instance.id, input.Namespace)
    return {
      Data: { IsExist: namespace !== undefined, IsPreserved: isReserved(input.Namespace) },
    }
  }),
]

async function listNamespaces(
  db: Queryable,
  ownerUin: number,
  { reach, search }: { readonly reach: Reach; readonly search: string | undefined },
  page: PageRange,
) {
  let matching = db
    .selectFrom('namespaces as n')
    .where('n.owner_uin', '=', ownerUin)
    .where('n.deleted_at', 'is', null)
  if (search !== undefined) {
    const pattern = containedPattern(search)
    matching = matching.where(sql<boolean>`n.name like ${pattern} escape '\\'`)
  }
  const reached = reachCondition(db, reach, sql.ref<string>('n.name'), noRowColumns)
  if (reached) matching = matching.where(reached)
  const { total } = await matching
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const namespaces = await matching
    .select(['n.name', 'n.created_at'])
    .select(
      sql<number>`(select count(*) from repositories r where r.namespace_id = n.id
        and r.deleted_at is null and r.born_at is not null)`.as('repositories'),
    )
    .orderBy('n.name')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return { total: Number(total), namespaces }
}
