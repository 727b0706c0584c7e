/** Rows in one INSERT, and values in one IN list: below every database's limit on parameters. */
const batchSize = 500

export function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += batchSize) yield items.slice(i, i + batchSize)
}
