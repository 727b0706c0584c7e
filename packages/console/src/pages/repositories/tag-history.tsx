// Where a tag has pointed: look at it, pull it by its digest, or move the tag back there.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useChange, useList } from '../../api/use-api.ts'
import { paths, type RepositoryAt } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { shortDigest } from '../../patterns/format.ts'
import { useNotices } from '../../patterns/notices.tsx'
import type { Address } from '../../patterns/registry-commands.ts'
import { Chip, Digest, FreeText, Time } from '../../patterns/shown.tsx'
import { Empty, Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { PullMenu } from './pull-menu.tsx'
import { useRegistryAddresses } from './registry-address.ts'
import { inRepository } from './repository-input.ts'

type Move = Reply<'DescribeTagHistory'>['Moves'][number]

interface TagHistoryProps {
  readonly at: RepositoryAt
  readonly tag: string
  readonly mayMove: boolean
  onClose(): void
}

export function TagHistory({ at, tag, mayMove, onClose }: TagHistoryProps) {
  const { t } = useWords()
  const address = useRegistryAddresses(at.instance)[0]
  const [moving, setMoving] = useState<string>()
  const list = useList(
    'DescribeTagHistory',
    { ...inRepository(at), Tag: tag },
    { rows: (reply) => reply.Moves, total: (reply) => reply.TotalCount },
  )
  const present = list.rows[0]?.Digest ?? null
  if (moving !== undefined) {
    return (
      <MoveBack at={at} tag={tag} from={present} to={moving} onClose={() => setMoving(undefined)} />
    )
  }
  return (
    <Dialog
      title={t('repositories.historyOf', { name: tag })}
      form="drawer"
      onClose={onClose}
      foot={<Button onClick={onClose}>{t('patterns.close')}</Button>}
    >
      {list.error && <Failed error={list.error} retry={list.refresh} />}
      {list.isLoading && <Skeleton />}
      {list.total === 0 && <Empty title={t('repositories.noMoves')} />}
      <ol className="moves">
        {list.rows.map((move, index) => (
          <MoveLine
            // biome-ignore lint/suspicious/noArrayIndexKey: the log only grows at its head, and is drawn whole
            key={index}
            at={at}
            address={address}
            move={move}
            isNow={index === 0 && move.Digest !== null}
            moveBack={
              mayMove && move.IsPresent && move.Digest !== present
                ? () => setMoving(move.Digest ?? undefined)
                : undefined
            }
          />
        ))}
      </ol>
      {list.hasMore && <Button onClick={list.loadMore}>{t('repositories.showMore')}</Button>}
    </Dialog>
  )
}

interface MoveLineProps {
  readonly at: RepositoryAt
  readonly address: Address | undefined
  readonly move: Move
  readonly isNow: boolean
  readonly moveBack: (() => void) | undefined
}

function MoveLine({ at, address, move, isNow, moveBack }: MoveLineProps) {
  const { t } = useWords()
  const { Digest: to, PreviousDigest: from, IsPresent, IsInRecycleBin } = move
  return (
    <li className="move">
      <div className="row">
        <Time at={move.Time} />
        <FreeText text={move.By} />
        {move.Cause !== 'user' && <span className="quiet">{move.Cause}</span>}
        {isNow && <Chip tone="good">{t('repositories.pointsHere')}</Chip>}
      </div>
      <div className="row">
        {to === null ? (
          <Chip tone="bad">{t('repositories.tagDeleted')}</Chip>
        ) : (
          <Digest value={to} />
        )}
        <span className="quiet">
          {from === null
            ? t('repositories.wasNew')
            : t('repositories.cameFrom', { digest: shortDigest(from) })}
        </span>
      </div>
      {to !== null && (
        <div className="row">
          {IsPresent ? (
            <>
              <Link to={paths.digest(at, to)}>{t('repositories.look')}</Link>
              <PullMenu at={at} address={address} tag={undefined} digest={to} isWhole />
              {moveBack && (
                <Button theme="text" onClick={moveBack}>
                  {t('repositories.moveBack')}
                </Button>
              )}
            </>
          ) : IsInRecycleBin ? (
            <Link to={paths.recycleBin(at.instance)} search={{ q: to }}>
              {t('repositories.imageInBin')}
            </Link>
          ) : (
            <span className="quiet">{t('repositories.imageGone')}</span>
          )}
        </div>
      )}
    </li>
  )
}

interface MoveBackProps {
  readonly at: RepositoryAt
  readonly tag: string
  readonly from: string | null
  readonly to: string
  onClose(): void
}

/** The image that the tag leaves stays, and so does the way back. */
function MoveBack({ at, tag, from, to, onClose }: MoveBackProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const back = useChange('MoveTagBack')
  return (
    <Confirm
      title={t('repositories.moveBackTitle', { name: tag })}
      verb={t('repositories.moveBack')}
      run={() => back.mutateAsync({ ...inRepository(at), Tag: tag, Digest: to })}
      onClose={onClose}
      onDone={() => tell(t('repositories.movedBack', { name: tag, digest: shortDigest(to) }))}
    >
      <p>
        {from === null
          ? t('repositories.moveBackNew', { digest: shortDigest(to) })
          : t('repositories.moveBackAbout', { from: shortDigest(from), to: shortDigest(to) })}
      </p>
    </Confirm>
  )
}
