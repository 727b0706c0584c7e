// What became of each tag of a repository in a run, and why.

import { useList } from '../../api/use-api.ts'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Status, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import { type Fate, type Run, reasonText } from './run-words.tsx'

interface FatesProps {
  readonly instance: string
  readonly run: Run
  readonly task: number
}

const fates = ['Removed', 'Kept'] as const

export function Fates({ instance, run, task }: FatesProps) {
  const { t } = useWords()
  const state = useListState()
  const fate = fates.find((name) => name === state.filter('fate'))
  const list = useList(
    'DescribeRetentionFates',
    {
      RegistryId: instance,
      ExecutionId: run.ExecutionId,
      TaskId: task,
      ...(fate && { Fate: fate }),
      ...(state.q !== '' && { Search: state.q }),
    },
    { rows: (reply) => reply.Fates, total: (reply) => reply.TotalCount },
  )
  return (
    <ListPage
      isInner
      title={t('retention.fates')}
      about={t('retention.fatesAbout')}
      list={list}
      state={state}
      searchFor={t('retention.searchTag')}
      filters={[
        {
          name: 'fate',
          label: t('retention.fate'),
          choices: fates.map((value) => ({ value, label: t(fateWord(value, run.DryRun)) })),
        },
      ]}
      columns={columnsOf(t, run.DryRun)}
      rowKey={({ Tag }) => Tag}
      countLabel={(n) => t('retention.tagCount', { n })}
      empty={<Empty title={t('retention.noFate')}>{t('retention.noFateAbout')}</Empty>}
    />
  )
}

function fateWord(fate: Fate['Fate'], isDry: boolean) {
  if (fate === 'Kept') return 'retention.kept'
  return isDry ? 'retention.wouldGo' : 'retention.gone'
}

function columnsOf(t: Words['t'], isDry: boolean): readonly Column<Fate>[] {
  return [
    { id: 'tag', head: t('retention.tag'), cell: ({ Tag }) => <bdi>{Tag}</bdi> },
    {
      id: 'fate',
      head: t('retention.fate'),
      cell: ({ Fate }) => (
        <Status tone={Fate === 'Kept' ? 'good' : isDry ? 'off' : 'bad'}>
          {t(fateWord(Fate, isDry))}
        </Status>
      ),
    },
    { id: 'reason', head: t('retention.reason'), cell: (fate) => reasonText(fate, t) },
    {
      id: 'pushed',
      head: t('retention.pushed'),
      cell: ({ PushTime }) => <Time at={PushTime} />,
    },
  ]
}
