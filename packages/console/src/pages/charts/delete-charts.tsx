// Deleting versions of a chart, or all of it: what is lost is counted when the dialog opens.

import { useChange, useRead } from '../../api/use-api.ts'
import type { ChartAt } from '../../paths.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { Facts } from '../../patterns/detail.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Bytes, Count, Time } from '../../patterns/shown.tsx'
import { Banner, Failed } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { KeptFor } from '../repositories/kept-for.tsx'
import { chartPath, inChart } from './chart-input.ts'
import type { ChartVersion } from './version-list.tsx'

interface DeleteChartProps {
  readonly at: ChartAt
  onClose(): void
  onDone?(): void
}

export function DeleteChart({ at, onClose, onDone }: DeleteChartProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const remove = useChange('DeleteHelmChart')
  const path = chartPath(at)
  const { data, error } = useRead('DescribeRepositoryDeletion', {
    RegistryId: at.instance,
    NamespaceName: at.namespace,
    RepositoryName: at.chart,
  })
  return (
    <Confirm
      title={t('charts.deleteTitle', { name: path })}
      verb={t('charts.deleteVerb')}
      typeName={path}
      isWaiting={data === undefined && error === null}
      run={() => remove.mutateAsync(inChart(at))}
      onClose={onClose}
      onDone={() => {
        tell(t('charts.deleted', { name: path }))
        onDone?.()
      }}
    >
      {error && <Failed error={error} />}
      <p>
        {t('charts.deleteAbout')} <KeptFor days={data?.BinDays} />
      </p>
      {data && (
        <Facts
          facts={[
            { label: t('charts.versions'), value: <Count value={data.TagCount} /> },
            { label: t('charts.size'), value: <Bytes value={data.StoredBytes} /> },
            { label: t('charts.recentPulls'), value: <Count value={data.RecentPulls} /> },
            {
              label: t('charts.lastPulled'),
              value: <Time at={data.LastPullTime} none={t('charts.never')} />,
            },
          ]}
        />
      )}
    </Confirm>
  )
}

interface DeleteVersionsProps {
  readonly at: ChartAt
  readonly versions: readonly ChartVersion[]
  onClose(): void
  onDone?(): void
}

/** So many a call takes. */
const maxVersions = 100
/** More than that are gone by mistake too easily. */
const typedFrom = 21

export function DeleteVersions({ at, versions: chosen, onClose, onDone }: DeleteVersionsProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const remove = useChange('DeleteHelmChartVersions')
  const versions = chosen.filter(({ IsImmutable }) => !IsImmutable)
  const kept = chosen.filter(({ IsImmutable }) => IsImmutable)
  const names = versions.map(({ Version }) => Version)
  const [first] = versions
  const { data: deletion } = useRead(
    'DescribeTagDeletion',
    {
      RegistryId: at.instance,
      NamespaceName: at.namespace,
      RepositoryName: at.chart,
      Tags: [first?.Tag ?? ''],
    },
    { isEnabled: first !== undefined },
  )
  const lastPull = versions.map(({ LastPullTime }) => LastPullTime ?? '').reduce(latest, '')
  const sum = (of: (version: ChartVersion) => number) =>
    versions.reduce((total, version) => total + of(version), 0)
  return (
    <Confirm
      title={
        names.length === 1
          ? t('charts.deleteVersionTitle', { name: names[0] ?? '' })
          : t('charts.deleteVersionsTitle', { n: names.length })
      }
      verb={t('charts.deleteVersionsVerb', { n: names.length })}
      typeName={names.length >= typedFrom ? at.chart : undefined}
      blockers={names.length === 0 ? <p>{t('charts.allImmutable')}</p> : undefined}
      run={async () => {
        for (let from = 0; from < names.length; from += maxVersions) {
          const Versions = names.slice(from, from + maxVersions)
          await remove.mutateAsync({ ...inChart(at), Versions })
        }
      }}
      onClose={onClose}
      onDone={() => {
        tell(t('charts.versionsDeleted', { n: names.length }))
        onDone?.()
      }}
    >
      <p>
        {t('charts.deleteVersionsAbout')} <KeptFor days={deletion?.BinDays} />
      </p>
      {kept.length > 0 && (
        <Banner tone="warn">
          {t('charts.immutableLeftOut', { n: kept.length })}{' '}
          <bdi>{kept.map(({ Version }) => Version).join(', ')}</bdi>
        </Banner>
      )}
      {names.length > 1 && <p className="chart-names">{names.join(', ')}</p>}
      <Facts
        facts={[
          { label: t('charts.size'), value: <Bytes value={sum(({ Size }) => Size)} /> },
          { label: t('charts.pulls'), value: <Count value={sum(({ PullCount }) => PullCount)} /> },
          {
            label: t('charts.lastPulled'),
            value: <Time at={lastPull} none={t('charts.never')} />,
          },
        ]}
      />
    </Confirm>
  )
}

/** Times of the API sort as text. */
function latest(a: string, b: string): string {
  return a > b ? a : b
}
