// The rules of namespaces, and the one question that everything asks which moves or deletes tags.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { PageRange } from '../actions/paging.ts'
import type { Queryable, Tx } from '../db/database.ts'
import { nextNumber } from '../db/numbering.ts'
import { coverageOf, type Rule, type RuleText, ruleExists, tagImmutable } from './immutability.ts'

export interface ListedRule extends Rule {
  readonly namespace: string
}

function selectRules(db: Queryable) {
  return db
    .selectFrom('immutability_rules as i')
    .select(['i.number', 'i.namespace_id', 'i.repository_pattern', 'i.repository_excludes'])
    .select(['i.tag_pattern', 'i.tag_excludes', 'i.is_on'])
}

type RuleRow = Awaited<ReturnType<ReturnType<typeof selectRules>['executeTakeFirstOrThrow']>>

function fromRow(row: RuleRow): Rule {
  return {
    number: row.number,
    namespaceId: row.namespace_id,
    repository: { pattern: row.repository_pattern, excludes: row.repository_excludes === 1 },
    tag: { pattern: row.tag_pattern, excludes: row.tag_excludes === 1 },
    isOn: row.is_on === 1,
  }
}

function toColumns({ repository, tag, isOn }: RuleText) {
  return {
    repository_pattern: repository.pattern,
    repository_excludes: repository.excludes ? 1 : 0,
    tag_pattern: tag.pattern,
    tag_excludes: tag.excludes ? 1 : 0,
    is_on: isOn ? 1 : 0,
  }
}

/** By the name of their namespace. */
export async function listRules(
  db: Queryable,
  instanceId: string,
  page: PageRange,
): Promise<{ readonly total: number; readonly rules: readonly ListedRule[] }> {
  const ofInstance = selectRules(db)
    .innerJoin('namespaces as n', 'n.id', 'i.namespace_id')
    .where('n.instance_id', '=', instanceId)
    .where('n.deleted_at', 'is', null)
  const { total } = await ofInstance
    .clearSelect()
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const rows = await ofInstance
    .select('n.name')
    .orderBy('n.name')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  return {
    total: Number(total),
    rules: rows.map((row) => ({ ...fromRow(row), namespace: row.name })),
  }
}

/** Namespaces without a rule; an instance has at most some hundreds. */
export async function listWithoutRule(db: Queryable, instanceId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('namespaces as n')
    .leftJoin('immutability_rules as i', 'i.namespace_id', 'n.id')
    .select('n.name')
    .where('n.instance_id', '=', instanceId)
    .where('n.deleted_at', 'is', null)
    .where('i.number', 'is', null)
    .orderBy('n.name')
    .execute()
  return rows.map(({ name }) => name)
}

/** Throws RULE_EXISTS. */
export async function insertRule(
  tx: Tx,
  namespace: { readonly id: string; readonly name: string },
  rule: RuleText,
  at: number,
): Promise<void> {
  const number = await nextNumber(tx, 'immutability-rule')
  const inserted = await tx
    .insertInto('immutability_rules')
    .values({
      namespace_id: namespace.id,
      number,
      ...toColumns(rule),
      created_at: at,
      updated_at: at,
    })
    .onConflict((oc) => oc.column('namespace_id').doNothing())
    .returning('number')
    .executeTakeFirst()
  if (!inserted) throw ruleExists(namespace.name)
}

/** Throws RESOURCE_NOT_FOUND. */
export async function updateRule(tx: Tx, key: RuleKey, rule: RuleText, at: number): Promise<void> {
  const updated = await tx
    .updateTable('immutability_rules')
    .set({ ...toColumns(rule), updated_at: at })
    .where('namespace_id', '=', key.namespaceId)
    .where('number', '=', key.number)
    .returning('number')
    .executeTakeFirst()
  if (!updated) throw ruleMissing(key)
}

/** Throws RESOURCE_NOT_FOUND. */
export async function deleteRule(tx: Tx, key: RuleKey): Promise<void> {
  const deleted = await tx
    .deleteFrom('immutability_rules')
    .where('namespace_id', '=', key.namespaceId)
    .where('number', '=', key.number)
    .returning('number')
    .executeTakeFirst()
  if (!deleted) throw ruleMissing(key)
}

interface RuleKey {
  readonly namespaceId: string
  readonly number: number
}

function ruleMissing({ number }: RuleKey): ApiError {
  return new ApiError('RESOURCE_NOT_FOUND', {
    message: {
      en: `the namespace has no immutability rule ${number}`,
      zh: `命名空间没有版本不可变规则 ${number}`,
    },
  })
}

