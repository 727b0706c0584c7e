// Our own actions on retention: previews, what runs did to which tag, an end to one that runs, and how long what nothing
// names stays.

import {
  describeNamespaceRetention,
  describeRetentionFates,
  describeRetentionPreview,
  describeRetentionRuns,
  modifyNamespaceUntagged,
  stopTagRetentionExecution,
} from '@entrepot/contract/entrepot/retention.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import { findNamespace, namespaceUnknown } from '../namespaces/namespaces.ts'
import { getNumberedNamespace, listUntagged, setUntaggedDays } from '../namespaces/queries.ts'
import { type FateName, listFates } from './fates.ts'
import { previewRule } from './preview.ts'
import { getRule, listRules } from './rules.ts'
import { findLastRuns, getRun, listRuns, type Run, stopRun } from './runs.ts'
import { findTask } from './tasks.ts'
import { fateToWire, itemToWire, runToWire, someItemsOf } from './wire.ts'

const fateNames: Readonly<Record<'Kept' | 'Removed', FateName>> = {
  Kept: 'kept',
  Removed: 'removed',
}

export const retentionRunHandlers: readonly Handler[] = [
  read(describeNamespaceRetention, async ({ db, ground, instance, input }) => {
    const page = pageRange(describeNamespaceRetention.paging, input)
    const namespaces = await listUntagged(db, instance.id)
    const numbers = new Map(namespaces.map(({ id, number }) => [id, number]))
    const { total, rules } =
      input.RetentionId === undefined
        ? await listRules(db, instance.id, { namespace: undefined, page })
        : { total: 1, rules: [await getRule(db, instance.id, input.RetentionId)] }
    const { rules: all } = await listRules(db, instance.id, {
      namespace: undefined,
      page: { offset: 0, limit: maxNamespaces },
    })
    const ruled = new Set(all.map(({ namespaceId }) => namespaceId))
    const lastRuns = await findLastRuns(
      db,
      rules.map(({ namespaceId }) => namespaceId),
    )
    return {
      Rules: rules.map((rule) => ({
        RetentionId: rule.number,
        NamespaceName: rule.namespace,
        NamespaceId: numbers.get(rule.namespaceId) ?? 0,
        IsSimple: rule.isSimple,
        Items: rule.items.map(itemToWire),
        CronSetting: rule.schedule,
        Disabled: !rule.isOn,
        NextExecutionTime: rule.nextRunAt === null ? null : isoUtc(rule.nextRunAt),
        LastRun: lastRunOf(lastRuns.get(rule.namespaceId), rule.number),
      })),
      TotalCount: total,
      Namespaces: namespaces.map(({ id, name, number, untaggedDays }) => ({
        NamespaceName: name,
        NamespaceId: number,
        HasRule: ruled.has(id),
        UntaggedDays: untaggedDays,
      })),
      TimeZone: ground.timeZone,
    }
  }),

  read(describeRetentionPreview, async ({ db, ground, instance, input }) => {
    const { items } = someItemsOf(input)
    const { id } = await getNumberedNamespace(db, instance.id, input.NamespaceId)
    const now = await ground.clock.deployment(db)
    return previewRule(ground.db, { namespaceId: id, items, now })
  }),

  read(describeRetentionRuns, async ({ db, instance, input }) => {
    const { number, namespaceId } = await getRule(db, instance.id, input.RetentionId)
    if (input.ExecutionId !== undefined) {
      const run = await getRun(db, instance.id, input.ExecutionId, number)
      return { Runs: [runToWire(run)], TotalCount: 1 }
    }
    const page = pageRange(describeRetentionRuns.paging, input)
    const { total, runs } = await listRuns(db, { namespaceId, ruleNumber: number }, page)
    return { Runs: runs.map(runToWire), TotalCount: total }
  }),

  read(describeRetentionFates, async ({ db, instance, input }) => {
    const run = await getRun(db, instance.id, input.ExecutionId)
    const task = await findTask(db, run.id, input.TaskId)
    if (!task) throw taskUnknown(input.TaskId)
    const page = pageRange(describeRetentionFates.paging, input)
    const filter = {
      fate: input.Fate && fateNames[input.Fate],
      search: input.Search || undefined,
    }
    const { total, fates } = await listFates(db, { runId: run.id, task: task.number }, filter, page)
    return { Repository: task.path, Fates: fates.map(fateToWire), TotalCount: total }
  }),

  change(stopTagRetentionExecution, async ({ tx, at, instance, input }) => {
    const run = await getRun(tx, instance.id, input.ExecutionId)
    if (!(await stopRun(tx, run.id, { at, reason: null }))) throw hasEnded(run.number)
    return {}
  }),

  change(modifyNamespaceUntagged, async ({ tx, instance, input }) => {
    const namespace = await findNamespace(tx, instance.id, input.NamespaceName)
    if (!namespace) throw namespaceUnknown(input.NamespaceName)
    await setUntaggedDays(tx, namespace.id, input.UntaggedDays ?? null)
    return {}
  }),
]

/** As many as any edition may have, and then some. */
const maxNamespaces = 10_000

/** Of a rule that was before this one it says nothing. */
function lastRunOf(run: Run | undefined, ruleNumber: number) {
  return run?.ruleNumber === ruleNumber ? runToWire(run) : null
}

function taskUnknown(number: number): ApiError {
  return new ApiError('RESOURCE_NOT_FOUND', {
    message: { en: `the run has no task ${number}`, zh: `该次执行没有任务 ${number}` },
    detail: { task: number },
  })
}

function hasEnded(number: number): ApiError {
  return new ApiError('OPERATION_DENIED', {
    message: { en: `run ${number} has ended already`, zh: `执行任务 ${number} 已经结束` },
    detail: { run: number },
  })
}
