// The events found as a file, a line of JSON each, oldest first. Pages come one after the other; it can be stopped.

import { useEffect, useRef, useState } from 'react'
import { DownloadIcon } from 'tdesign-icons-react'
import { call, type Request } from '../../api/call.ts'
import { Button } from '../../patterns/button.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { explainError } from '../../patterns/errors.tsx'
import { formatExactTime } from '../../patterns/format.ts'
import { saveBlob } from '../../patterns/secret.tsx'
import { useWords } from '../../words/use-words.ts'
import type { Span } from './audit-filter.ts'

interface ExportDialogProps {
  readonly span: Span
  readonly attributes: NonNullable<Request<'LookUpEvents'>['LookupAttributes']>
  onClose(): void
}

interface Progress {
  readonly events: number
  /** Of the time asked for, 0 to 1. */
  readonly share: number
  readonly isOver: boolean
  readonly error?: unknown
}

export function ExportDialog({ span, attributes, onClose }: ExportDialogProps) {
  const { t, locale } = useWords()
  const [progress, setProgress] = useState<Progress>()
  const stop = useRef<AbortController>(undefined)
  useEffect(() => () => stop.current?.abort(), [])
  async function run(): Promise<void> {
    const controller = new AbortController()
    stop.current = controller
    // Parts of a Blob lie outside the page's memory.
    const parts: Blob[] = []
    let known: Progress = { events: 0, share: 0, isOver: false }
    setProgress(known)
    try {
      for await (const page of exportPages({ ...span, LookupAttributes: attributes }, controller)) {
        parts.push(new Blob([page.lines]))
        known = { events: known.events + page.count, share: page.share, isOver: false }
        setProgress(known)
      }
      setProgress({ ...known, share: 1, isOver: true })
      saveBlob(fileName(span), new Blob(parts, { type: 'application/x-ndjson' }))
    } catch (error) {
      if (!controller.signal.aborted) setProgress({ ...known, error })
    }
  }
  const time = (seconds: number) => formatExactTime(new Date(seconds * 1000), locale)
  const isRunning = progress !== undefined && !progress.isOver && progress.error === undefined
  return (
    <Dialog
      title={t('audit.export')}
      {...(!isRunning && { onClose })}
      foot={
        <>
          <Button onClick={onClose}>
            {t(progress?.isOver ? 'patterns.close' : 'patterns.cancel')}
          </Button>
          {!progress?.isOver && (
            <Button
              theme="primary"
              icon={<DownloadIcon />}
              isBusy={isRunning}
              onClick={() => void run()}
            >
              {t(progress?.error === undefined ? 'audit.exportVerb' : 'patterns.tryAgain')}
            </Button>
          )}
        </>
      }
    >
      <p>{t('audit.exportAbout', { from: time(span.StartTime), to: time(span.EndTime) })}</p>
      {attributes.length > 0 && <p className="quiet">{t('audit.exportFiltered')}</p>}
      {progress && (
        <>
          <progress
            className="bar audit-bar"
            max={1}
            value={progress.share}
            aria-label={t('audit.export')}
          />
          <p role="status">
            {t(progress.isOver ? 'audit.exported' : 'audit.exporting', { n: progress.events })}
          </p>
          {progress.error !== undefined && (
            <div role="alert" className="form-error">
              {explainError(progress.error, t)}
            </div>
          )}
        </>
      )}
    </Dialog>
  )
}

interface ExportedPage {
  readonly lines: string
  readonly count: number
  readonly share: number
}

async function* exportPages(
  input: Request<'ExportAuditEvents'>,
  { signal }: AbortController,
): AsyncGenerator<ExportedPage> {
  let token = ''
  for (;;) {
    const next = token === '' ? input : { ...input, NextToken: token }
    const { Lines, Count, NextToken, ListOver } = await call('ExportAuditEvents', next, { signal })
    yield { lines: Lines, count: Count, share: shareOf(Lines, input) }
    if (ListOver || !NextToken) return
    token = NextToken
  }
}

/** How far the last of the events lies in the time asked for. */
function shareOf(lines: string, { StartTime, EndTime }: Span): number {
  const last = lines.trimEnd().split('\n').at(-1)
  if (!last) return 0
  const { eventTime }: { eventTime: string } = JSON.parse(last)
  return (Date.parse(eventTime) / 1000 - StartTime) / Math.max(1, EndTime - StartTime)
}

function fileName({ StartTime, EndTime }: Span): string {
  const day = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10)
  return `audit-${day(StartTime)}-${day(EndTime)}.ndjson`
}
