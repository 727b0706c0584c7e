// One job: state, progress, its log as it is written; cancelling, and asking once more.

import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { DownloadIcon } from 'tdesign-icons-react'
import { useChange } from '../../api/use-api.ts'
import { type Job, useJob } from '../../api/use-job.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { Breadcrumb, DetailHead, Facts, Panel } from '../../patterns/detail.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { downloadText } from '../../patterns/secret.tsx'
import { FreeText, Time } from '../../patterns/shown.tsx'
import { Banner, Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { JobLog } from './job-log.tsx'
import { JobBar, JobState, jobKindText } from './job-words.tsx'

export function JobPage() {
  const { t } = useWords()
  const { job: id = '' } = useParams({ strict: false })
  useTitle(t('jobs.jobTitle', { id }))
  const { job, lines, error, isPending, isLost } = useJob(id)
  if (isPending) return <Skeleton />
  if (!job) return <Failed error={error} />
  const kind = jobKindText(job.Kind, t)
  return (
    <>
      <Breadcrumb crumbs={[{ label: t('jobs.title'), to: paths.jobs() }, { label: kind }]} />
      <DetailHead
        name={kind}
        copy={job.JobId}
        state={<JobState state={job.State} />}
        facts={<JobBar job={job} />}
        actions={<JobActions job={job} />}
      />
      {job.State === 'Failed' && <Banner tone="bad">{job.Reason ?? t('jobs.noReason')}</Banner>}
      <Panel title={t('jobs.facts')}>
        <Facts
          facts={[
            { label: t('jobs.id'), value: <code>{job.JobId}</code> },
            { label: t('jobs.kind'), value: <code>{job.Kind}</code> },
            { label: t('jobs.instance'), value: job.RegistryId ?? '–' },
            { label: t('jobs.by'), value: <FreeText text={job.CreatedBy} /> },
            { label: t('jobs.attempts'), value: job.Attempts },
            { label: t('jobs.created'), value: <Time at={job.CreateTime} /> },
            { label: t('jobs.started'), value: <Time at={job.StartTime} /> },
            { label: t('jobs.ended'), value: <Time at={job.EndTime} /> },
            { label: t('jobs.progressFacts'), value: <code>{job.Progress ?? '–'}</code> },
          ]}
        />
      </Panel>
      <Panel
        title={t('jobs.log')}
        actions={
          <Button
            icon={<DownloadIcon />}
            onClick={() =>
              downloadText(
                `${job.JobId}.log`,
                lines.map(({ Time: at, Text }) => `${at} ${Text}\n`).join(''),
              )
            }
          >
            {t('jobs.saveLog')}
          </Button>
        }
      >
        <JobLog lines={lines} />
        <p role="status" className="quiet">
          {isLost && t('jobs.reconnecting')}
        </p>
      </Panel>
    </>
  )
}

function JobActions({ job }: { readonly job: Job }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const { tell, tellError } = useNotices()
  const [isAsking, setAsking] = useState(false)
  const resource = job.RegistryId === null ? undefined : `instance/${job.RegistryId}`
  const { may } = useRights([
    ['tcr:CancelJob', resource],
    ['tcr:RetryJob', resource],
    ['tcr:ModifyInstanceStorage', resource],
  ])
  const isMove = job.Kind === 'storage-move'
  const mayCancel =
    may('tcr:CancelJob', resource) && (!isMove || may('tcr:ModifyInstanceStorage', resource))
  const cancel = useChange('CancelJob')
  const retry = useChange('RetryJob')
  return (
    <>
      {job.CanRetry && may('tcr:RetryJob', resource) && (
        <Button
          isBusy={retry.isPending}
          onClick={() => {
            retry.mutateAsync({ JobId: job.JobId }).then(({ JobId }) => {
              tell(t('jobs.retried'))
              void navigate({ to: paths.job(JobId) })
            }, tellError)
          }}
        >
          {t('jobs.retry')}
        </Button>
      )}
      {job.CanCancel && mayCancel && (
        <Button theme="danger-text" onClick={() => setAsking(true)}>
          {t('jobs.cancel')}
        </Button>
      )}
      {isAsking && (
        <Confirm
          title={t('jobs.cancelTitle')}
          verb={t('jobs.cancel')}
          run={() => cancel.mutateAsync({ JobId: job.JobId })}
          onClose={() => setAsking(false)}
        >
          <p>{t(isMove ? 'jobs.cancelMoveAbout' : 'jobs.cancelAbout')}</p>
        </Confirm>
      )}
    </>
  )
}
