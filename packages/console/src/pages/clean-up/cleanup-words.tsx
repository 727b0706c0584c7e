// Types, reasons and kinds of clean-ups in words.

import type { Reply } from '../../api/call.ts'
import { useWords, type WordKey } from '../../words/use-words.ts'

export type Cleanup = Reply<'DescribeStorageCleanups'>['Cleanups'][number]
export type Item = Reply<'DescribeStorageCleanupItems'>['Items'][number]

export function isLive({ State }: Pick<Cleanup, 'State'>): boolean {
  return State === 'Waiting' || State === 'Running'
}

export const typeWords: Readonly<Record<Cleanup['Type'], WordKey>> = {
  Manual: 'cleanUp.manual',
  Dryrun: 'cleanUp.dry',
  Hourly: 'cleanUp.hourly',
}

export const stayWords: Readonly<Record<Cleanup['Stays'][number]['Reason'], WordKey>> = {
  Grace: 'cleanUp.stayGrace',
  Bin: 'cleanUp.stayBin',
  Delay: 'cleanUp.stayDelay',
  Clock: 'cleanUp.stayClock',
  Hold: 'cleanUp.stayHold',
  Operator: 'cleanUp.stayOperator',
}

export const kindWords: Readonly<Record<Item['Kind'], WordKey>> = {
  Referrer: 'cleanUp.referrer',
  Manifest: 'cleanUp.manifest',
  Link: 'cleanUp.link',
  Blob: 'cleanUp.blob',
  Upload: 'cleanUp.upload',
  Object: 'cleanUp.object',
}

export const reasonWords: Readonly<Record<Item['Reason'], WordKey>> = {
  SubjectDeleted: 'cleanUp.subjectDeleted',
  SubjectMissing: 'cleanUp.subjectMissing',
  Deleted: 'cleanUp.deleted',
  InBin: 'cleanUp.inBin',
  Unnamed: 'cleanUp.unnamed',
  Unheld: 'cleanUp.unheld',
  Expired: 'cleanUp.expired',
  Condemned: 'cleanUp.condemned',
}

const secondMs = 1000
const minuteS = 60

export function Duration({ cleanup }: { readonly cleanup: Cleanup }) {
  const { t } = useWords()
  const { StartTime, EndTime } = cleanup
  if (StartTime === null || EndTime === null) return <span className="quiet">–</span>
  return <Seconds value={(Date.parse(EndTime) - Date.parse(StartTime)) / secondMs} t={t} />
}

export function Seconds({
  value,
  t,
}: {
  readonly value: number
  readonly t: ReturnType<typeof useWords>['t']
}) {
  if (value < 1) return t('cleanUp.underASecond')
  if (value < minuteS) return t('cleanUp.seconds', { n: Math.round(value) })
  return t('cleanUp.minutes', { n: Math.round(value / minuteS) })
}
