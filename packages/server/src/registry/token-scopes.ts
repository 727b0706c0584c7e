// What a token is given for: both what was asked and what the rules allow at present. A token does not make
// these rules last: `decide` is asked again on every request.

import { describeRepositories } from '../access/actions.ts'
import { type AccessInstance, decide } from '../access/decide.ts'
import { asksForFacts, type FactsByPath, findFacts } from '../access/resource-facts.ts'
import {
  actionsFor,
  catalogName,
  everyAction,
  repositoryVerbs,
  type Scope,
} from '../access/scopes.ts'
import type { Caller } from '../credentials/caller.ts'
import type { Database } from '../db/database.ts'
import type { Namespace } from '../namespaces/namespaces.ts'

export interface ScopesAsked {
  readonly caller: Caller
  readonly scopes: readonly Scope[]
  readonly instance: AccessInstance
  readonly address: string | null
  readonly nowMs: number
}

/** By path: what is public is a matter of the repository in the Personal edition. */
type Namespaces = ReadonlyMap<string, Namespace>

/** Scopes of which nothing is allowed are left out. */
export async function grantScopes(db: Database, asked: ScopesAsked): Promise<Scope[]> {
  const namespaces = await findNamespaces(db, asked)
  const facts = await findScopeFacts(db, asked)
  const granted: Scope[] = []
  for (const scope of asked.scopes) {
    const verbs = allowedVerbs(scope, verbDecider(scope, { ...asked, facts }, namespaces))
    if (verbs.length > 0) granted.push({ ...scope, actions: verbs })
  }
  return granted
}

/** The same statements, whoever asks and whatever exists. */
async function findNamespaces(
  db: Database,
  { instance, scopes }: ScopesAsked,
): Promise<Namespaces> {
  const names = new Set<string>()
  for (const scope of scopes) if (scope.type === 'repository') names.add(namespaceName(scope))
  if (names.size === 0) return new Map()
  const rows = await db.read
    .selectFrom('namespaces')
    .select(['id', 'name', 'is_public', 'owner_uin'])
    .where('instance_id', '=', instance.id)
    .where('name', 'in', [...names])
    .where('deleted_at', 'is', null)
    .execute()
  const byName = new Map(rows.map((row) => [row.name, row]))
  const isPublic = await publicPaths(db, instance, scopes)
  const namespaces = new Map<string, Namespace>()
  for (const scope of scopes) {
    const row = byName.get(namespaceName(scope))
    if (!row) continue
    const { id, name, owner_uin: ownerUin } = row
    namespaces.set(scope.name, {
      id,
      name,
      isPublic: isPublic.has(scope.name) || row.is_public === 1,
      ownerUin: ownerUin ?? undefined,
    })
  }
  return namespaces
}

/** Repositories of the Personal edition that anybody may pull from. */
async function publicPaths(
  db: Database,
  instance: AccessInstance,
  scopes: readonly Scope[],
): Promise<ReadonlySet<string>> {
  if (instance.kind !== 'personal') return new Set()
  const rows = await db.read
    .selectFrom('repositories')
    .select('path')
    .where('instance_id', '=', instance.id)
    .where(
      'path',
      'in',
      scopes.map((scope) => scope.name),
    )
    .where('deleted_at', 'is', null)
    .where('is_public', '=', 1)
    .execute()
  return new Set(rows.map((row) => row.path))
}

async function findScopeFacts(
  db: Database,
  { caller, instance, scopes }: ScopesAsked,
): Promise<FactsByPath | undefined> {
  if (!asksForFacts(caller.actor)) return undefined
  const paths = scopes.map(({ name }) => `repository/${instance.id}/${name}`)
  return findFacts(db, instance.ownerUin, paths)
}

function namespaceName(scope: Scope): string {
  return scope.name.slice(0, Math.max(0, scope.name.indexOf('/')))
}

function verbDecider(
  scope: Scope,
  asked: ScopesAsked & { readonly facts: FactsByPath | undefined },
  namespaces: Namespaces,
): (verb: string) => boolean {
  const { instance, address, nowMs, facts } = asked
  const { actor } = asked.caller
  const common = { actor, address, nowMs, network: 'public' as const, instance, facts }
  if (scope.type === 'registry') {
    return (verb) =>
      scope.name === catalogName &&
      verb === everyAction &&
      decide({ ...common, action: describeRepositories, resource: { kind: 'instance' } }).allowed
  }
  const namespace = namespaces.get(scope.name)
  const resource = { kind: 'repository' as const, namespace, path: scope.name }
  return (verb) => {
    // The first is what the verb is about; the others are asked when they are needed.
    const [action] = actionsFor(verb)
    return action !== undefined && decide({ ...common, action, resource }).allowed
  }
}

function allowedVerbs(scope: Scope, isAllowed: (verb: string) => boolean): readonly string[] {
  const isEvery = scope.type === 'repository' && scope.actions.includes(everyAction)
  if (!isEvery) return scope.actions.filter(isAllowed)
  const verbs = repositoryVerbs.filter(isAllowed)
  return verbs.length === repositoryVerbs.length ? [everyAction] : verbs
}
