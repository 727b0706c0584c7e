// How actions name a chart, and what may be done with it.

import { call } from '../../api/call.ts'
import { useRead } from '../../api/use-api.ts'
import { useInstance } from '../../frame/use-instance.ts'
import { type ChartAt, paths } from '../../paths.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { type Right, useRights } from '../../patterns/rights.ts'
import { useWords } from '../../words/use-words.ts'

export function inChart({ instance, namespace, chart }: ChartAt) {
  return { RegistryId: instance, NamespaceName: namespace, ChartName: chart }
}

/** As `namespace/chart`. */
export function chartPath({ namespace, chart }: Pick<ChartAt, 'namespace' | 'chart'>): string {
  return `${namespace}/${chart}`
}

export function useChartRights(at: ChartAt) {
  const resource = `repository/${at.instance}/${chartPath(at)}`
  const right = (action: string): Right => [action, resource]
  const rights = useRights([
    right('tcr:DeleteImage'),
    right('tcr:DeleteRepository'),
    right('tcr:CreateHelmChart'),
    right('tcr:DescribeChartDownloadInfo'),
  ])
  return {
    mayDeleteVersions: rights.may('tcr:DeleteImage', resource),
    mayDelete: rights.may('tcr:DeleteRepository', resource),
    mayUpload: rights.may('tcr:CreateHelmChart', resource),
    mayDownload: rights.may('tcr:DescribeChartDownloadInfo', resource),
  }
}

/** Names that contain this one may come before it; so many at most are looked through. */
const maxLookedAt = 100

/** The chart as its list shows it. */
export function useChart(at: ChartAt) {
  const { data, error, isPending } = useRead('DescribeHelmCharts', {
    RegistryId: at.instance,
    NamespaceName: at.namespace,
    Search: at.chart,
    SortBy: 'name',
    Limit: maxLookedAt,
  })
  return { chart: data?.Charts.find(({ ChartName }) => ChartName === at.chart), error, isPending }
}

export function useChartCrumbs(at: ChartAt) {
  const { t } = useWords()
  const { instance } = useInstance(at.instance)
  return [
    { label: instance?.RegistryName ?? at.instance, to: paths.instance(at.instance) },
    { label: t('charts.title'), to: paths.charts(at.instance) },
    { label: at.namespace, to: paths.namespace(at.instance, at.namespace) },
  ]
}

/** Fetches the package by a link of minutes, so that no login stands in it. */
export function useDownload(at: ChartAt): (version: string) => Promise<void> {
  const { tellError } = useNotices()
  return async (version) => {
    try {
      const { PreSignedDownloadURL } = await call('DescribeChartDownloadInfo', {
        ...inChart(at),
        ChartVersion: version,
      })
      window.location.assign(PreSignedDownloadURL)
    } catch (error) {
      tellError(error)
    }
  }
}
