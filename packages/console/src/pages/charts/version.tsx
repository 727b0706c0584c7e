// One version of a chart: what it says of itself, its values and its files.

import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { DownloadIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { useRead } from '../../api/use-api.ts'
import { type ChartAt, type ChartVersionTab, paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Breadcrumb, DetailHead, Panel, Tabs } from '../../patterns/detail.tsx'
import { Bytes, Chip, Time } from '../../patterns/shown.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { chartPath, inChart, useChartCrumbs, useChartRights, useDownload } from './chart-input.ts'
import { Code } from './code.tsx'
import { ChartCommands, QuickCommands } from './commands.tsx'
import { DeleteVersions } from './delete-charts.tsx'
import { schemaFile, valuesFile } from './file-tree.ts'
import { FilesTab } from './files-tab.tsx'
import { InfoTab } from './info-tab.tsx'
import { ReadmeTab } from './readme-tab.tsx'

export type ChartContent = Reply<'DescribeHelmChart'>

interface ChartVersionPageProps {
  readonly at: ChartAt
  readonly version: string
  readonly tab: ChartVersionTab
}

const tabWords = {
  readme: 'charts.tabReadme',
  values: 'charts.tabValues',
  files: 'charts.tabFiles',
  info: 'charts.tabInfo',
} as const
const tabs = ['readme', 'values', 'files', 'info'] as const

export function ChartVersionPage({ at, version, tab }: ChartVersionPageProps) {
  const { t } = useWords()
  const name = `${chartPath(at)} ${version}`
  useTitle(`${name} · ${t(tabWords[tab])}`)
  const { data, error } = useRead('DescribeHelmChart', { ...inChart(at), Version: version })
  const crumbs = [
    ...useChartCrumbs(at),
    { label: at.chart, to: paths.chart(at) },
    { label: version },
  ]
  if (error) {
    return (
      <>
        <Breadcrumb crumbs={crumbs} />
        <h1 className="spoken">{name}</h1>
        <Failed error={error} />
      </>
    )
  }
  return (
    <>
      <Breadcrumb crumbs={crumbs} />
      <VersionHead at={at} version={version} tab={tab} content={data} />
      <Tabs
        label={t('charts.versionTabs')}
        current={tab}
        tabs={tabs.map((id) => ({
          id,
          label: t(tabWords[id]),
          to: paths.chartVersion(at, version, id),
          ...(id === 'files' && { count: data?.Files.length }),
        }))}
      />
      {data ? <TabContent at={at} tab={tab} content={data} /> : <Skeleton lines={8} />}
    </>
  )
}

interface TabContentProps {
  readonly at: ChartAt
  readonly tab: ChartVersionTab
  readonly content: ChartContent
}

function TabContent({ at, tab, content }: TabContentProps) {
  switch (tab) {
    case 'readme':
      return <ReadmeTab text={content.Readme} />
    case 'values':
      return <ValuesTab content={content} />
    case 'files':
      return <FilesTab at={at} content={content} />
    case 'info':
      return <InfoTab at={at} content={content} />
  }
}

function ValuesTab({ content }: { readonly content: ChartContent }) {
  const { t } = useWords()
  const { Values: values, ValuesSchema: schema } = content
  return (
    <>
      <Panel title={valuesFile}>
        {values === null ? <p>{t('charts.noValues')}</p> : <Code text={values} name={valuesFile} />}
      </Panel>
      {schema !== null && (
        <Panel title={schemaFile}>
          <Code text={schema} name={schemaFile} />
        </Panel>
      )}
    </>
  )
}

interface VersionHeadProps {
  readonly at: ChartAt
  readonly version: string
  readonly tab: ChartVersionTab
  readonly content: ChartContent | undefined
}

function VersionHead({ at, version, tab, content }: VersionHeadProps) {
  const { t } = useWords()
  const navigate = useNavigate()
  const { mayDeleteVersions, mayDownload } = useChartRights(at)
  const download = useDownload(at)
  const [opened, setOpened] = useState<'commands' | 'delete'>()
  const close = () => setOpened(undefined)
  const row = content?.Version
  return (
    <>
      <DetailHead
        name={`${chartPath(at)} ${version}`}
        copy={chartPath(at)}
        state={<VersionPicker at={at} version={version} tab={tab} />}
        facts={
          row && (
            <>
              {row.IsImmutable && <Chip>{t('charts.immutable')}</Chip>}
              {row.IsDeprecated && <Chip tone="warn">{t('charts.deprecated')}</Chip>}
              <span>
                {t('charts.appVersion')} <bdi>{row.AppVersion ?? '–'}</bdi>
              </span>
              <span>
                {t('charts.size')} <Bytes value={row.Size} />
              </span>
              <span>
                {t('charts.pushed')} <Time at={row.PushTime} />
              </span>
            </>
          )
        }
        actions={
          <>
            <Button onClick={() => setOpened('commands')}>{t('charts.quickCommands')}</Button>
            {mayDownload && (
              <Button icon={<DownloadIcon />} onClick={() => void download(version)}>
                {t('charts.download')}
              </Button>
            )}
            {mayDeleteVersions && row && (
              <Button
                theme="danger-text"
                blocked={row.IsImmutable ? t('charts.isImmutable') : undefined}
                onClick={() => setOpened('delete')}
              >
                {t('charts.delete')}
              </Button>
            )}
          </>
        }
      />
      {opened === 'commands' && (
        <QuickCommands name={chartPath(at)} onClose={close}>
          <ChartCommands at={at} version={version} isInIndex={!at.chart.includes('/')} />
        </QuickCommands>
      )}
      {opened === 'delete' && row && (
        <DeleteVersions
          at={at}
          versions={[row]}
          onClose={close}
          onDone={() => void navigate({ to: paths.chart(at) })}
        />
      )}
    </>
  )
}

/** More are found on the chart's own page. */
const offeredVersions = 100

function VersionPicker({ at, version, tab }: Omit<VersionHeadProps, 'content'>) {
  const { t } = useWords()
  const navigate = useNavigate()
  const { data } = useRead('DescribeHelmChartVersions', { ...inChart(at), Limit: offeredVersions })
  const known = (data?.Versions ?? []).map(({ Version }) => Version)
  const offered = known.includes(version) ? known : [version, ...known]
  return (
    <select
      aria-label={t('charts.version')}
      value={version}
      onChange={(event) =>
        void navigate({ to: paths.chartVersion(at, event.target.value, tab), replace: true })
      }
    >
      {offered.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </select>
  )
}
