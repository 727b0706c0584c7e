// Helm charts: where to fetch one (2 actions). The rest is the charts' own interface.

import { type Action, on } from '../action.ts'
import { integer, required, text } from '../fields.ts'
import { action, namespaceName, registryId } from './parameters.ts'

const chart = {
  RegistryId: registryId,
  NamespaceName: namespaceName,
  ChartName: required(text('Name of the chart', 'Chart 名称', { minChars: 1, maxChars: 256 })),
  ChartVersion: required(text('Its version', 'Chart 版本', { minChars: 1, maxChars: 128 })),
}

export const describeChartDownloadInfo = action('DescribeChartDownloadInfo', {
  doc: { en: 'Tells an address to fetch a chart from.', zh: '查询 Helm Chart 的下载地址。' },
  kind: 'read',
  access: on('repository/{RegistryId}/{NamespaceName}/{ChartName}'),
  input: chart,
  output: {
    // Whoever has it may fetch the chart.
    PreSignedDownloadURL: text('The address, for minutes', '下载地址，短时有效', { secret: true }),
  },
})

export const downloadHelmChart = action('DownloadHelmChart', {
  doc: {
    en: 'Gives temporary keys to fetch a chart from its store.',
    zh: '获取下载 Chart 的临时密钥。',
  },
  kind: 'read',
  access: on('repository/{RegistryId}/{NamespaceName}/{ChartName}'),
  input: chart,
  output: {
    TmpToken: text('Session token', '临时会话令牌', { secret: true }),
    TmpSecretId: text('Id of the keys', '临时密钥 ID'),
    TmpSecretKey: text('The secret key', '临时密钥', { secret: true }),
    Bucket: text('Bucket', '存储桶'),
    Region: text('Region of the bucket', '存储桶所在地域'),
    Path: text('Key of the chart in the bucket', '文件在存储桶中的路径'),
    StartTime: integer('From when the keys hold, Unix seconds', '生效时间，Unix 秒'),
    ExpiredTime: integer('Until when, Unix seconds', '失效时间，Unix 秒'),
  },
})

export const chartActions: readonly Action[] = [describeChartDownloadInfo, downloadHelmChart]
