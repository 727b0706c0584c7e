// A job that deletes many things, as it runs: how far it is, what it could not delete and why. Closing leaves it
// running.

import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useChange, useRefresh } from '../../api/use-api.ts'
import { isOver, useJob } from '../../api/use-job.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Failed } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { deletedRows, keptRows, parseDeletion } from './deletion-log.ts'
import './repositories.css'

interface BulkJobProps {
  readonly jobId: string
  readonly title: string
  readonly total: number
  onClose(): void
  onDone?: (() => void) | undefined
}

/** How much of it is spoken: each tenth. */
const spokenSteps = 10

export function BulkJob({ jobId, title, total, onClose, onDone }: BulkJobProps) {
  const { t } = useWords()
  const { job, lines, error } = useJob(jobId)
  const hasEnded = job !== undefined && isOver(job)
  const refresh = useRefresh()
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, at its end
  useEffect(() => {
    if (hasEnded) void refresh()
  }, [hasEnded])
  const progress = parseDeletion(job?.Progress ?? null)
  const kept = keptRows(lines.map(({ Text }) => Text))
  const said = t('repositories.deletedSome', { done: deletedRows(progress), of: total })
  const spoken = Math.floor((progress.done / Math.max(1, total)) * spokenSteps)
  return (
    <Dialog
      title={title}
      onClose={() => {
        if (hasEnded) onDone?.()
        onClose()
      }}
      foot={
        <>
          {!hasEnded && job?.CanCancel && <CancelButton jobId={jobId} />}
          <Button
            theme={hasEnded ? 'primary' : 'default'}
            data-first-focus=""
            onClick={() => {
              if (hasEnded) onDone?.()
              onClose()
            }}
          >
            {t('patterns.close')}
          </Button>
        </>
      }
    >
      <progress className="bar bulk-bar" max={total} value={progress.done} aria-label={title} />
      <p>{said}</p>
      <p role="status" className="spoken">
        {(spoken > 0 || hasEnded) && said}
      </p>
      {error && <Failed error={error} />}
      {!hasEnded && <p className="quiet">{t('repositories.goesOn')}</p>}
      {hasEnded && progress.done < total && (
        <p>{t('repositories.stopped', { n: total - progress.done })}</p>
      )}
      {progress.failed > 0 && (
        <section role="alert">
          <h3>{t('repositories.failedItems', { n: progress.failed })}</h3>
          <ul className="outcomes">
            {kept.map(({ row, reason }) => (
              <li key={row}>
                <bdi>{row}</bdi> {reason}
              </li>
            ))}
          </ul>
        </section>
      )}
      <p>
        <Link to={paths.job(jobId)}>{t('repositories.jobAndLog')}</Link>
      </p>
    </Dialog>
  )
}

function CancelButton({ jobId }: { readonly jobId: string }) {
  const { t } = useWords()
  const { tellError } = useNotices()
  const [isAsked, setAsked] = useState(false)
  const cancel = useChange('CancelJob')
  return (
    <Button
      isBusy={isAsked}
      onClick={() => {
        setAsked(true)
        cancel.mutateAsync({ JobId: jobId }).catch((error: unknown) => {
          setAsked(false)
          tellError(error)
        })
      }}
    >
      {t('repositories.stop')}
    </Button>
  )
}
