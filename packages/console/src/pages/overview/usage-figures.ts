// Days and orders of what plots show; pure.

const dayMs = 86_400_000

/** The last `count` days of UTC, today among them, oldest first. */
export function daysUntil(now: Date, count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) =>
    new Date(now.getTime() - (count - 1 - at) * dayMs).toISOString().slice(0, 10),
  )
}

export function pageCount(total: number, size: number): number {
  return Math.ceil(total / size)
}

interface Stored {
  readonly RegistryId: string
  readonly Date: string
  readonly Value: number
}

/** Instances by what they stored at last. */
export function largestFirst(stored: readonly Stored[]): readonly string[] {
  const last = new Map<string, Stored>()
  for (const one of stored) {
    const known = last.get(one.RegistryId)
    if (!known || known.Date < one.Date) last.set(one.RegistryId, one)
  }
  return [...last.values()].toSorted((a, b) => b.Value - a.Value).map((one) => one.RegistryId)
}
