// One chart: its versions, and the commands for it.

import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { UploadIcon } from 'tdesign-icons-react'
import { type ChartAt, type ChartTab, paths } from '../../paths.ts'
import { Button, LinkButton } from '../../patterns/button.tsx'
import { Breadcrumb, DetailHead, Panel, Tabs } from '../../patterns/detail.tsx'
import { Chip, FreeText } from '../../patterns/shown.tsx'
import { Banner, Empty, Failed } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { AccessChip } from '../repositories/repository-columns.tsx'
import { chartPath, useChart, useChartCrumbs, useChartRights } from './chart-input.ts'
import type { Chart } from './charts.tsx'
import { ChartCommands } from './commands.tsx'
import { DeleteChart } from './delete-charts.tsx'
import { UploadCharts } from './upload-charts.tsx'
import { VersionList } from './version-list.tsx'

interface ChartPageProps {
  readonly at: ChartAt
  readonly tab: ChartTab
}

const tabWords = { versions: 'charts.tabVersions', commands: 'charts.tabCommands' } as const
const tabs = ['versions', 'commands'] as const

export function ChartPage({ at, tab }: ChartPageProps) {
  const { t } = useWords()
  const path = chartPath(at)
  useTitle(`${path} · ${t(tabWords[tab])}`)
  const { chart, error, isPending } = useChart(at)
  const crumbs = [...useChartCrumbs(at), { label: at.chart }]
  if (error || (!isPending && !chart)) {
    return (
      <>
        <Breadcrumb crumbs={crumbs} />
        <h1 className="spoken">{path}</h1>
        {error ? <Failed error={error} /> : <Missing instance={at.instance} name={path} />}
      </>
    )
  }
  return (
    <>
      <Breadcrumb crumbs={crumbs} />
      <ChartHead at={at} chart={chart} />
      {chart && !chart.IsInIndex && <Banner>{t('charts.notInIndex')}</Banner>}
      <Tabs
        label={t('charts.tabs')}
        current={tab}
        tabs={tabs.map((id) => ({
          id,
          label: t(tabWords[id]),
          to: paths.chart(at, id),
          ...(id === 'versions' && { count: chart?.VersionCount }),
        }))}
      />
      {tab === 'versions' && <VersionList at={at} />}
      {tab === 'commands' && (
        <Panel title={t('charts.quickCommands')}>
          <ChartCommands at={at} isInIndex={chart?.IsInIndex ?? true} />
        </Panel>
      )}
    </>
  )
}

export function Missing({ instance, name }: { readonly instance: string; readonly name: string }) {
  const { t } = useWords()
  return (
    <Empty
      title={t('patterns.missing')}
      actions={<LinkButton to={paths.charts(instance)}>{t('charts.toList')}</LinkButton>}
    >
      {name}
    </Empty>
  )
}

function ChartHead({ at, chart }: { readonly at: ChartAt; readonly chart: Chart | undefined }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const { mayDelete, mayUpload } = useChartRights(at)
  const [opened, setOpened] = useState<'upload' | 'delete'>()
  const close = () => setOpened(undefined)
  return (
    <>
      <DetailHead
        name={chartPath(at)}
        state={chart && <AccessChip isPublic={chart.IsPublic} t={t} />}
        facts={
          chart && (
            <>
              <span>
                {t('charts.latest')} <code>{chart.LatestVersion}</code>
              </span>
              {chart.Type === 'library' && <Chip>{t('charts.library')}</Chip>}
              {chart.IsDeprecated && <Chip tone="warn">{t('charts.deprecated')}</Chip>}
              <FreeText text={chart.Description} none="" />
            </>
          )
        }
        actions={
          <>
            {mayUpload && (
              <Button icon={<UploadIcon />} onClick={() => setOpened('upload')}>
                {t('charts.uploadVersion')}
              </Button>
            )}
            {mayDelete && (
              <Button theme="danger-text" onClick={() => setOpened('delete')}>
                {t('charts.deleteVerb')}
              </Button>
            )}
          </>
        }
      />
      {opened === 'upload' && (
        <UploadCharts instance={at.instance} namespace={at.namespace} onClose={close} />
      )}
      {opened === 'delete' && (
        <DeleteChart
          at={at}
          onClose={close}
          onDone={() => void navigate({ to: paths.charts(at.instance) })}
        />
      )}
    </>
  )
}
