// A chart is a repository of its name. Charts may be called more than repositories may.

import { type ParsedPath, parseRepositoryPath } from '@entrepot/oci/reference.ts'
import { printable, refuseChart } from './problem.ts'

/** Throws CHART_INVALID. */
export function repositoryOf(namespace: string, chartName: string): ParsedPath {
  const parsed = parseRepositoryPath(`${namespace}/${chartName}`)
  if (parsed && !chartName.includes('/')) return parsed
  const shown = printable(chartName)
  const why = whyNoRepository(chartName)
  return refuseChart(
    'name',
    `no repository may be called ${shown}: ${why.en}; rename the chart`,
    `仓库名称不能为 ${shown}：${why.zh}，请修改 Chart 名称`,
  )
}

function whyNoRepository(name: string) {
  if (/[A-Z]/.test(name)) {
    return { en: 'it has capitals', zh: '包含大写字母' }
  }
  if (/^[._-]|[._-]$/.test(name)) {
    return { en: 'it begins or ends with . _ or -', zh: '以 . _ 或 - 开头或结尾' }
  }
  return {
    en: 'between letters and digits stands one of . _ __ or hyphens, and with its namespace it has at most 255 characters',
    zh: '字母和数字之间只能有 .、_、__ 或连字符，且与命名空间合计不超过 255 个字符',
  }
}
