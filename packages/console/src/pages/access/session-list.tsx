// The signed-in devices of a person: one ended, or all but the one that is used.

import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useChange, useList } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Chip, FreeText, Status, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import { browserOf } from './browsers.ts'

type Session = NonNullable<Reply<'DescribeSessions'>['Sessions']>[number]

interface SessionListProps {
  readonly uin: number
  /** One's own: nobody needs a right for them. */
  readonly isOwn?: boolean
}

export function SessionList({ uin, isOwn = false }: SessionListProps) {
  const { t } = useWords()
  const state = useListState()
  const { tell, tellError } = useNotices()
  const [isEndingAll, setEndingAll] = useState(false)
  const resource = `uin/${uin}`
  const { may } = useRights(isOwn ? [] : [['cam:DeleteSession', resource]])
  const mayEnd = isOwn || may('cam:DeleteSession', resource)
  const whose = isOwn ? {} : { TargetUin: uin }
  const end = useChange('DeleteSession')
  const endAll = useChange('DeleteUserSessions')
  const list = useList('DescribeSessions', whose, {
    rows: (reply) => reply.Sessions,
    total: (reply) => reply.TotalCount,
  })
  const others = list.rows.filter(({ IsCurrent }) => !IsCurrent)
  return (
    <ListPage
      isInner
      title={t('access.sessions')}
      about={t('access.sessionsAbout')}
      actions={
        mayEnd && (
          <Button
            blocked={others.length === 0 ? t('access.noOthers') : undefined}
            onClick={() => setEndingAll(true)}
          >
            {t(isOwn ? 'access.endOthers' : 'access.endAll')}
          </Button>
        )
      }
      list={list}
      state={state}
      columns={columnsOf(t)}
      rowKey={({ SessionId }) => SessionId}
      rowActions={{
        label: (session) => t('access.actionsOf', { name: browserOf(session.UserAgent) }),
        direct: ({ SessionId, IsCurrent }) =>
          mayEnd &&
          !IsCurrent && (
            <Button
              theme="danger-text"
              onClick={() =>
                end.mutate(
                  { SessionId, ...whose },
                  { onSuccess: () => tell(t('access.sessionEnded')), onError: tellError },
                )
              }
            >
              {t('access.endSession')}
            </Button>
          ),
      }}
      countLabel={(n) => t('access.sessionCount', { n })}
      empty={<Empty title={t('access.noSessions')} />}
    >
      {isEndingAll && (
        <Confirm
          title={t(isOwn ? 'access.endOthers' : 'access.endAll')}
          verb={t(isOwn ? 'access.endOthers' : 'access.endAll')}
          run={() => endAll.mutateAsync(whose)}
          onClose={() => setEndingAll(false)}
          onDone={() => tell(t('access.sessionsEnded'))}
        >
          <p>{t('access.endAllAbout', { n: others.length })}</p>
        </Confirm>
      )}
    </ListPage>
  )
}

function columnsOf(t: Words['t']): readonly Column<Session>[] {
  return [
    {
      id: 'browser',
      head: t('access.browser'),
      cell: ({ UserAgent, IsCurrent }) => (
        <>
          <span title={UserAgent ?? undefined}>
            <FreeText text={browserOf(UserAgent)} />
          </span>{' '}
          {IsCurrent && <Chip tone="good">{t('access.thisOne')}</Chip>}
        </>
      ),
    },
    {
      id: 'address',
      head: t('access.address'),
      cell: ({ Address }) => <FreeText text={Address} />,
    },
    {
      id: 'how',
      head: t('access.loggedInBy'),
      cell: ({ LoginMethod, ProviderName, MfaUsed }) => (
        <>
          {LoginMethod === 'Password' ? t('access.password') : <FreeText text={ProviderName} />}{' '}
          {MfaUsed && <Status tone="good">{t('access.withFactor')}</Status>}
        </>
      ),
    },
    {
      id: 'began',
      head: t('access.began'),
      isMinor: true,
      cell: ({ CreateTime }) => <Time at={CreateTime} />,
    },
    {
      id: 'seen',
      head: t('access.lastSeen'),
      cell: ({ LastSeenTime }) => <Time at={LastSeenTime} />,
    },
    {
      id: 'ends',
      head: t('access.ends'),
      isMinor: true,
      cell: ({ ExpireTime }) => <Time at={ExpireTime} />,
    },
  ]
}
