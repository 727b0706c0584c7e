// When a rule runs by itself: at midnight in the zone of the deployment.

import { Cron } from 'croner'
import type { RetentionRulesTable } from '../db/schema-retention.ts'

export type Schedule = RetentionRulesTable['schedule']

const patterns: Readonly<Record<Exclude<Schedule, 'manual'>, string>> = {
  daily: '0 0 0 * * *',
  weekly: '0 0 0 * * 1',
  monthly: '0 0 0 1 * *',
}

/** The first time after `after`; null: never by itself. Where midnight is skipped (a clock put forward), right after. */
export function nextRunAt(schedule: Schedule, after: number, timeZone: string): number | null {
  if (schedule === 'manual') return null
  const cron = new Cron(patterns[schedule], { timezone: timeZone, paused: true })
  return cron.nextRun(new Date(after))?.getTime() ?? null
}
