// What a deletion's job says of itself: its progress, and a line for each row.

export interface Deletion {
  /** Rows that are through. */
  readonly done: number
  /** Of them, those that are there still. */
  readonly failed: number
}

export function parseDeletion(progress: string | null): Deletion {
  const start = { done: 0, failed: 0 }
  if (progress === null) return start
  return { ...start, ...(JSON.parse(progress) as Partial<Deletion>) }
}

export function deletedRows({ done, failed }: Deletion): number {
  return done - failed
}

const keptLine = /^(.+): not deleted: (.+)$/

/** Those that could not be deleted, with the reason. */
export function keptRows(
  lines: readonly string[],
): readonly { readonly row: string; readonly reason: string }[] {
  return lines.flatMap((line) => {
    const [, row, reason] = keptLine.exec(line) ?? []
    return row === undefined || reason === undefined ? [] : [{ row, reason }]
  })
}
