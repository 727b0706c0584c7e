// What was done with a repository, from the audit log: pushes, deletions, changes; pulls are left out.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useRead } from '../../api/use-api.ts'
import { paths, type RepositoryAt } from '../../paths.ts'
import { Panel } from '../../patterns/detail.tsx'
import { PlainTable } from '../../patterns/plain-table.tsx'
import { Chip, Digest, FreeText, Time } from '../../patterns/shown.tsx'
import { Empty, Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { fullPath } from './repository-input.ts'

type Event = Reply<'LookUpEvents'>['Events'][number]

/** The log answers for less than 30 days at once. */
const shownDays = 29
const daySeconds = 86_400
const msPerSecond = 1000
const maxShown = 50

export function RepositoryHistory({ at }: { readonly at: RepositoryAt }) {
  const { t } = useWords()
  // The end of today: what happens while the page is open belongs to it.
  const [end] = useState(() => (Math.floor(Date.now() / msPerSecond / daySeconds) + 1) * daySeconds)
  const { data, error, refetch } = useRead('LookUpEvents', {
    StartTime: end - shownDays * daySeconds,
    EndTime: end,
    MaxResults: maxShown,
    LookupAttributes: [
      { AttributeKey: 'ResourceName', AttributeValue: fullPath(at) },
      { AttributeKey: 'ActionType', AttributeValue: 'Write' },
    ],
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton />
  return (
    <Panel
      title={t('repositories.tabHistory')}
      actions={<Link to={paths.audit()}>{t('repositories.wholeAudit')}</Link>}
    >
      {data.Events.length === 0 ? (
        <Empty title={t('repositories.noHistory', { n: shownDays })} />
      ) : (
        <HistoryTable events={data.Events} />
      )}
      {!data.ListOver && <p className="quiet">{t('repositories.historyCut', { n: maxShown })}</p>}
    </Panel>
  )
}

function HistoryTable({ events }: { readonly events: readonly Event[] }) {
  const { t, language } = useWords()
  return (
    <PlainTable
      caption={t('repositories.tabHistory')}
      heads={[
        { label: t('repositories.when') },
        { label: t('repositories.what') },
        { label: t('repositories.reference') },
        { label: t('repositories.who') },
        { label: t('repositories.fromAddress') },
        { label: t('repositories.result') },
      ]}
    >
      {events.map((event) => (
        <tr key={event.EventId}>
          <td data-head={t('repositories.when')}>
            <Time at={Number(event.EventTime)} />
          </td>
          <td data-head={t('repositories.what')}>
            {language === 'zh' ? event.EventNameCn : event.EventName}
          </td>
          <td data-head={t('repositories.reference')}>
            <Reference text={referenceOf(event)} />
          </td>
          <td data-head={t('repositories.who')}>
            <FreeText text={event.Username} />
          </td>
          <td data-head={t('repositories.fromAddress')}>
            <FreeText text={event.SourceIPAddress} />
          </td>
          <td data-head={t('repositories.result')}>
            <Chip tone={event.ErrorCode === 0 ? 'good' : 'bad'}>
              {t(event.ErrorCode === 0 ? 'repositories.done' : 'repositories.refused')}
            </Chip>
          </td>
        </tr>
      ))}
    </PlainTable>
  )
}

function Reference({ text }: { readonly text: string }) {
  return text.includes(':') ? <Digest value={text} /> : <FreeText text={text} />
}

/** The tag or digest stands in the whole event only. */
function referenceOf({ CloudAuditEvent }: Event): string {
  try {
    const event: unknown = JSON.parse(CloudAuditEvent)
    if (typeof event !== 'object' || event === null) return ''
    const { reference } = event as { readonly reference?: unknown }
    return typeof reference === 'string' ? reference : ''
  } catch {
    // An event of another version of the server: its row stands without the reference.
    return ''
  }
}
