// The API's actions on retention rules and their runs.

import {
  createTagRetentionExecution,
  createTagRetentionRule,
  deleteTagRetentionRule,
  describeTagRetentionExecution,
  describeTagRetentionExecutionTask,
  describeTagRetentionRules,
  modifyTagRetentionRule,
} from '@entrepot/contract/tcr/retention.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import { holdNamespace } from '../namespaces/namespaces.ts'
import { getNumberedNamespace } from '../namespaces/queries.ts'
import {
  deleteRule,
  getRule,
  insertRule,
  listRules,
  lockRule,
  type Rule,
  updateRule,
} from './rules.ts'
import { findOpenRun, getRun, listRuns, startRun, stopRun } from './runs.ts'
import { listTasks } from './tasks.ts'
import { itemsOf, itemToWire, keepToWire, someItemsOf, statusOf } from './wire.ts'

const maxTasks = 100

export const retentionHandlers: readonly Handler[] = [
  change(createTagRetentionRule, async ({ tx, at, ground, instance, input }) => {
    const text = {
      ...someItemsOf(input),
      schedule: input.CronSetting,
      isOn: !input.Disabled,
    }
    const namespace = await getNumberedNamespace(tx, instance.id, input.NamespaceId)
    await holdNamespace(tx, namespace.id)
    await insertRule(tx, namespace, text, { at, timeZone: ground.timeZone })
    return {}
  }),

  change(modifyTagRetentionRule, async ({ tx, at, ground, instance, input }) => {
    const rule = await lockRule(tx, instance.id, input.RetentionId)
    const namespace = await getNumberedNamespace(tx, instance.id, input.NamespaceId)
    if (namespace.id !== rule.namespaceId) throw staysInItsNamespace()
    const text = {
      ...(itemsOf(input) ?? rule),
      schedule: input.CronSetting,
      isOn: input.Disabled === undefined ? rule.isOn : !input.Disabled,
    }
    await updateRule(tx, rule, text, { at, timeZone: ground.timeZone })
    await stopOpenRun(tx, rule, at)
    return {}
  }),

  change(deleteTagRetentionRule, async ({ tx, at, instance, input }) => {
    const rule = await lockRule(tx, instance.id, input.RetentionId)
    await stopOpenRun(tx, rule, at)
    await deleteRule(tx, rule)
    return {}
  }),

  read(describeTagRetentionRules, async ({ db, instance, input }) => {
    const page = pageRange(describeTagRetentionRules.paging, input)
    const namespace = input.NamespaceName || undefined
    const { total, rules } = await listRules(db, instance.id, { namespace, page })
    return { RetentionPolicyList: rules.map(toWire), TotalCount: total }
  }),

  change(createTagRetentionExecution, async ({ tx, at, origin, instance, input }) => {
    const rule = await lockRule(tx, instance.id, input.RetentionId)
    await startRun(tx, {
      instanceId: instance.id,
      namespaceId: rule.namespaceId,
      ruleNumber: rule.number,
      items: rule.items,
      revision: rule.revision,
      startedBy: 'hand',
      isDry: input.DryRun,
      by: origin.actor,
      at,
    })
    return {}
  }),

  read(describeTagRetentionExecution, async ({ db, instance, input }) => {
    const rule = await getRule(db, instance.id, input.RetentionId)
    const page = pageRange(describeTagRetentionExecution.paging, input)
    const which = { namespaceId: rule.namespaceId, ruleNumber: rule.number }
    const { total, runs } = await listRuns(db, which, page)
    return {
      RetentionExecutionList: runs.map((run) => ({
        ExecutionId: run.number,
        RetentionId: rule.number,
        StartTime: isoUtc(run.createdAt),
        EndTime: endTime(run.endedAt),
        Status: statusOf(run.state),
      })),
      TotalCount: total,
    }
  }),

  read(describeTagRetentionExecutionTask, async ({ db, instance, input }) => {
    const rule = await getRule(db, instance.id, input.RetentionId)
    const run = await getRun(db, instance.id, input.ExecutionId, rule.number)
    const page = pageRange(describeTagRetentionExecutionTask.paging, input, maxTasks)
    const { total, tasks } = await listTasks(db, run.id, page)
    return {
      RetentionTaskList: tasks.map((task) => ({
        TaskId: task.number,
        ExecutionId: run.number,
        StartTime: isoUtc(task.startedAt),
        EndTime: endTime(task.endedAt),
        Status: statusOf(task.state),
        Total: task.total,
        Retained: task.retained,
        Repository: task.path,
      })),
      TotalCount: total,
    }
  }),
]

/** It went by the rule as it was. */
async function stopOpenRun(
  tx: Parameters<typeof stopRun>[0],
  { namespaceId }: Rule,
  at: number,
): Promise<void> {
  const open = await findOpenRun(tx, namespaceId)
  if (open) await stopRun(tx, open.id, { at, reason: 'the rule was changed' })
}

function endTime(at: number | null): string {
  return at === null ? '' : isoUtc(at)
}

function toWire(rule: Rule) {
  const [first] = rule.items
  return {
    RetentionId: rule.number,
    NamespaceName: rule.namespace,
    RetentionRuleList: rule.isSimple && first ? [keepToWire(first.keep)] : [],
    AdvancedRuleItems: rule.isSimple ? [] : rule.items.map(itemToWire),
    CronSetting: rule.schedule,
    Disabled: !rule.isOn,
    NextExecutionTime: endTime(rule.nextRunAt),
  }
}

function staysInItsNamespace() {
  return invalidValue('NamespaceId', {
    en: 'is another namespace: a rule stays in its own',
    zh: '与规则所属命名空间不一致，规则不能移到其他命名空间',
  })
}
