// Something done to many things at once: first what it will do, then how far it is and what became of each.

import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useRefresh } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { explainError } from '../../patterns/errors.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'
import { type Outcome, runBatches } from './batches.ts'
import { BulkJob } from './bulk-job.tsx'
import './repositories.css'

interface BulkWorkProps {
  readonly title: string
  /** While it is done. */
  readonly workTitle: string
  readonly items: readonly string[]
  /** Of one call. */
  readonly batchSize: number
  run(batch: readonly string[]): Promise<unknown>
  /** "3 of 12 deleted". */
  progressLabel(done: number, of: number): string
  onClose(): void
  /** All were done, or some and the person has seen which not. */
  onDone?(): void
}

/** How much of it is spoken: each tenth. */
const spokenSteps = 10

/** Begins at once. Everything shown is asked for again at the end. */
export function BulkProgress(props: BulkWorkProps) {
  const { workTitle: title, items, progressLabel, onClose, onDone } = props
  const { t } = useWords()
  const refresh = useRefresh()
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([])
  const [isOver, setOver] = useState(false)
  const stop = useRef<AbortController>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: begins once, with what it was given then
  useEffect(() => {
    const controller = new AbortController()
    stop.current = controller
    // A strict React mounts twice: the first of the two is told to stop before its first call.
    void Promise.resolve().then(async () => {
      if (controller.signal.aborted) return
      await runBatches({
        items,
        batchSize: props.batchSize,
        signal: controller.signal,
        run: props.run,
        onOutcomes: (more) => setOutcomes((all) => [...all, ...more]),
      })
      setOver(true)
      await refresh()
    })
    return () => controller.abort()
  }, [])
  const failed = outcomes.filter(({ error }) => error !== undefined)
  const done = outcomes.length - failed.length
  const close = () => {
    onDone?.()
    onClose()
  }
  const spoken = Math.floor((outcomes.length / Math.max(1, items.length)) * spokenSteps)
  return (
    <Dialog
      title={title}
      {...(isOver && { onClose: close })}
      foot={
        isOver ? (
          <Button theme="primary" onClick={close} data-first-focus="">
            {t('patterns.close')}
          </Button>
        ) : (
          <Button onClick={() => stop.current?.abort()}>{t('repositories.stop')}</Button>
        )
      }
    >
      <progress
        className="bar bulk-bar"
        max={items.length}
        value={outcomes.length}
        aria-label={title}
      />
      <p>{progressLabel(done, items.length)}</p>
      <p role="status" className="spoken">
        {(spoken > 0 || isOver) && progressLabel(done, items.length)}
      </p>
      {isOver && outcomes.length < items.length && (
        <p>{t('repositories.stopped', { n: items.length - outcomes.length })}</p>
      )}
      {failed.length > 0 && (
        <section role="alert">
          <h3>{t('repositories.failedItems', { n: failed.length })}</h3>
          <ul className="outcomes">
            {failed.map(({ item, error }) => (
              <li key={item}>
                <bdi>{item}</bdi>
                {explainError(error, t)}
              </li>
            ))}
          </ul>
        </section>
      )}
    </Dialog>
  )
}

interface ConfirmedWorkProps extends BulkWorkProps {
  readonly verb: string
  /** Has a job do it instead of this page: gives the jobs' ids. */
  readonly enqueue?: (() => Promise<readonly string[]>) | undefined
  readonly isSafe?: boolean
  readonly typeName?: string | undefined
  readonly isWaiting?: boolean
  readonly children: ReactNode
}

/** Asks first, then runs. */
export function ConfirmedWork({
  verb,
  isSafe = false,
  typeName,
  isWaiting,
  enqueue,
  children,
  ...work
}: ConfirmedWorkProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const [isBegun, setBegun] = useState(false)
  const [jobId, setJobId] = useState<string>()
  const begun = useRef(false)
  const { items, workTitle: title, onClose, onDone } = work
  if (jobId !== undefined) {
    return <BulkJob {...{ jobId, title, onClose, onDone }} total={items.length} />
  }
  if (isBegun) return <BulkProgress {...work} />
  return (
    <Confirm
      title={work.title}
      verb={verb}
      isSafe={isSafe}
      typeName={typeName}
      isWaiting={isWaiting ?? false}
      run={async () => {
        const jobs = await enqueue?.()
        const [first] = jobs ?? []
        if (first !== undefined && jobs?.length !== 1) {
          tell(t('repositories.asJobs', { n: jobs?.length ?? 0 }))
          onDone?.()
          return
        }
        begun.current = true
        if (first === undefined) setBegun(true)
        else setJobId(first)
      }}
      // It closes itself after `run`; the work goes on in its place.
      onClose={() => {
        if (!begun.current) work.onClose()
      }}
    >
      {children}
    </Confirm>
  )
}
