// One run of a rule: repository by repository, each from its newest tag on. Repeatable from wherever it was stopped: what
// was removed is written in the transaction that removed it, and a repository that was not finished is judged anew.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Clock } from '../clock.ts'
import { findCoverage } from '../immutability/queries.ts'
import { type Instance, fromRow as instanceFromRow } from '../instances/instances.ts'
import { type JobContext, nudge, schedule } from '../jobs/jobs.ts'
import { clockPause } from './pause.ts'
import { type Applied, applyPage } from './removal.ts'
import { type CompiledRule, compileRule, openJudge } from './retention.ts'
import { endRun, findRun, type Run, runJob } from './runs.ts'
import { beginTask, endTask } from './tasks.ts'
import { untaggedJob } from './untagged.ts'
import { type FoundRepository, listRepositories, walkTags } from './walk.ts'

export interface RunGround {
  readonly clock: Clock
  /** True while the clock can't be trusted with deletions. */
  readonly isPaused: () => Promise<boolean>
}

/** While the clock is not trusted. */
const askAgainMs = 10 * 60_000

export async function runRetention(ground: RunGround, job: JobContext<undefined>): Promise<void> {
  const run = await findRun(job.db.read, job.job.id)
  if (!run || run.endedAt !== null) return
  if (await ground.isPaused()) return waitForClock(ground, job)
  try {
    await new RunningRun(ground, job, await begin(ground, job, run)).go()
  } catch (error) {
    // A refusal would be the same in the next attempt.
    if (!(error instanceof ApiError) || error.status >= 500) throw error
    const reason = error.words.en
    await job.write(async (tx) => {
      const at = await ground.clock.deployment(tx)
      await endRun(tx, run.id, { state: 'failed', reason, at })
    })
  }
}

async function waitForClock(ground: RunGround, job: JobContext<undefined>): Promise<void> {
  job.log(clockPause)
  await job.write(async (tx) => {
    const at = await ground.clock.deployment(tx)
    await tx
      .updateTable('retention_runs')
      .set({ reason: clockPause })
      .where('id', '=', job.job.id)
      .execute()
    await schedule(tx, { kind: runJob, key: job.job.key, at, runAt: at + askAgainMs })
  })
}

interface Begun {
  readonly run: Run
  readonly instance: Instance
  readonly untaggedDays: number | undefined
  /** Ages are counted back from here, whenever the run goes on. */
  readonly judgedAt: number
}

async function begin(ground: RunGround, job: JobContext<undefined>, run: Run): Promise<Begun> {
  const found = await job.db.read
    .selectFrom('namespaces as n')
    .innerJoin('instances as i', 'i.id', 'n.instance_id')
    .selectAll('i')
    .select('n.untagged_days')
    .where('n.id', '=', run.namespaceId)
    .where('i.state', '=', 'running')
    .executeTakeFirst()
  if (!found) throw new ApiError('INSTANCE_NOT_RUNNING')
  const judgedAt = run.judgedAt ?? (await ground.clock.deployment(job.db.read))
  await job.write((tx) =>
    tx
      .updateTable('retention_runs')
      .set({ judged_at: judgedAt, reason: null })
      .where('id', '=', run.id)
      .where('ended_at', 'is', null)
      .execute(),
  )
  const untaggedDays = found.untagged_days ?? undefined
  return { run, instance: instanceFromRow(found), untaggedDays, judgedAt }
}

class RunningRun {
  readonly #ground: RunGround
  readonly #job: JobContext<undefined>
  readonly #begun: Begun
  readonly #rule: CompiledRule
  #lastPath: string
  #repositories: number
  #untouched: number
  #total: number
  #retained: number
  /** Of the repository in hand. */
  #task = 0

  constructor(ground: RunGround, job: JobContext<undefined>, begun: Begun) {
    const { run } = begun
    this.#ground = ground
    this.#job = job
    this.#begun = begun
    this.#rule = compileRule(run.items)
    this.#lastPath = run.lastPath
    this.#repositories = run.repositories
    this.#untouched = run.untouched
    this.#total = run.total
    this.#retained = run.retained
  }

  async go(): Promise<void> {
    const { run } = this.#begun
    for (;;) {
      this.#job.signal.throwIfAborted()
      const found = await listRepositories(this.#job.db.read, run.namespaceId, this.#lastPath)
      for (const repository of found) {
        if ((await this.#take(repository)) === 'over') return
      }
      if (found.length === 0) break
    }
    await this.#job.write(async (tx) => {
      const at = await this.#ground.clock.deployment(tx)
      await this.#keepProgress(tx)
      await endRun(tx, run.id, { state: 'succeeded', reason: null, at })
      if (!run.isDry && this.#begun.untaggedDays !== undefined) await nudge(tx, untaggedJob)
    })
  }

  async #take(repository: FoundRepository): Promise<'over' | 'done'> {
    const covering = this.#rule.covering(repository.name)
    if (!covering) {
      this.#untouched += 1
      this.#lastPath = repository.path
      return 'done'
    }
    for (;;) {
      const outcome = await this.#judge(repository, covering)
      if (outcome === 'over') return 'over'
      if (outcome !== 'anew') break
      this.#job.log(`${repository.path}: a tag that was kept is gone; judged anew`)
    }
    await this.#finish(repository)
    return 'done'
  }

  async #judge(
    repository: FoundRepository,
    covering: NonNullable<ReturnType<CompiledRule['covering']>>,
  ): Promise<Applied> {
    const { db, signal } = this.#job
    const { run, instance, untaggedDays, judgedAt } = this.#begun
    const coverage = await findCoverage(db.read, repository)
    const immutable = coverage && { number: coverage.rule.number, covers: coverage.covers }
    const judge = openJudge({ covering, now: judgedAt, untaggedDays, immutable })
    const task = await this.#job.write(async (tx) => {
      const at = await this.#ground.clock.deployment(tx)
      return beginTask(tx, run.id, repository.path, at)
    })
    this.#task = task
    for await (const tags of walkTags(db.heavy, repository.id)) {
      signal.throwIfAborted()
      const fates = tags.map((tag) => ({ tag, verdict: judge.judge(tag) }))
      const { keepers } = judge
      const applied = await this.#job.write(async (tx) => {
        const at = await this.#ground.clock.deployment(tx)
        return applyPage(tx, { instance, run, repository, task, keepers, fates, at })
      })
      if (applied !== 'done') return applied
    }
    return 'done'
  }

  async #finish(repository: FoundRepository): Promise<void> {
    const { run } = this.#begun
    const before = { total: this.#total, retained: this.#retained }
    const repositories = this.#repositories + 1
    await this.#job.write(async (tx) => {
      const at = await this.#ground.clock.deployment(tx)
      const counted = await endTask(tx, { runId: run.id, number: this.#task }, at)
      // The transaction may run twice.
      this.#total = before.total + counted.total
      this.#retained = before.retained + counted.retained
      this.#repositories = repositories
      this.#lastPath = repository.path
      await this.#keepProgress(tx)
    })
    await this.#job.progress({ repositories, tags: this.#total, kept: this.#retained })
  }

  async #keepProgress(tx: Parameters<Parameters<JobContext['write']>[0]>[0]): Promise<void> {
    await tx
      .updateTable('retention_runs')
      .set({
        last_path: this.#lastPath,
        repositories: this.#repositories,
        untouched: this.#untouched,
        total: this.#total,
        retained: this.#retained,
      })
      .where('id', '=', this.#begun.run.id)
      .execute()
  }
}
