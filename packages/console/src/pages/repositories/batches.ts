// Work on many things by several calls: in batches, one after the other, with what became of each. A batch that is
// refused is tried again one by one, so that one bad thing doesn't keep the others.

export interface Outcome {
  readonly item: string
  /** Undefined: done. */
  readonly error: unknown
}

interface BatchWork {
  readonly items: readonly string[]
  /** Of one call. */
  readonly batchSize: number
  readonly signal: AbortSignal
  run(batch: readonly string[]): Promise<unknown>
  /** After each batch: what became of its items. */
  onOutcomes(outcomes: readonly Outcome[]): void
}

export async function runBatches(work: BatchWork): Promise<void> {
  const { items, batchSize, signal } = work
  for (let at = 0; at < items.length && !signal.aborted; at += batchSize) {
    const batch = items.slice(at, at + batchSize)
    const error = await failureOf(() => work.run(batch))
    if (error === undefined || batch.length === 1) {
      work.onOutcomes(batch.map((item) => ({ item, error })))
      continue
    }
    for (const item of batch) {
      if (signal.aborted) return
      work.onOutcomes([{ item, error: await failureOf(() => work.run([item])) }])
    }
  }
}

/** Undefined: it did not fail. */
async function failureOf(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run()
    return undefined
  } catch (error) {
    return error ?? new Error('failed')
  }
}

/** More than this a job does: the page may be closed meanwhile. */
export const maxByPage = 20
/** The API's limit of one job. */
const maxByJob = 400

/** Hands the items to as many jobs as they need, which run one after the other; their ids. */
export async function enqueueAll(
  items: readonly string[],
  create: (part: string[]) => Promise<{ readonly JobId: string }>,
): Promise<readonly string[]> {
  const ids: string[] = []
  for (let at = 0; at < items.length; at += maxByJob) {
    ids.push((await create(items.slice(at, at + maxByJob))).JobId)
  }
  return ids
}
