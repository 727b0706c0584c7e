// Where an instance's bytes lie, and their move to another storage backend: live, and it can be cancelled. Pushes go on
// meanwhile.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import type { Instance } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { Facts, Panel } from '../../patterns/detail.tsx'
import { formatBytes, formatNumber, formatPercent } from '../../patterns/format.ts'
import { FreeText, Time } from '../../patterns/shown.tsx'
import { Banner, Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'
import { JobState } from '../jobs/job-words.tsx'
import type { TabProps } from './instance.tsx'
import { canBeChanged } from './instance-dialog.tsx'
import { MoveStorage } from './move-storage.tsx'

type Move = Reply<'DescribeInstanceStorageMove'>

const liveMs = 2000

function isLive(move: Move | undefined): boolean {
  return move?.State === 'Waiting' || move?.State === 'Running'
}

export function StorageTab({ instance, may }: TabProps) {
  const { t } = useWords()
  const [isMoving, setMoving] = useState(false)
  const { data, error, isPending } = useRead(
    'DescribeInstanceStorageMove',
    { RegistryId: instance.RegistryId },
    { everyMs: (move) => (isLive(move) ? liveMs : undefined) },
  )
  if (isPending) return <Skeleton />
  if (!data) return <Failed error={error} />
  const blocked = isLive(data)
    ? t('instances.movesNow')
    : canBeChanged(instance)
      ? undefined
      : t('instances.notNow')
  return (
    <>
      <Panel
        title={t('instances.backend')}
        actions={
          may('tcr:ModifyInstanceStorage') && (
            <Button blocked={blocked} onClick={() => setMoving(true)}>
              {t('instances.moveStorage')}
            </Button>
          )
        }
      >
        <Facts
          facts={[
            { label: t('instances.backend'), value: <Backend move={data} /> },
            {
              label: t('instances.multiZone'),
              value: t(instance.EnableCosMAZ ? 'instances.isOn' : 'instances.isOff'),
            },
            {
              label: t('instances.versioning'),
              value: t(instance.EnableCosVersioning ? 'instances.isOn' : 'instances.isOff'),
            },
          ]}
        />
      </Panel>
      {data.State !== 'None' && <MovePanel move={data} instance={instance} may={may} />}
      {isMoving && <MoveStorage instance={instance} onClose={() => setMoving(false)} />}
    </>
  )
}

/** Where they lie, as far as moves tell: one that was never moved lies where new instances do. */
function Backend({ move }: { readonly move: Move }) {
  const { t } = useWords()
  switch (move.State) {
    case 'None':
      return t('instances.defaultBackend')
    case 'Succeeded':
      return <FreeText text={move.TargetStorageName} />
    case 'Cancelled':
      return <FreeText text={move.SourceStorageName} />
    default:
      return <FreeText text={`${move.SourceStorageName} → ${move.TargetStorageName}`} />
  }
}

interface MovePanelProps extends TabProps {
  readonly move: Move
}

const outcomes: Readonly<Partial<Record<Move['State'], WordKey>>> = {
  Succeeded: 'instances.moveSucceeded',
  Failed: 'instances.moveFailed',
  Cancelled: 'instances.moveCancelled',
}

function MovePanel({ move, instance, may }: MovePanelProps) {
  const { t } = useWords()
  const [isAsking, setAsking] = useState(false)
  const { State } = move
  if (State === 'None') return null
  const outcome = outcomes[State]
  return (
    <Panel
      title={t('instances.lastMove')}
      actions={
        isLive(move) &&
        may('tcr:ModifyInstanceStorage') && (
          <Button theme="danger-text" onClick={() => setAsking(true)}>
            {t('instances.cancelMove')}
          </Button>
        )
      }
    >
      {isLive(move) && <MoveProgress move={move} />}
      {outcome !== undefined && (
        <Banner tone={State === 'Failed' ? 'bad' : 'plain'}>
          <p>{t(outcome)}</p>
          {State === 'Failed' && <FreeText text={move.Reason} />}
        </Banner>
      )}
      <Facts
        facts={[
          { label: t('instances.status'), value: <JobState state={State} /> },
          { label: t('instances.from'), value: <FreeText text={move.SourceStorageName} /> },
          { label: t('instances.to'), value: <FreeText text={move.TargetStorageName} /> },
          { label: t('jobs.started'), value: <Time at={move.StartTime} /> },
          { label: t('jobs.ended'), value: <Time at={move.EndTime} /> },
          {
            label: t('instances.job'),
            value:
              move.JobId === null ? (
                '–'
              ) : (
                <Link to={paths.job(move.JobId)}>{t('instances.jobAndLog')}</Link>
              ),
          },
        ]}
      />
      {isAsking && <CancelMove instance={instance} onClose={() => setAsking(false)} />}
    </Panel>
  )
}

/** Spoken at each tenth. */
const spokenStep = 10

function MoveProgress({ move }: { readonly move: Move }) {
  const { t, locale } = useWords()
  const total = move.TotalBytes ?? 0
  const moved = move.MovedBytes ?? 0
  const share = total === 0 ? 0 : Math.min(1, moved / total)
  const tenth = Math.floor(share * spokenStep) / spokenStep
  return (
    <div className="move-progress">
      <progress className="bar" max={1} value={share} aria-label={t('instances.moveProgress')} />
      <span>
        {t('instances.movedOf', {
          moved: formatBytes(moved, locale),
          total: formatBytes(total, locale),
          blobs: formatNumber(move.MovedBlobs ?? 0, locale),
          allBlobs: formatNumber(move.TotalBlobs ?? 0, locale),
        })}
      </span>
      {total > 0 && moved >= total && <span className="quiet">{t('instances.moveEnds')}</span>}
      <span role="status" className="spoken">
        {t('instances.movedShare', { share: formatPercent(tenth, locale) })}
      </span>
    </div>
  )
}

interface CancelMoveProps {
  readonly instance: Instance
  onClose(): void
}

function CancelMove({ instance, onClose }: CancelMoveProps) {
  const { t } = useWords()
  const cancel = useChange('CancelInstanceStorageMove')
  return (
    <Confirm
      title={t('instances.cancelMoveTitle')}
      verb={t('instances.cancelMove')}
      run={() => cancel.mutateAsync({ RegistryId: instance.RegistryId })}
      onClose={onClose}
    >
      <p>{t('instances.cancelMoveAbout')}</p>
    </Confirm>
  )
}
