// What the list of triggers shows of each.

import { Link } from '@tanstack/react-router'
import { paths } from '../../paths.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Chip, FreeText, Status, Time } from '../../patterns/shown.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import {
  conditionInWords,
  eventWords,
  hostOf,
  stateTones,
  stateWords,
  type Trigger,
  type TriggerEvent,
} from './trigger-words.ts'

export function columnsOf(
  t: Words['t'],
  instance: string,
  maySeeLog: boolean,
): readonly Column<Trigger>[] {
  return [
    {
      id: 'name',
      head: t('triggers.name'),
      cell: ({ Name, NamespaceName, Id }) =>
        maySeeLog ? <Link to={paths.triggerLog(instance, NamespaceName, Id)}>{Name}</Link> : Name,
    },
    {
      id: 'description',
      head: t('triggers.description'),
      isMinor: true,
      cell: ({ Description }) => <FreeText text={Description} />,
    },
    {
      id: 'namespace',
      head: t('triggers.namespace'),
      cell: ({ NamespaceName }) => NamespaceName,
    },
    {
      id: 'events',
      head: t('triggers.events'),
      cell: ({ EventTypes }) => <EventChips events={EventTypes} />,
    },
    {
      id: 'condition',
      head: t('triggers.conditions'),
      cell: (trigger) => conditionInWords(trigger, t) ?? <code>{trigger.Condition}</code>,
    },
    {
      id: 'url',
      head: t('triggers.url'),
      cell: ({ Targets }) => (
        <ul className="trigger-targets">
          {Targets.map(({ Address }) => (
            <li key={Address} title={Address}>
              {hostOf(Address)}
            </li>
          ))}
        </ul>
      ),
    },
    {
      id: 'state',
      head: t('triggers.state'),
      cell: (trigger) => <TriggerStatus trigger={trigger} />,
    },
    {
      id: 'last',
      head: t('triggers.last'),
      cell: ({ LastDelivery: last }) =>
        last ? (
          <>
            <Status tone={stateTones[last.State]}>{t(stateWords[last.State])}</Status>{' '}
            <Time at={last.UpdateTime} />
          </>
        ) : (
          <Time at={null} />
        ),
    },
  ]
}

function EventChips({ events: shown }: { readonly events: readonly TriggerEvent[] }) {
  const { t } = useWords()
  return (
    <span className="trigger-events">
      {shown.map((event) => (
        <Chip key={event}>{t(eventWords[event])}</Chip>
      ))}
    </span>
  )
}

function TriggerStatus({ trigger }: { readonly trigger: Trigger }) {
  const { t } = useWords()
  if (!trigger.Enabled) return <Status tone="off">{t('triggers.off')}</Status>
  if (trigger.Targets.some(({ IsOn }) => !IsOn)) {
    return <Status tone="bad">{t('triggers.targetOff')}</Status>
  }
  if (trigger.IsFailing) return <Status tone="warn">{t('triggers.failing')}</Status>
  return <Status tone="good">{t('triggers.on')}</Status>
}
