// One event: its fields, each a way to others like it, and its JSON as exports and forwardings have it.

import { useState } from 'react'
import { FilterIcon } from 'tdesign-icons-react'
import { Button, IconButton } from '../../patterns/button.tsx'
import { CommandBlock } from '../../patterns/commands.tsx'
import { Facts } from '../../patterns/detail.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { formatExactTime, readTime } from '../../patterns/format.ts'
import { CopyButton, FreeText } from '../../patterns/shown.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'
import type { AuditFilter } from './audit-filter.ts'
import type { ShownEvent } from './event.ts'

interface EventDrawerProps {
  readonly event: ShownEvent
  onClose(): void
  /** Looks for those that are alike in this. */
  narrow(changed: Partial<AuditFilter>): void
}

const views = ['fields', 'json'] as const
const viewWords = { fields: 'audit.fields', json: 'audit.json' } as const

export function EventDrawer({ event, onClose, narrow }: EventDrawerProps) {
  const { t } = useWords()
  const [view, setView] = useState<(typeof views)[number]>('fields')
  return (
    <Dialog
      title={event.eventName}
      form="drawer"
      onClose={onClose}
      foot={<Button onClick={onClose}>{t('patterns.close')}</Button>}
    >
      <fieldset className="segments audit-views">
        <legend className="spoken">{t('audit.view')}</legend>
        {views.map((one) => (
          <label key={one} className="segment">
            <input
              type="radio"
              name="event-view"
              checked={view === one}
              onChange={() => setView(one)}
            />
            <span>{t(viewWords[one])}</span>
          </label>
        ))}
      </fieldset>
      {view === 'json' ? (
        <CommandBlock lines={jsonOf(event)} label={t('audit.json')} />
      ) : (
        <EventFields event={event} narrow={narrow} />
      )}
    </Dialog>
  )
}

function jsonOf({ listed }: ShownEvent): string {
  return JSON.stringify(JSON.parse(listed.CloudAuditEvent), undefined, 2)
}

function EventFields({ event, narrow }: Pick<EventDrawerProps, 'event' | 'narrow'>) {
  const { t, locale, language } = useWords()
  const time = readTime(event.eventTime)
  const alike = (label: WordKey, name: keyof AuditFilter, value: string | null) => ({
    label: t(label),
    value: (
      <>
        <FreeText text={value} />
        {value && (
          <IconButton
            className="copy"
            icon={<FilterIcon />}
            label={t('audit.alike', { what: value })}
            onClick={() => narrow({ [name]: value })}
          />
        )}
      </>
    ),
  })
  const isAllowed = event.result === 'ok'
  return (
    <Facts
      facts={[
        { label: t('audit.time'), value: time ? formatExactTime(time, locale) : '–' },
        alike('audit.action', 'action', event.eventName),
        language === 'zh'
          ? { label: t('audit.meaning'), value: <FreeText text={event.listed.EventNameCn} /> }
          : undefined,
        {
          label: t('audit.kind'),
          value: t(event.actionType === 'Write' ? 'audit.write' : 'audit.read'),
        },
        { label: t('audit.result'), value: t(isAllowed ? 'audit.allowed' : 'audit.refused') },
        isAllowed
          ? undefined
          : { label: t('audit.reason'), value: <FreeText text={event.reason} /> },
        alike('audit.actor', 'actor', event.actor),
        alike('audit.credential', 'credential', event.credential),
        alike('audit.address', 'address', event.sourceIPAddress),
        { label: t('audit.agent'), value: <FreeText text={event.userAgent} /> },
        alike('audit.resourceType', 'type', event.resourceType),
        alike('audit.resource', 'resource', event.resourceName),
        { label: t('audit.reference'), value: <FreeText text={event.reference} /> },
        alike('audit.instance', 'instance', event.instanceId),
        { label: t('audit.permission'), value: <code>{event.permission}</code> },
        { label: t('audit.times'), value: event.count },
        {
          label: t('patterns.requestId'),
          value: event.requestId ? (
            <>
              <code>{event.requestId}</code>
              <CopyButton text={event.requestId} what={t('patterns.requestId')} />
            </>
          ) : (
            '–'
          ),
        },
        { label: t('audit.eventId'), value: event.eventId },
      ]}
    />
  )
}
