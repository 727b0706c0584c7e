// What becomes true of some hundred judged tags, in one transaction. Between the judgement and this tags may have been
// pushed, deleted or made immutable, and the rule or the run may have ended; what is true here counts:
//
//   the tag was pushed since            its row is locked first, and has another time or version: it stays.
//   it is pushed while this commits     the push waits for the row, finds it deleted, and makes the tag anew.
//   a tag that took a place was deleted those after it move up: nothing goes, and the repository is judged anew.
//   new tags came                       they only push others down: one too many stays until the next run.
//   it became immutable                 it stays.
//   the rule was changed, or the run    both rows are locked: whoever changes them comes before, and is obeyed, or
//   was stopped                         after the whole batch.

import { sql } from 'kysely'
import { recordAudit } from '../audit/audit.ts'
import { type Origin, systemOrigin } from '../audit/origin.ts'
import { batches } from '../db/batches.ts'
import type { Tx } from '../db/database.ts'
import { forKeyShare, isOneOf, lockForUpdate } from '../db/forms.ts'
import { findCoverage } from '../immutability/queries.ts'
import type { Instance } from '../instances/instances.ts'
import { assertWritable } from '../instances/prepaid.ts'
import { isLifecycleRule } from '../personal/lifecycle-rules.ts'
import { deleteTags } from '../tags/tags.ts'
import { insertFates, type JudgedFate } from './fates.ts'
import type { Judge, JudgedTag, Verdict } from './retention.ts'
import { isUnchanged } from './rules.ts'
import { endRun, holdOpenRun, type Run } from './runs.ts'
import { addToTask } from './tasks.ts'
import type { FoundRepository } from './walk.ts'

export interface JudgedPage {
  readonly instance: Instance
  readonly run: Run
  readonly repository: FoundRepository
  readonly task: number
  readonly keepers: Judge['keepers']
  readonly fates: readonly JudgedFateOfTag[]
  readonly at: number
}

export interface JudgedFateOfTag extends JudgedFate {
  readonly tag: JudgedTag
}

export type Applied =
  | 'done'
  /** The repository has to be judged once more. */
  | 'anew'
  /** The repository is gone. */
  | 'gone'
  /** The run has ended. */
  | 'over'

/** Throws INSTANCE_READ_ONLY. */
export async function applyPage(tx: Tx, page: JudgedPage): Promise<Applied> {
  const { run, instance, task, at } = page
  if (!(await holdOpenRun(tx, run.id))) return 'over'
  const doomed = page.fates.filter(({ verdict }) => verdict.fate === 'removed')
  let { fates } = page
  if (!run.isDry && doomed.length > 0) {
    assertWritable(instance, at)
    if (!(await isStillTheRule(tx, run))) {
      await endRun(tx, run.id, { state: 'stopped', reason: 'the rule was changed', at })
      return 'over'
    }
    if (!(await holdRepository(tx, page.repository))) return 'gone'
    const tags = doomed.map(({ tag }) => tag)
    const spared = await whatStays(tx, page, tags)
    if (spared === 'anew') return 'anew'
    await remove(
      tx,
      page,
      tags.filter(({ id }) => !spared.has(id)),
    )
    fates = fates.map((fate) => ({ ...fate, verdict: spared.get(fate.tag.id) ?? fate.verdict }))
  }
  await insertFates(tx, { runId: run.id, task }, fates)
  const retained = fates.filter(({ verdict }) => verdict.fate === 'kept').length
  await addToTask(tx, { runId: run.id, number: task }, { total: fates.length, retained })
  return 'done'
}

function isStillTheRule(tx: Tx, run: Run): Promise<boolean> {
  return run.ruleNumber === undefined ? isLifecycleRule(tx, run) : isUnchanged(tx, run)
}

async function holdRepository(tx: Tx, repository: FoundRepository): Promise<boolean> {
  const row = await tx
    .selectFrom('repositories')
    .select('id')
    .where('id', '=', repository.id)
    .where('deleted_at', 'is', null)
    .$call((query) => forKeyShare(tx, query))
    .executeTakeFirst()
  return row !== undefined
}

/** Those of the tags that stay after all, by their ids; locks all of them. */
async function whatStays(
  tx: Tx,
  { repository, keepers }: JudgedPage,
  tags: readonly JudgedTag[],
): Promise<ReadonlyMap<string, Verdict> | 'anew'> {
  const ids = tags.map(({ id }) => id)
  await lockForUpdate(tx, 'tags', ids)
  const rows = await tx
    .selectFrom('tags')
    .select(['id', 'version', 'pushed_at'])
    .where(isOneOf(tx, sql.ref<string>('id'), ids))
    .where('deleted_at', 'is', null)
    .execute()
  if (!(await areThere(tx, keepers))) return 'anew'
  const current = new Map(rows.map((row) => [row.id, row]))
  const coverage = await findCoverage(tx, repository)
  const spared = new Map<string, Verdict>()
  for (const { id, name, version, pushedAt } of tags) {
    const row = current.get(id)
    if (row?.version !== version || row.pushed_at !== pushedAt) {
      spared.set(id, { fate: 'kept', reason: 'pushed-since' })
    } else if (coverage?.covers(name)) {
      spared.set(id, { fate: 'kept', reason: 'immutable', by: coverage.rule.number })
    }
  }
  return spared
}

/** Usually some ten; a rule may keep a million. */
async function areThere(tx: Tx, keepers: Judge['keepers']): Promise<boolean> {
  for (const ids of keepers) {
    for (const batch of batches(ids)) {
      const { count } = await tx
        .selectFrom('tags')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where(isOneOf(tx, sql.ref<string>('id'), batch))
        .where('deleted_at', 'is', null)
        .executeTakeFirstOrThrow()
      if (Number(count) !== batch.length) return false
    }
  }
  return true
}

async function remove(tx: Tx, page: JudgedPage, tags: readonly JudgedTag[]): Promise<void> {
  const { instance, repository, run, at } = page
  if (tags.length === 0) return
  const origin = originOf(run)
  await deleteTags(
    tx,
    { instance, repository, origin, at, cause: 'retention' },
    tags.map(({ name }) => name),
  )
  await recordAudit(tx, {
    at,
    instanceId: instance.id,
    origin,
    action: 'tcr:DeleteRepositoryTags',
    event: 'RetentionRun',
    resource: `repository/${instance.id}/${repository.path}`,
    reference: String(run.number),
    result: 'ok',
    reason: `${tags.length} tags removed`,
  })
}

/** By hand it is the person's doing. */
export function originOf(run: Pick<Run, 'startedBy' | 'createdBy'>): Origin {
  const system = systemOrigin('retention')
  return run.startedBy === 'time' ? system : { ...system, actor: run.createdBy }
}
