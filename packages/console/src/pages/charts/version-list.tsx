// The versions of a chart: the highest first, or as they were pushed.

import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useList } from '../../api/use-api.ts'
import { type ChartAt, paths } from '../../paths.ts'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import type { MenuEntry } from '../../patterns/menu.tsx'
import type { Column } from '../../patterns/rows.tsx'
import { Bytes, Chip, Count, Digest, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import { inChart, useChartRights, useDownload } from './chart-input.ts'
import { DeleteVersions } from './delete-charts.tsx'

export type ChartVersion = Reply<'DescribeHelmChartVersions'>['Versions'][number]

const orders = {
  version: 'version',
  '-version': '-version',
  pushed: 'push_time',
  '-pushed': '-push_time',
} as const

export function VersionList({ at }: { readonly at: ChartAt }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const address = useListState()
  const state = { ...address, sort: address.sort === '' ? '-version' : address.sort }
  const [deleting, setDeleting] = useState<readonly ChartVersion[]>()
  const { mayDeleteVersions, mayDownload } = useChartRights(at)
  const download = useDownload(at)
  const list = useList(
    'DescribeHelmChartVersions',
    {
      ...inChart(at),
      ...(state.q !== '' && { Search: state.q }),
      ...(state.sort in orders && { SortBy: orders[state.sort as keyof typeof orders] }),
    },
    { rows: (reply) => reply.Versions, total: (reply) => reply.TotalCount },
  )
  const rowMenu = (row: ChartVersion): readonly MenuEntry[] => [
    ...(mayDownload
      ? [
          {
            id: 'download',
            label: t('charts.download'),
            onSelect: () => void download(row.Version),
          },
        ]
      : []),
    ...(mayDeleteVersions
      ? [
          {
            id: 'delete',
            label: t('charts.delete'),
            isDangerous: true,
            blocked: row.IsImmutable ? t('charts.isImmutable') : undefined,
            onSelect: () => setDeleting([row]),
          },
        ]
      : []),
  ]
  return (
    <ListPage
      title={t('charts.tabVersions')}
      about={t('charts.versionsAbout')}
      isInner
      list={list}
      state={state}
      searchFor={t('charts.searchVersions')}
      columns={columnsOf(at, t)}
      rowKey={({ Version }) => Version}
      rowActions={{
        label: ({ Version }) => t('charts.actionsOf', { name: Version }),
        menu: rowMenu,
      }}
      bulk={[
        {
          id: 'compare',
          label: t('charts.compareValues'),
          blocked: (keys) => (keys.length === 2 ? undefined : t('charts.chooseTwo')),
          // The older one first, as the list has the newer above.
          run: ([a = '', b = '']) => void navigate({ to: paths.compareCharts(at, b, a) }),
        },
        ...(mayDeleteVersions
          ? [
              {
                id: 'delete',
                label: t('charts.delete'),
                isDangerous: true,
                run: (keys: readonly string[]) =>
                  setDeleting(list.rows.filter(({ Version }) => keys.includes(Version))),
              },
            ]
          : []),
      ]}
      countLabel={(n) => t('charts.versionCount', { n })}
      empty={<Empty title={t('charts.noVersion')} />}
    >
      {deleting && (
        <DeleteVersions at={at} versions={deleting} onClose={() => setDeleting(undefined)} />
      )}
    </ListPage>
  )
}

function columnsOf(at: ChartAt, t: Words['t']): readonly Column<ChartVersion>[] {
  return [
    {
      id: 'version',
      head: t('charts.version'),
      sort: 'version',
      isDownFirst: true,
      cell: (row) => (
        <span className="chart-name">
          <Link to={paths.chartVersion(at, row.Version)}>{row.Version}</Link>
          {row.IsImmutable && <Chip>{t('charts.immutable')}</Chip>}
          {row.IsDeprecated && <Chip tone="warn">{t('charts.deprecated')}</Chip>}
          {row.HasProvenance && <Chip tone="good">{t('charts.signed')}</Chip>}
        </span>
      ),
    },
    {
      id: 'app',
      head: t('charts.appVersion'),
      cell: ({ AppVersion }) => <bdi>{AppVersion ?? '–'}</bdi>,
    },
    {
      id: 'size',
      head: t('charts.size'),
      isNumber: true,
      cell: ({ Size }) => <Bytes value={Size} />,
    },
    {
      id: 'digest',
      head: t('charts.digest'),
      isMinor: true,
      cell: ({ ManifestDigest }) => <Digest value={ManifestDigest} />,
    },
    {
      id: 'pushed',
      head: t('charts.pushed'),
      sort: 'pushed',
      isDownFirst: true,
      cell: ({ PushTime }) => <Time at={PushTime} />,
    },
    {
      id: 'by',
      head: t('charts.pushedBy'),
      isMinor: true,
      cell: ({ PushedBy }) => <bdi>{PushedBy}</bdi>,
    },
    {
      id: 'pulls',
      head: t('charts.pulls'),
      isNumber: true,
      isMinor: true,
      cell: ({ PullCount }) => <Count value={PullCount} />,
    },
  ]
}
