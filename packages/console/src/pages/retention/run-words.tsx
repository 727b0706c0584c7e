// States, triggers and reasons in words.

import type { Reply } from '../../api/call.ts'
import { Chip, Status, type Tone } from '../../patterns/shown.tsx'
import { useWords, type WordKey, type Words } from '../../words/use-words.ts'
import type { Rule } from './rule-values.ts'

export type Run = NonNullable<Reply<'DescribeRetentionRuns'>['Runs']>[number]
export type Fate = NonNullable<Reply<'DescribeRetentionFates'>['Fates']>[number]

const schedules: Readonly<Record<Rule['CronSetting'], WordKey>> = {
  manual: 'retention.byHand',
  daily: 'retention.daily',
  weekly: 'retention.weekly',
  monthly: 'retention.monthly',
}

export function scheduleWord(schedule: Rule['CronSetting']): WordKey {
  return schedules[schedule]
}

export const scheduleNames = Object.keys(schedules) as readonly Rule['CronSetting'][]

const states: Readonly<Record<Run['Status'], readonly [Tone, WordKey]>> = {
  InProgress: ['busy', 'retention.running'],
  Succeed: ['good', 'retention.succeeded'],
  Failed: ['bad', 'retention.failed'],
  Stopped: ['off', 'retention.stopped'],
}

export function RunState({ state }: { readonly state: Run['Status'] }) {
  const { t } = useWords()
  const [tone, key] = states[state]
  return <Status tone={tone}>{t(key)}</Status>
}

export function RunType({ run }: { readonly run: Pick<Run, 'DryRun'> }) {
  const { t } = useWords()
  return run.DryRun ? <Chip>{t('retention.dryRun')}</Chip> : t('retention.realRun')
}

/** Undefined while it runs. */
export function durationOf(run: Pick<Run, 'StartTime' | 'EndTime'>): number | undefined {
  if (run.EndTime === null) return undefined
  return Math.max(0, Date.parse(run.EndTime) - Date.parse(run.StartTime))
}

export function durationText(ms: number | undefined, t: Words['t']): string {
  if (ms === undefined) return '–'
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return t('retention.seconds', { n: seconds })
  return t('retention.minutes', { n: Math.floor(seconds / 60), seconds: seconds % 60 })
}

export function reasonText({ Reason, Item, Rank }: Fate, t: Words['t']): string {
  switch (Reason) {
    case 'Newest':
      return t('retention.reasonNewest', { rank: Rank ?? 0, item: Item ?? 0 })
    case 'Days':
      return t('retention.reasonDays', { item: Item ?? 0 })
    case 'Immutable':
      return t('retention.reasonImmutable', { rule: Item ?? 0 })
    case 'Chart':
      return t('retention.reasonChart')
    case 'Signature':
      return t('retention.reasonSignature')
    case 'PushedSince':
      return t('retention.reasonPushedSince')
    case 'NoItem':
      return t('retention.reasonNoItem')
    case 'Orphan':
      return t('retention.reasonOrphan')
  }
}
