// The columns and the filter of every list of jobs.

import { Link } from '@tanstack/react-router'
import type { Job } from '../../api/use-job.ts'
import { paths } from '../../paths.ts'
import type { Filter } from '../../patterns/list-page.tsx'
import type { Column } from '../../patterns/rows.tsx'
import { FreeText, Time } from '../../patterns/shown.tsx'
import type { Words } from '../../words/use-words.ts'
import { JobBar, JobState, jobKindText, jobStates, jobStateWord } from './job-words.tsx'

/** `middle` stands after how far the job is: what a list of several instances has to say besides. */
export function jobColumns(
  t: Words['t'],
  ...middle: readonly Column<Job>[]
): readonly Column<Job>[] {
  return [
    {
      id: 'kind',
      head: t('jobs.kind'),
      cell: ({ JobId, Kind }) => <Link to={paths.job(JobId)}>{jobKindText(Kind, t)}</Link>,
    },
    { id: 'state', head: t('jobs.state'), cell: ({ State }) => <JobState state={State} /> },
    { id: 'progress', head: t('jobs.progress'), cell: (job) => <JobBar job={job} /> },
    ...middle,
    {
      id: 'by',
      head: t('jobs.by'),
      isMinor: true,
      cell: ({ CreatedBy }) => <FreeText text={CreatedBy} />,
    },
    { id: 'created', head: t('jobs.created'), cell: ({ CreateTime }) => <Time at={CreateTime} /> },
    {
      id: 'ended',
      head: t('jobs.ended'),
      isMinor: true,
      cell: ({ EndTime }) => <Time at={EndTime} />,
    },
  ]
}

export function jobStateFilter(t: Words['t']): Filter {
  return {
    name: 'state',
    label: t('jobs.state'),
    choices: jobStates.map((value) => ({ value, label: t(jobStateWord(value)) })),
  }
}
