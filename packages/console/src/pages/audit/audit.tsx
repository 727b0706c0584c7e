// Who did what, when, from where and with which result: searched by the server, page by page as one scrolls.

import { useState } from 'react'
import { DownloadIcon, TimeIcon } from 'tdesign-icons-react'
import { isRefused } from '../../api/call.ts'
import { useTokenList } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { formatExactTime, readTime, shortDigest } from '../../patterns/format.ts'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { FreeText, Status } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import { attributesOf, faultOf, spanOf, useAuditFilter } from './audit-filter.ts'
import { AuditSearch } from './audit-search.tsx'
import { parseEvent, type ShownEvent } from './event.ts'
import { EventDrawer } from './event-drawer.tsx'
import { ExportDialog } from './export-dialog.tsx'
import { RetentionDialog } from './retention-dialog.tsx'
import './audit.css'

/** As many as the API gives at once. */
const pageEvents = 50

export function AuditPage() {
  const words = useWords()
  const { t } = words
  useTitle(t('audit.title'))
  const state = useListState()
  const { filter, apply } = useAuditFilter()
  const [askedAt, setAskedAt] = useState(() => Date.now())
  const [shown, setShown] = useState<ShownEvent>()
  const { may } = useRights([['cloudaudit:ExportAuditEvents'], ['tcr:DescribeAuditRetention']])
  const span = spanOf(filter, askedAt)
  const attributes = attributesOf(filter)
  const found = useTokenList(
    'LookUpEvents',
    { ...span, LookupAttributes: [...attributes], MaxResults: pageEvents },
    {
      rows: (reply) => reply.Events,
      next: (reply) => (reply.ListOver || !reply.NextToken ? undefined : reply.NextToken),
      isEnabled: faultOf(span) === undefined,
    },
  )
  const list = {
    ...found,
    rows: found.rows.map(parseEvent),
    refresh: () => {
      setAskedAt(Date.now())
      found.refresh()
    },
  }
  const search = (next: typeof filter) => {
    setShown(undefined)
    setAskedAt(Date.now())
    apply(next)
  }
  return (
    <ListPage
      title={t('audit.title')}
      about={t('audit.about')}
      help="audit"
      banner={
        isRefused(found.error) ? undefined : (
          <AuditSearch key={JSON.stringify(filter)} filter={filter} apply={search} />
        )
      }
      actions={
        <>
          {may('cloudaudit:ExportAuditEvents') && (
            <Button icon={<DownloadIcon />} onClick={() => state.setOpen('export')}>
              {t('audit.export')}
            </Button>
          )}
          {may('tcr:DescribeAuditRetention') && (
            <Button icon={<TimeIcon />} onClick={() => state.setOpen('retention')}>
              {t('audit.retention')}
            </Button>
          )}
        </>
      }
      list={list}
      state={state}
      columns={columnsOf(words, setShown)}
      rowKey={({ eventId }) => eventId}
      countLabel={(n) => t('audit.count', { n })}
      empty={<Empty title={t('audit.none')}>{t('audit.noneAbout')}</Empty>}
    >
      {shown && (
        <EventDrawer
          event={shown}
          onClose={() => setShown(undefined)}
          narrow={(changed) => search({ ...filter, ...changed })}
        />
      )}
      {state.open === 'export' && (
        <ExportDialog span={span} attributes={attributes} onClose={() => state.setOpen('')} />
      )}
      {state.open === 'retention' && (
        <RetentionDialog instance={filter.instance} onClose={() => state.setOpen('')} />
      )}
    </ListPage>
  )
}

function columnsOf(
  { t, locale, language }: Words,
  show: (event: ShownEvent) => void,
): readonly Column<ShownEvent>[] {
  return [
    {
      id: 'action',
      head: t('audit.action'),
      cell: (event) => (
        <div>
          <button type="button" className="link audit-action" onClick={() => show(event)}>
            {event.eventName}
          </button>
          {event.count > 1 && <span className="quiet"> × {event.count}</span>}
          {language === 'zh' && event.listed.EventNameCn !== event.eventName && (
            <small className="audit-words">{event.listed.EventNameCn}</small>
          )}
        </div>
      ),
    },
    {
      id: 'result',
      head: t('audit.result'),
      cell: (event) => <EventResult event={event} />,
    },
    {
      id: 'actor',
      head: t('audit.actor'),
      cell: ({ actor }) => <bdi className="audit-line">{actor}</bdi>,
    },
    {
      id: 'resource',
      head: t('audit.resource'),
      cell: (event) => (
        <span className="audit-resource">
          <FreeText text={resourceOf(event)} />
        </span>
      ),
    },
    {
      id: 'instance',
      head: t('audit.instance'),
      isMinor: true,
      cell: ({ instanceId }) => <span className="audit-line">{instanceId ?? '–'}</span>,
    },
    {
      id: 'address',
      head: t('audit.address'),
      isMinor: true,
      cell: ({ sourceIPAddress }) => sourceIPAddress ?? <span className="quiet">–</span>,
    },
    {
      id: 'time',
      head: t('audit.time'),
      cell: ({ eventTime }) => (
        <time dateTime={eventTime} className="audit-time">
          {formatExactTime(readTime(eventTime) ?? new Date(0), locale)}
        </time>
      ),
    },
  ]
}

function EventResult({ event }: { readonly event: ShownEvent }) {
  const { t } = useWords()
  if (event.result === 'ok') return <Status tone="good">{t('audit.allowed')}</Status>
  return <Status tone="bad">{t('audit.refused')}</Status>
}

function resourceOf({ resourceName, resource, reference }: ShownEvent): string | null {
  const name = resourceName ?? resource
  if (name === null || !reference) return name
  return reference.includes(':') ? `${name}@${shortDigest(reference)}` : `${name}:${reference}`
}
