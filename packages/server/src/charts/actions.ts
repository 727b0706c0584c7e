// The API's actions on charts that read.

import {
  describeHelmChart,
  describeHelmChartFile,
  describeHelmCharts,
  describeHelmChartVersions,
} from '@entrepot/contract/entrepot/charts.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { describeChartDownloadInfo, downloadHelmChart } from '@entrepot/contract/tcr/charts.ts'
import { reachFor } from '../actions/authority.ts'
import { type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import { makeDownloadUrl } from '../downloads/links.ts'
import { findCoverage } from '../immutability/queries.ts'
import { readChartFile } from './chart.ts'
import { getVersion } from './delete.ts'
import { describeChart } from './details.ts'
import { type ChartOrder, type ListedChart, listCharts, listVersions } from './lists.ts'
import { printable } from './problem.ts'
import { readStored } from './stored.ts'
import { pathOf, timeOrNull, versionToWire } from './wire.ts'

/** What is shown of one file. */
const maxShownBytes = 1024 * 1024

export const chartHandlers: readonly Handler[] = [
  read(describeHelmCharts, async (call) => {
    const { ground, instance, input } = call
    const { permission, paging } = describeHelmCharts
    const filter = {
      reach: await reachFor(call, permission, `repository/${instance.id}/`),
      namespace: input.NamespaceName || undefined,
      search: input.Search || undefined,
      ...orderOf(input.SortBy),
    }
    const page = pageRange(paging, input)
    const { total, charts } = await listCharts(ground.db.heavy, instance.id, filter, page)
    return { Charts: charts.map(chartToWire), TotalCount: total }
  }),

  read(describeHelmChartVersions, async ({ ground, db, instance, input }) => {
    const place = { instanceId: instance.id, path: pathOf(input) }
    const isDescending = input.SortBy.startsWith('-')
    const filter = {
      search: input.Search || undefined,
      order: input.SortBy.endsWith('version') ? ('version' as const) : ('pushed' as const),
      isDescending,
    }
    const page = pageRange(describeHelmChartVersions.paging, input)
    const { total, versions } = await listVersions(ground.db.heavy, place, filter, page)
    if (total === 0 && filter.search === undefined) throw chartUnknown(place.path)
    const [first] = versions
    const coverage = first && (await findCoverage(db, repositoryOf(first)))
    return {
      Versions: versions.map((row) => versionToWire(row, coverage)),
      TotalCount: total,
    }
  }),

  read(describeHelmChart, async ({ ground, db, instance, input, nowMs }) => {
    const row = await getVersion(db, { instance, path: pathOf(input) }, input.Version)
    const coverage = await findCoverage(db, repositoryOf(row))
    const content = await describeChart(ground, row, nowMs)
    return { Version: versionToWire(row, coverage), ...content }
  }),

  read(describeHelmChartFile, async ({ ground, db, instance, input }) => {
    const row = await getVersion(db, { instance, path: pathOf(input) }, input.Version)
    const bytes = await readStored(ground, row.repository_id, row.package_digest ?? '')
    const content = await readChartFile(bytes, input.Path)
    if (!content) throw fileUnknown(input.Path)
    const isText = !content.includes(0)
    const shown = content.subarray(0, maxShownBytes)
    return {
      Path: input.Path,
      Size: content.byteLength,
      Content: isText ? shown.toString('utf8') : null,
      IsCut: shown.byteLength < content.byteLength,
    }
  }),

  read(describeChartDownloadInfo, async (call) => {
    const { db, instance, input } = call
    const path = pathOf(input)
    const row = await getVersion(db, { instance, path }, input.ChartVersion)
    const PreSignedDownloadURL = makeDownloadUrl(call, {
      path,
      manifest: row.digest,
      blob: row.package_digest ?? '',
      reference: row.tag,
      fileName: row.file_name ?? '',
    })
    return { PreSignedDownloadURL }
  }),

  read(downloadHelmChart, async ({ db, instance, input }) => {
    await getVersion(db, { instance, path: pathOf(input) }, input.ChartVersion)
    throw noTemporaryKeys()
  }),
]

function repositoryOf(row: { readonly repository_id: string; readonly path: string }) {
  return { id: row.repository_id, path: row.path }
}

const orders: Readonly<Record<string, ChartOrder>> = {
  update_time: 'updated',
  name: 'name',
  creation_time: 'created',
}

function orderOf(sortBy: string): { readonly order: ChartOrder; readonly isDescending: boolean } {
  const isDescending = sortBy.startsWith('-')
  const order = orders[isDescending ? sortBy.slice(1) : sortBy] ?? 'updated'
  return { order, isDescending }
}

function chartToWire(chart: ListedChart) {
  const { path, latest } = chart
  const slash = path.indexOf('/')
  const name = path.slice(slash + 1)
  return {
    NamespaceName: path.slice(0, slash),
    ChartName: name,
    IsPublic: chart.isPublic,
    IsInIndex: latest.name === name,
    LatestVersion: latest.version ?? '',
    AppVersion: latest.app_version,
    Description: latest.description,
    Icon: latest.icon,
    Type: latest.type ?? ('application' as const),
    IsDeprecated: latest.is_deprecated === 1,
    VersionCount: chart.versionCount,
    PullCount: chart.pullCount,
    LastPullTime: timeOrNull(chart.lastPulledAt),
    CreationTime: isoUtc(chart.createdAt),
    UpdateTime: isoUtc(chart.updatedAt),
  }
}

function chartUnknown(path: string): ApiError {
  const shown = printable(path)
  return new ApiError('CHART_UNKNOWN', {
    message: { en: `there is no chart ${shown}`, zh: `没有 Chart ${shown}` },
  })
}

function fileUnknown(path: string): ApiError {
  const shown = printable(path)
  return new ApiError('RESOURCE_NOT_FOUND', {
    message: { en: `the package has no file ${shown}`, zh: `包中没有文件 ${shown}` },
  })
}

/** No store of ours gives keys that reach one object only. */
function noTemporaryKeys(): ApiError {
  return new ApiError('UNSUPPORTED_OPERATION', {
    message: {
      en: 'the store of this instance gives no temporary keys: use DescribeChartDownloadInfo, which gives an address to fetch the chart from',
      zh: '该实例的存储不提供临时密钥，请使用 DescribeChartDownloadInfo 获取下载地址',
    },
  })
}
