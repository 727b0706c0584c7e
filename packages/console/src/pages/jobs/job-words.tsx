// States and kinds of jobs in words.

import type { Job } from '../../api/use-job.ts'
import { Status, type Tone } from '../../patterns/shown.tsx'
import { useWords, type WordKey, type Words } from '../../words/use-words.ts'

/** What people ask for; the program's own kinds are names of its parts. */
const kinds: Readonly<Record<string, WordKey>> = {
  'personal-migration': 'jobs.personalMigration',
  'storage-move': 'jobs.storageMove',
  retention: 'jobs.retention',
  'instances.deploy': 'jobs.instanceDeploy',
  'recycle-bin.emptying': 'jobs.binEmptying',
  'instances.delete': 'jobs.instanceDelete',
  'tags.delete-many': 'jobs.tagsDelete',
  'repositories.delete-many': 'jobs.repositoriesDelete',
  'roles.delete-service-linked': 'jobs.roleDelete',
}

export function jobKindText(kind: string, t: Words['t']): string {
  const word = kinds[kind]
  return word === undefined ? kind : t(word)
}

const states: Readonly<Record<Job['State'], readonly [Tone, WordKey]>> = {
  Waiting: ['off', 'jobs.waiting'],
  Running: ['busy', 'jobs.running'],
  Succeeded: ['good', 'jobs.succeeded'],
  Failed: ['bad', 'jobs.failed'],
  Cancelled: ['off', 'jobs.cancelled'],
}

export function JobState({ state }: { readonly state: Job['State'] }) {
  const { t } = useWords()
  const [tone, key] = states[state]
  return <Status tone={tone}>{t(key)}</Status>
}

export const jobStates = Object.keys(states) as readonly Job['State'][]

export function jobStateWord(state: Job['State']): WordKey {
  return states[state][1]
}

/** The share done: a bar with its figure; nothing while it isn't known. */
export function JobBar({ job }: { readonly job: Pick<Job, 'Done' | 'Kind' | 'State'> }) {
  const { t, locale } = useWords()
  if (job.Done === null || job.State === 'Waiting') return <span className="quiet">–</span>
  const percent = new Intl.NumberFormat(locale, { style: 'percent' }).format(job.Done)
  return (
    <span className="meter">
      <progress className="bar" max={1} value={job.Done} aria-label={t('jobs.progress')} />
      {percent}
    </span>
  )
}
