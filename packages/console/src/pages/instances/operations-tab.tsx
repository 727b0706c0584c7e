// What was done with an instance and in it lately; the whole is in the audit.

import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { type List, useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { LinkButton } from '../../patterns/button.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import type { Column } from '../../patterns/rows.tsx'
import { FreeText, Status, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import type { TabProps } from './instance.tsx'

type Event = Reply<'DescribeEvents'>['Events'][number]

/** As far back as one look-up reaches, and as many as it gives. */
const shownDays = 29
const maxEvents = 50
const daySeconds = 86_400
const msPerSecond = 1000

export function OperationsTab({ instance }: TabProps) {
  const { t, language } = useWords()
  const state = useListState()
  const kind = state.filter('kind')
  const { list } = useEvents(instance.RegistryId, kind)
  const columns: readonly Column<Event>[] = [
    {
      id: 'time',
      head: t('instances.when'),
      cell: ({ EventTime }) => <Time at={Number(EventTime)} />,
    },
    { id: 'who', head: t('instances.who'), cell: ({ Username }) => <FreeText text={Username} /> },
    {
      id: 'what',
      head: t('instances.operation'),
      cell: ({ EventName, EventNameCn }) => (language === 'zh' ? EventNameCn : EventName),
    },
    {
      id: 'resource',
      head: t('instances.resource'),
      cell: ({ Resources }) => <FreeText text={Resources.ResourceName} />,
    },
    {
      id: 'result',
      head: t('instances.result'),
      cell: ({ ErrorCode }) => (
        <Status tone={ErrorCode === 0 ? 'good' : 'bad'}>
          {t(ErrorCode === 0 ? 'instances.allowed' : 'instances.refused')}
        </Status>
      ),
    },
    {
      id: 'address',
      head: t('instances.address'),
      isMinor: true,
      cell: ({ SourceIPAddress }) => <FreeText text={SourceIPAddress} />,
    },
  ]
  return (
    <ListPage
      title={t('instances.tabOperations')}
      about={t('instances.operationsAbout', { n: maxEvents })}
      isInner
      actions={<LinkButton to={paths.audit()}>{t('frame.audit')}</LinkButton>}
      list={list}
      state={state}
      filters={[
        {
          name: 'kind',
          label: t('instances.operationKind'),
          choices: [
            { value: 'Write', label: t('instances.changes') },
            { value: 'Read', label: t('instances.reads') },
          ],
        },
      ]}
      columns={columns}
      rowKey={({ EventId }) => EventId}
      countLabel={(n) => t('instances.operationCount', { n })}
      empty={<Empty title={t('instances.noOperation')} />}
    />
  )
}

function useEvents(instance: string, kind: string): { readonly list: List<Event> } {
  // The end of the range stays while the page is open, and with it what the reply is kept under.
  const [end] = useState(() => Math.ceil(Date.now() / msPerSecond) + daySeconds)
  const { data, error, isPending, isPlaceholderData, refetch } = useRead(
    'DescribeEvents',
    {
      StartTime: end - shownDays * daySeconds,
      EndTime: end,
      MaxResults: maxEvents,
      LookupAttributes: [
        { AttributeKey: 'ResourceId', AttributeValue: instance },
        ...(kind === '' ? [] : [{ AttributeKey: 'ActionType' as const, AttributeValue: kind }]),
      ],
    },
    { keepsPrevious: true },
  )
  return {
    list: {
      rows: data?.Events ?? [],
      total: data?.Events.length,
      isLoading: isPending,
      isOld: isPlaceholderData,
      error,
      hasMore: false,
      loadMore: () => undefined,
      refresh: () => void refetch(),
    },
  }
}