/** The rule in force over a repository, ready to be asked about its tags; undefined: none covers any. */
export async function findCoverage(
  db: Queryable,
  repository: { readonly id: string; readonly path: string },
): Promise<Coverage | undefined> {
  const row = await selectRules(db)
    .innerJoin('repositories as r', 'r.namespace_id', 'i.namespace_id')
    .where('r.id', '=', repository.id)
    .where('i.is_on', '=', 1)
    .executeTakeFirst()
  if (!row) return undefined
  const rule = fromRow(row)
  const covers = coverageOf(rule)
  const name = repository.path.slice(repository.path.indexOf('/') + 1)
  return { rule, covers: (tag) => covers(name, tag) }
}

export interface Coverage {
  readonly rule: Rule
  covers(tag: string): boolean
}

/** Throws TAG_IMMUTABLE, naming the first of the tags that the rule of their namespace covers. */
export async function assertMutable(
  tx: Tx,
  repository: { readonly id: string; readonly path: string },
  tags: readonly string[],
): Promise<void> {
  if (tags.length === 0) return
  const coverage = await findCoverage(tx, repository)
  if (!coverage) return
  const covered = tags.find((tag) => coverage.covers(tag))
  if (covered !== undefined) throw tagImmutable(coverage.rule, repository.path, covered)
}

const tagsAtOnce = 5000

/** Of a whole repository that is about to go. */
export async function assertAllMutable(
  tx: Tx,
  repository: { readonly id: string; readonly path: string },
): Promise<void> {
  const covered = await findCoveredTag(tx, repository)
  if (covered) throw tagImmutable(covered.rule, repository.path, covered.tag)
}

/** A tag that a rule keeps, and the repository with it; undefined: there is none. */
export async function findCoveredTag(
  db: Queryable,
  repository: { readonly id: string; readonly path: string },
): Promise<{ readonly rule: Rule; readonly tag: string } | undefined> {
  const coverage = await findCoverage(db, repository)
  if (!coverage) return undefined
  for (let last = ''; ; ) {
    const rows = await db
      .selectFrom('tags')
      .select('name')
      .where('repository_id', '=', repository.id)
      .where('deleted_at', 'is', null)
      .where('name', '>', last)
      .orderBy('name')
      .limit(tagsAtOnce)
      .execute()
    const covered = rows.find(({ name }) => coverage.covers(name))
    if (covered) return { rule: coverage.rule, tag: covered.name }
    if (rows.length < tagsAtOnce) return undefined
    last = rows.at(-1)?.name ?? ''
  }
}

export interface Covered {
  readonly tags: number
  readonly coveredTags: number
  readonly examples: readonly { readonly repository: string; readonly tag: string }[]
  /** False: there are more tags than were looked at. */
  readonly isWhole: boolean
}

const maxExamples = 10
/** Some seconds of a worker's time. */
const maxLookedAt = 1_000_000

/** What a rule would cover of what is there. Reads on `heavy`, in steps, so that nothing waits for it. */
export async function countCovered(
  heavy: Queryable,
  namespaceId: string,
  rule: RuleText,
): Promise<Covered> {
  const covers = coverageOf({ ...rule, isOn: true })
  const examples: { repository: string; tag: string }[] = []
  let [tags, coveredTags] = [0, 0]
  for (let [path, tag] = ['', '']; tags < maxLookedAt; ) {
    const rows = await heavy
      .selectFrom('repositories as r')
      .innerJoin('tags as t', 't.repository_id', 'r.id')
      .select(['r.path', 't.name'])
      .where('r.namespace_id', '=', namespaceId)
      .where('r.deleted_at', 'is', null)
      .where('t.deleted_at', 'is', null)
      .where((eb) =>
        eb.or([eb('r.path', '>', path), eb.and([eb('r.path', '=', path), eb('t.name', '>', tag)])]),
      )
      .orderBy('r.path')
      .orderBy('t.name')
      .limit(tagsAtOnce)
      .execute()
    for (const row of rows) {
      const repository = row.path.slice(row.path.indexOf('/') + 1)
      if (!covers(repository, row.name)) continue
      coveredTags += 1
      if (examples.length < maxExamples) examples.push({ repository, tag: row.name })
    }
    tags += rows.length
    const last = rows.at(-1)
    if (!last || rows.length < tagsAtOnce) return { tags, coveredTags, examples, isWhole: true }
    ;[path, tag] = [last.path, last.name]
  }
  return { tags, coveredTags, examples, isWhole: false }
}
