// For tests: a run without the worker, and rules made by hand.

import assert from 'node:assert/strict'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { JobContext } from '../jobs/jobs.ts'
import type { TestApp } from '../test-app.ts'
import type { RuleItem } from './retention.ts'
import { runRetention } from './run.ts'
import { getRun, startRun } from './runs.ts'

/** As a worker that holds the job gives it. */
export function jobOf(db: Database, id: string): JobContext<undefined> {
  return {
    db,
    job: { id, key: `retention:${id}`, attempt: 1 },
    payload: undefined,
    signal: new AbortController().signal,
    write: (work) => db.write(work),
    progress: async () => undefined,
    log: () => undefined,
  }
}

export function runHere(ground: { readonly clock: Clock; readonly db: Database }, id: string) {
  return runRetention({ clock: ground.clock, isPaused: async () => false }, jobOf(ground.db, id))
}

/** The newest so many of one repository of the namespace of the first start. */
export function newestOf(repository: string, count: number): readonly RuleItem[] {
  const keep = { kind: 'newest', count } as const
  return [{ keep, withCharts: false, repository: { pattern: repository, excludes: false } }]
}

/** By the rule of the namespace of the first start, which it makes or changes. Returns the id of the run. */
export async function startTestRun(
  { instance, namespace, clock }: Pick<TestApp, 'instance' | 'namespace' | 'clock'>,
  db: Database,
  items: readonly RuleItem[],
): Promise<string> {
  const at = clock.now()
  return db.write(async (tx) => {
    const { id: namespaceId } = await tx
      .selectFrom('namespaces')
      .select('id')
      .where('instance_id', '=', instance.id)
      .where('name', '=', namespace)
      .executeTakeFirstOrThrow()
    const rule = { items: JSON.stringify(items), is_simple: 0, is_on: 1, updated_at: at } as const
    const { number, revision } = await tx
      .insertInto('retention_rules')
      .values({
        ...rule,
        namespace_id: namespaceId,
        number: 7,
        schedule: 'manual',
        revision: 1,
        next_run_at: null,
        created_at: at,
      })
      .onConflict((oc) =>
        oc
          .column('namespace_id')
          .doUpdateSet((eb) => ({ ...rule, revision: eb('retention_rules.revision', '+', 1) })),
      )
      .returning(['number', 'revision'])
      .executeTakeFirstOrThrow()
    // Of a round that failed.
    await tx
      .updateTable('retention_runs')
      .set({ state: 'stopped', ended_at: at })
      .where('ended_at', 'is', null)
      .execute()
    const run = await startRun(tx, {
      instanceId: instance.id,
      namespaceId,
      ruleNumber: number,
      items,
      revision,
      startedBy: 'hand',
      isDry: false,
      by: 'tester',
      at,
    })
    const { id } = await getRun(tx, instance.id, run)
    assert.ok(id)
    return id
  })
}
