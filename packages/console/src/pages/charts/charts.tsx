// The Helm charts of an instance.

import { useState } from 'react'
import { UploadIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { useList } from '../../api/use-api.ts'
import { useInstanceId } from '../../frame/use-instance.ts'
import { type ChartAt, paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import type { MenuEntry } from '../../patterns/menu.tsx'
import { useRights } from '../../patterns/rights.ts'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { useNamespaceFilter } from '../repositories/repository-rows.ts'
import { chartColumns } from './chart-columns.tsx'
import { chartPath } from './chart-input.ts'
import { ChartCommands, NamespaceCommands, QuickCommands } from './commands.tsx'
import { DeleteChart } from './delete-charts.tsx'
import { UploadCharts } from './upload-charts.tsx'
import './charts.css'

export type Chart = Reply<'DescribeHelmCharts'>['Charts'][number]

const orders = {
  '-updated': '-update_time',
  updated: 'update_time',
  '-created': '-creation_time',
  name: 'name',
  '-name': '-name',
} as const

/** How often an empty list asks whether the first push has come. */
const firstPushMs = 3000
type Opened = { readonly kind: 'delete' | 'commands'; readonly at: ChartAt }

export function ChartsPage() {
  const { t } = useWords()
  useTitle(t('charts.title'))
  const instance = useInstanceId()
  const address = useListState()
  const state = { ...address, sort: address.sort === '' ? '-updated' : address.sort }
  const [opened, setOpened] = useState<Opened>()
  const within = state.filter('namespace')
  const list = useList(
    'DescribeHelmCharts',
    {
      RegistryId: instance,
      ...(within !== '' && { NamespaceName: within }),
      ...(state.q !== '' && { Search: state.q }),
      ...(state.sort in orders && { SortBy: orders[state.sort as keyof typeof orders] }),
    },
    {
      rows: (reply) => reply.Charts,
      total: (reply) => reply.TotalCount,
      ...(state.q === '' && { whileEmptyMs: firstPushMs }),
    },
  )
  const any = `repository/${instance}/*`
  const rights = useRights([
    ['tcr:CreateHelmChart', any],
    ['tcr:DeleteRepository', any],
  ])
  const filters = useNamespaceFilter(instance, true)
  const upload = rights.may('tcr:CreateHelmChart', any) && (
    <Button theme="primary" icon={<UploadIcon />} onClick={() => state.setOpen('new')}>
      {t('charts.upload')}
    </Button>
  )
  const atOf = (chart: Chart): ChartAt => {
    return { instance, namespace: chart.NamespaceName, chart: chart.ChartName }
  }
  const rowMenu = (row: Chart): readonly MenuEntry[] => [
    {
      id: 'commands',
      label: t('charts.quickCommands'),
      onSelect: () => setOpened({ kind: 'commands', at: atOf(row) }),
    },
    {
      id: 'repository',
      label: t('charts.asRepository'),
      to: paths.repository({ instance, namespace: row.NamespaceName, path: row.ChartName }),
    },
    ...(rights.may('tcr:DeleteRepository', any)
      ? [
          {
            id: 'delete',
            label: t('charts.delete'),
            isDangerous: true,
            onSelect: () => setOpened({ kind: 'delete', at: atOf(row) }),
          },
        ]
      : []),
  ]
  return (
    <ListPage
      title={t('charts.title')}
      about={t('charts.about')}
      help="charts"
      actions={upload}
      list={list}
      state={state}
      searchFor={t('charts.search')}
      filters={filters}
      columns={chartColumns(instance, t)}
      rowKey={(row) => chartPath(atOf(row))}
      rowActions={{
        label: (row) => t('charts.actionsOf', { name: chartPath(atOf(row)) }),
        menu: rowMenu,
      }}
      countLabel={(n) => t('charts.count', { n })}
      empty={
        <Empty title={t('charts.none')} actions={upload}>
          <div className="stack">
            <p>{t('charts.noneAbout')}</p>
            <NamespaceCommands
              instance={instance}
              namespace={within === '' ? (filters[0]?.choices[0]?.value ?? '') : within}
            />
          </div>
        </Empty>
      }
    >
      {state.open === 'new' && upload && (
        <UploadCharts instance={instance} namespace={within} onClose={() => state.setOpen('')} />
      )}
      {opened?.kind === 'commands' && (
        <QuickCommands name={chartPath(opened.at)} onClose={() => setOpened(undefined)}>
          <ChartCommands at={opened.at} />
        </QuickCommands>
      )}
      {opened?.kind === 'delete' && (
        <DeleteChart at={opened.at} onClose={() => setOpened(undefined)} />
      )}
    </ListPage>
  )
}
