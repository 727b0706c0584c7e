// What can carry cloud tags, by the last of six segments: `instance/<id>`, `repository/<id>/<namespace>`,
// `repository/<id>/<namespace>/<name>`, and `instance/<id>#<name>` for a service account, as Terraform joins its ids.
// In policies a resource also has the tags of what it lies in; of two values of
// a key the nearer one counts.

import { bareName } from '../credentials/service-account-name.ts'
import type { Database, Queryable, Tx } from '../db/database.ts'
import { forKeyShare } from '../db/forms.ts'
import { fetchFrom, prepare } from '../db/prepared.ts'
import type { CloudTag, TaggedKind, TaggedResource } from './cloud-tags.ts'
import { findCloudTags, taggedKinds } from './cloud-tags.ts'

export interface ResourcePath {
  readonly kind: TaggedKind
  readonly path: string
  readonly instanceId: string
  /** Of a namespace its name, of a repository its path, of a service account the bare one; empty of an instance. */
  readonly name: string
}

/** Undefined for what can carry none. */
export function parseResourcePath(path: string): ResourcePath | undefined {
  const account = /^instance\/([^/#]+)#([^/#]+)$/.exec(path)
  if (account) {
    const [, instanceId = '', written = ''] = account
    const name = bareName(written)
    return { kind: 'service-account', path: accountPath(instanceId, name), instanceId, name }
  }
  const [type, instanceId = '', ...names] = path.split('/')
  if (instanceId === '' || names.includes('')) return undefined
  const name = names.join('/')
  if (type === 'instance') {
    return name === '' ? { kind: 'instance', path, instanceId, name } : undefined
  }
  if (type !== 'repository' || name === '') return undefined
  return { kind: names.length === 1 ? 'namespace' : 'repository', path, instanceId, name }
}

function accountPath(instanceId: string, name: string): string {
  return `instance/${instanceId}#${name}`
}

export interface LocatedResource extends TaggedResource {
  readonly path: string
  readonly region: string
  /** Undefined: no person of the account, or it is not known. */
  readonly creatorUin: number | undefined
  /** Outermost first. */
  readonly within: readonly Pick<TaggedResource, 'kind' | 'id'>[]
}

/** As `created_by` has it: a person's uin, or the name of a session or of a service account, which are nobody's. */
export function creatorOf(written: number | string | null | undefined): number | undefined {
  const text = String(written ?? '')
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** Those of an account that are there, by path. */
export async function locateResources(
  db: Queryable,
  ownerUin: number,
  paths: readonly ResourcePath[],
): Promise<ReadonlyMap<string, LocatedResource>> {
  const found = new Map<string, LocatedResource>()
  for (const kind of taggedKinds) {
    const wanted = paths.filter((one) => one.kind === kind)
    if (wanted.length === 0) continue
    const isWanted = new Set(wanted.map(({ path }) => path))
    for (const resource of await locators[kind](db, ownerUin, wanted)) {
      if (isWanted.has(resource.path)) found.set(resource.path, resource)
    }
  }
  return found
}

type Locator = (
  db: Queryable,
  ownerUin: number,
  paths: readonly ResourcePath[],
) => Promise<readonly LocatedResource[]>

/** They may find more than what was asked for: any of the names in any of the instances. */
const locators: Readonly<Record<TaggedKind, Locator>> = {
  async instance(db, ownerUin, paths) {
    const rows = await db
      .selectFrom('instances')
      .select(['id', 'region', 'created_by'])
      .where('owner_uin', '=', ownerUin)
      .where('id', 'in', instancesOf(paths))
      .execute()
    return rows.map(({ id, region, created_by: by }) => {
      const creatorUin = creatorOf(by)
      return {
        kind: 'instance',
        id,
        ownerUin,
        region,
        creatorUin,
        path: `instance/${id}`,
        within: [],
      }
    })
  },

  async namespace(db, ownerUin, paths) {
    const rows = await db
      .selectFrom('namespaces as n')
      .innerJoin('instances as i', 'i.id', 'n.instance_id')
      .select(['n.id', 'n.name', 'n.created_by', 'i.id as instance_id', 'i.region'])
      .where('i.owner_uin', '=', ownerUin)
      .where('i.id', 'in', instancesOf(paths))
      .where('n.name', 'in', namesOf(paths))
      .where('n.deleted_at', 'is', null)
      .execute()
    return rows.map(({ id, name, instance_id: instanceId, region, created_by: by }) => ({
      kind: 'namespace',
      id,
      ownerUin,
      region,
      creatorUin: creatorOf(by),
      path: `repository/${instanceId}/${name}`,
      within: [{ kind: 'instance', id: instanceId }],
    }))
  },

  async repository(db, ownerUin, paths) {
    const rows = await db
      .selectFrom('repositories as r')
      .innerJoin('instances as i', 'i.id', 'r.instance_id')
      .select(['r.id', 'r.path', 'r.namespace_id', 'r.created_by'])
      .select(['i.id as instance_id', 'i.region'])
      .where('i.owner_uin', '=', ownerUin)
      .where('i.id', 'in', instancesOf(paths))
      .where('r.path', 'in', namesOf(paths))
      .where('r.deleted_at', 'is', null)
      .where('r.born_at', 'is not', null)
      .execute()
    return rows.map((row) => ({
      kind: 'repository',
      id: row.id,
      ownerUin,
      region: row.region,
      creatorUin: creatorOf(row.created_by),
      path: `repository/${row.instance_id}/${row.path}`,
      within: [
        { kind: 'instance', id: row.instance_id },
        { kind: 'namespace', id: row.namespace_id },
      ],
    }))
  },

  async 'service-account'(db, ownerUin, paths) {
    const rows = await db
      .selectFrom('service_accounts as s')
      .innerJoin('instances as i', 'i.id', 's.instance_id')
      .select(['s.id', 's.name', 's.created_by', 'i.id as instance_id', 'i.region'])
      .where('i.owner_uin', '=', ownerUin)
      .where('i.id', 'in', instancesOf(paths))
      .where('s.name', 'in', namesOf(paths))
      .execute()
    return rows.map(({ id, name, instance_id: instanceId, region, created_by: by }) => ({
      kind: 'service-account',
      id,
      ownerUin,
      region,
      creatorUin: creatorOf(by),
      path: accountPath(instanceId, name),
      within: [{ kind: 'instance', id: instanceId }],
    }))
  },
}

function instancesOf(paths: readonly ResourcePath[]): readonly string[] {
  return [...new Set(paths.map(({ instanceId }) => instanceId))]
}

function namesOf(paths: readonly ResourcePath[]): readonly string[] {
  return [...new Set(paths.map(({ name }) => name))]
}

/** Against deletion, until the transaction ends; false: that came first. */
export async function holdResource(
  tx: Tx,
  { kind, id }: Pick<TaggedResource, 'kind' | 'id'>,
): Promise<boolean> {
  if (kind === 'instance' || kind === 'service-account') {
    const table = kind === 'instance' ? 'instances' : 'service_accounts'
    const held = tx.selectFrom(table).select('id').where('id', '=', id)
    return (await forKeyShare(tx, held).executeTakeFirst()) !== undefined
  }
  const below = tx
    .selectFrom(kind === 'namespace' ? 'namespaces' : 'repositories')
    .select('id')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
  return (await forKeyShare(tx, below).executeTakeFirst()) !== undefined
}

/** The tags of each as policies see them, by path. */
export async function findPolicyTags(
  db: Queryable,
  resources: Iterable<LocatedResource>,
): Promise<ReadonlyMap<string, readonly CloudTag[]>> {
  const all = [...resources]
  const byKind = new Map<TaggedKind, ReadonlyMap<string, readonly CloudTag[]>>()
  const holders = all.flatMap((one) => [...one.within, one])
  for (const kind of taggedKinds) {
    const ids = new Set(holders.filter((one) => one.kind === kind).map(({ id }) => id))
    byKind.set(kind, await findCloudTags(db, kind, [...ids]))
  }
  return new Map(
    all.map((one) => {
      const tags = [...one.within, one].flatMap(({ kind, id }) => byKind.get(kind)?.get(id) ?? [])
      return [one.path, nearest(tags)]
    }),
  )
}

/** The tags come outermost first. */
function nearest(tags: readonly CloudTag[]): readonly CloudTag[] {
  return [...new Map(tags.map((tag) => [tag.key, tag])).values()]
}

interface PathParts {
  readonly owner: number
  readonly instance: string
  readonly namespace: string
  readonly path: string
}

const tagsOfPath = prepare<PathParts>()((db, p) =>
  db
    .selectFrom('tagged_resources as t')
    .select(['t.kind', 't.key', 't.value'])
    .where('t.kind', '=', 'instance')
    .where('t.owner_uin', '=', p('owner'))
    .where('t.resource_id', '=', p('instance'))
    .unionAll((eb) =>
      eb
        .selectFrom('namespaces as n')
        .innerJoin('tagged_resources as t', 't.resource_id', 'n.id')
        .select(['t.kind', 't.key', 't.value'])
        .where('t.kind', '=', 'namespace')
        .where('t.owner_uin', '=', p('owner'))
        .where('n.instance_id', '=', p('instance'))
        .where('n.name', '=', p('namespace'))
        .where('n.deleted_at', 'is', null),
    )
    .unionAll((eb) =>
      eb
        .selectFrom('repositories as r')
        .innerJoin('tagged_resources as t', 't.resource_id', 'r.id')
        .select(['t.kind', 't.key', 't.value'])
        .where('t.kind', '=', 'repository')
        .where('t.owner_uin', '=', p('owner'))
        .where('r.instance_id', '=', p('instance'))
        .where('r.path', '=', p('path'))
        .where('r.deleted_at', 'is', null),
    ),
)

const depths: Readonly<Record<TaggedKind, number>> = {
  instance: 0,
  namespace: 1,
  repository: 2,
  'service-account': 1,
}

/** The tags of an account's resource as policies see them, whether it is there or not; another account's has none. */
export async function findResourceTags(
  from: Database | Tx,
  ownerUin: number,
  path: string,
): Promise<readonly CloudTag[]> {
  const parsed = parseResourcePath(path)
  if (!parsed) return []
  const { instanceId, name } = parsed
  const [namespace = ''] = name.split('/')
  const rows = await fetchFrom(from, tagsOfPath, {
    owner: ownerUin,
    instance: instanceId,
    namespace,
    path: name,
  })
  return nearest(rows.toSorted((a, b) => depths[a.kind] - depths[b.kind]))
}
