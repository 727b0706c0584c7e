// Days of metering: of UTC, as `YYYY-MM-DD`, which sorts as time does.

export const dayMs = 24 * 60 * 60_000

export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** The beginning of the day; undefined where there is no such day. */
export function parseDay(text: string): number | undefined {
  const ms = Date.parse(`${text}T00:00:00.000Z`)
  return Number.isNaN(ms) || dayOf(ms) !== text ? undefined : ms
}
