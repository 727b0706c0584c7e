// The columns of a list of charts.

import { Link } from '@tanstack/react-router'
import { paths } from '../../paths.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Chip, Count, Time } from '../../patterns/shown.tsx'
import type { Words } from '../../words/use-words.ts'
import type { Chart } from './charts.tsx'

export function chartColumns(instance: string, t: Words['t']): readonly Column<Chart>[] {
  return [
    {
      id: 'name',
      head: t('charts.name'),
      sort: 'name',
      cell: (chart) => <NameCell instance={instance} chart={chart} t={t} />,
    },
    {
      id: 'latest',
      head: t('charts.latest'),
      cell: ({ LatestVersion }) => <code>{LatestVersion}</code>,
    },
    {
      id: 'app',
      head: t('charts.appVersion'),
      isMinor: true,
      cell: ({ AppVersion }) => <bdi>{AppVersion ?? '–'}</bdi>,
    },
    {
      id: 'versions',
      head: t('charts.versions'),
      isNumber: true,
      cell: ({ VersionCount }) => <Count value={VersionCount} />,
    },
    {
      id: 'pulls',
      head: t('charts.pulls'),
      isNumber: true,
      isMinor: true,
      cell: ({ PullCount }) => <Count value={PullCount} />,
    },
    {
      id: 'updated',
      head: t('charts.updated'),
      sort: 'updated',
      isDownFirst: true,
      cell: ({ UpdateTime }) => <Time at={UpdateTime} />,
    },
    {
      id: 'created',
      head: t('charts.firstPush'),
      sort: 'created',
      isDownOnly: true,
      cell: ({ CreationTime }) => <Time at={CreationTime} />,
    },
  ]
}

interface NameCellProps {
  readonly instance: string
  readonly chart: Chart
  readonly t: Words['t']
}

function NameCell({ instance, chart, t }: NameCellProps) {
  const { NamespaceName: namespace, ChartName, Description, IsDeprecated, Type } = chart
  return (
    <div className="chart-title">
      <span className="chart-name">
        <Link to={paths.chart({ instance, namespace, chart: ChartName })}>
          <span className="quiet">{namespace}/</span>
          {ChartName}
        </Link>
        {Type === 'library' && <Chip>{t('charts.library')}</Chip>}
        {IsDeprecated && <Chip tone="warn">{t('charts.deprecated')}</Chip>}
      </span>
      {Description && (
        <bdi className="chart-brief" title={Description}>
          {Description}
        </bdi>
      )}
    </div>
  )
}
