// Helm charts, as their pages show them (8 actions). A chart is a repository; its name here is the repository's within
// the namespace, and a version is the chart's own (`1.0.0+build`, where the tag has `1.0.0_build`).

import { type Action, listed, on } from '../action.ts'
import {
  flag,
  integer,
  list,
  listOf,
  nullable,
  object,
  oneOf,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'
import { namespaceName, registryId, totalCount } from '../tcr/parameters.ts'
import { action, digest, limit, offset, time } from './parameters.ts'

/** A package, compressed: what ChartMuseum takes unless told otherwise. */
export const maxChartBytes = 20 * 1024 * 1024
/** A field holds no more of it, in base64. */
export const maxPartChars = 1024 * 1024
const maxParts = Math.ceil(((maxChartBytes / 3) * 4) / maxPartChars) + 1
/** A signed Chart.yaml with the package's digest. */
export const maxProvenanceBytes = 256 * 1024
/** Checked or deleted in one call. */
const maxVersions = 100

const chartName = required(text('Name of the chart', 'Chart 名称', { minChars: 1, maxChars: 256 }))
const version = text('Version of the chart: SemVer', 'Chart 版本，SemVer 格式', {
  minChars: 1,
  maxChars: 128,
})

const inNamespace = { RegistryId: registryId, NamespaceName: namespaceName } as const
const ofChart = { ...inNamespace, ChartName: chartName } as const
const ofVersion = { ...ofChart, Version: required(version) } as const

const oneChart = on('repository/{RegistryId}/{NamespaceName}/{ChartName}')
const reading = 'tcr:DescribeHelmCharts'

const appVersion = nullable(text('Version of what the chart installs', '应用版本'))
const description = nullable(text('Description', '描述'))
const chartType = oneOf(['application', 'library'], 'What kind of chart it is', 'Chart 类型')
const pullCount = integer('How often it was pulled', '下载次数')
const lastPullTime = nullable(time('When it was last pulled', '最近下载时间'))
const isDeprecated = flag('True: its maintainers gave it up', 'true 为已弃用')
const packageSize = integer('Bytes of the package', '包大小（字节）')

const chart = structure('HelmChart', 'A chart', 'Helm Chart', {
  NamespaceName: text('Its namespace', '命名空间'),
  ChartName: text('Its name', 'Chart 名称'),
  IsPublic: flag('True: anyone may pull', 'true 为公开'),
  IsInIndex: flag(
    'True: in the index of /chartrepo/<namespace>; false: its name has a /, so only OCI clients reach it',
    'true 为可经 /chartrepo/<命名空间> 的索引访问；false 为名称含 /，仅 OCI 客户端可访问',
  ),
  LatestVersion: text(
    'The highest version that is no pre-release, or where there is none, the highest',
    '最新版本（优先正式版本）',
  ),
  AppVersion: appVersion,
  Description: description,
  Icon: nullable(text('Address of its icon', '图标地址')),
  Type: chartType,
  IsDeprecated: isDeprecated,
  VersionCount: integer('Versions', '版本数'),
  PullCount: pullCount,
  LastPullTime: lastPullTime,
  CreationTime: time('When its first version was pushed', '首次推送时间'),
  UpdateTime: time('When a version was last pushed', '最近推送时间'),
})

const chartOrders = ['-update_time', 'update_time', 'name', '-name', '-creation_time'] as const

export const describeHelmCharts = action('DescribeHelmCharts', {
  doc: { en: 'Lists the Helm charts of an instance.', zh: '查询实例中的 Helm Chart。' },
  kind: 'read',
  access: listed('repository/{RegistryId}/{NamespaceName}/*'),
  permission: reading,
  ratePerSecond: 100,
  paging: 'record',
  input: {
    RegistryId: registryId,
    NamespaceName: text('Only in this namespace', '只查询该命名空间', { maxChars: 256 }),
    Search: text('Part of the name or description', '名称或描述的一部分', { maxChars: 256 }),
    SortBy: withDefault(
      oneOf(chartOrders, 'Order; `-`: the last first', '排序方式，- 表示降序'),
      '-update_time',
    ),
    Limit: limit,
    Offset: offset,
  },
  output: { Charts: listOf(chart, 'The charts', 'Chart 列表'), TotalCount: totalCount },
})

const chartVersion = structure('HelmChartVersion', 'A version of a chart', 'Chart 版本', {
  Version: version,
  Tag: text('Its tag for OCI clients: `+` is `_`', 'OCI 版本标签，+ 写作 _'),
  AppVersion: appVersion,
  Description: description,
  Type: chartType,
  IsDeprecated: isDeprecated,
  ManifestDigest: digest,
  PackageDigest: text('Digest of the package', '包的摘要'),
  Size: packageSize,
  HasProvenance: flag('True: a provenance file lies beside it', 'true 为附有来源证明（.prov）'),
  IsImmutable: flag('True: an immutability rule keeps it as it is', 'true 为受版本不可变规则保护'),
  PushedBy: text('Who pushed it', '推送者'),
  PushTime: time('When it was pushed', '推送时间'),
  PullCount: pullCount,
  LastPullTime: lastPullTime,
})

const versionOrders = ['-version', 'version', '-push_time', 'push_time'] as const

export const describeHelmChartVersions = action('DescribeHelmChartVersions', {
  doc: { en: 'Lists the versions of a chart.', zh: '查询 Helm Chart 的版本。' },
  kind: 'read',
  access: oneChart,
  permission: reading,
  ratePerSecond: 100,
  paging: 'record',
  input: {
    ...ofChart,
    Search: text('Part of the version', '版本的一部分', { maxChars: 128 }),
    SortBy: withDefault(
      oneOf(versionOrders, 'Order; `-`: the highest, or latest, first', '排序方式，- 表示降序'),
      '-version',
    ),
    Limit: limit,
    Offset: offset,
  },
  output: { Versions: listOf(chartVersion, 'The versions', '版本列表'), TotalCount: totalCount },
})

const dependency = structure('HelmChartDependency', 'A chart that it needs', '依赖的 Chart', {
  Name: text('Name', '名称'),
  Version: text('Version or range; may be empty', '版本或范围，可为空'),
  Repository: text('Address of its repository; may be empty', '仓库地址，可为空'),
  Condition: nullable(text('Value that turns it on', '启用条件')),
  Alias: nullable(text('Its name in this chart', '别名')),
  Tags: list(text('A tag', '标签'), 'Values that turn it on in groups', '分组标签'),
  IsPacked: flag('True: it lies in the package', 'true 为已包含在包中'),
})

const maintainer = structure('HelmChartMaintainer', 'Who keeps it', '维护者', {
  Name: text('Name', '姓名'),
  Email: nullable(text('Mail address', '邮箱')),
  Url: nullable(text('Page', '主页')),
})

const signature = structure('HelmChartSignature', 'Who signed it', '签名', {
  State: oneOf(
    ['none', 'unknown-key', 'verified', 'invalid', 'expired-key', 'revoked-key'],
    'none: there is nothing to verify; unknown-key: the namespace has no key of the signer; verified: by a key of the namespace; invalid: the signature is wrong; expired-key, revoked-key: the key counts no more',
    'none 无可验证内容；unknown-key 命名空间中没有签名者的公钥；verified 已通过命名空间公钥验证；invalid 签名无效；expired-key 公钥已过期；revoked-key 公钥已吊销',
  ),
  KeyId: nullable(text('Id of the key that signed: 16 hex digits', '签名密钥 ID')),
  Fingerprint: nullable(text('Fingerprint of the namespace’s key', '命名空间公钥的指纹')),
  UserIds: list(text('A user id', '用户 ID'), 'Whose key it is', '公钥的用户 ID'),
  SignTime: nullable(time('When it was signed, as the signer says', '签名时间（由签名者声明）')),
})

const file = structure('HelmChartFile', 'A file of the package', '包内文件', {
  Path: text('Path below the chart’s folder', '相对于 Chart 目录的路径'),
  Size: integer('Bytes', '大小（字节）'),
})

export const describeHelmChart = action('DescribeHelmChart', {
  doc: {
    en: 'Tells what a version of a chart holds: Chart.yaml, values, README, files, dependencies, provenance.',
    zh: '查询 Chart 版本的内容：Chart.yaml、values、README、文件、依赖与来源证明。',
  },
  kind: 'read',
  access: oneChart,
  permission: reading,
  input: ofVersion,
  output: {
    Version: object(chartVersion),
    ApiVersion: oneOf(['v1', 'v2'], 'Version of Chart.yaml’s form', 'Chart.yaml 的 apiVersion'),
    Home: nullable(text('Page of the project', '项目主页')),
    Icon: nullable(text('Address of the icon', '图标地址')),
    KubeVersion: nullable(text('Which Kubernetes versions it fits', '适用的 Kubernetes 版本')),
    Keywords: list(text('A word', '关键词'), 'Keywords', '关键词'),
    Sources: list(text('An address', '地址'), 'Where its source lies', '源码地址'),
    Maintainers: listOf(maintainer, 'Who keeps it', '维护者'),
    Dependencies: listOf(dependency, 'Charts that it needs', '依赖'),
    ChartYaml: text('Chart.yaml as it was packed', 'Chart.yaml 原文'),
    Values: nullable(text('values.yaml as it was packed; null: there is none', 'values.yaml 原文')),
    ValuesSchema: nullable(
      text('values.schema.json as it was packed; null: there is none', 'values.schema.json 原文'),
    ),
    Readme: nullable(text('README, Markdown; null: there is none', 'README（Markdown）')),
    Files: listOf(file, 'Files of the package, by path', '包内文件，按路径排序'),
    Provenance: nullable(text('The provenance file as it was pushed', '来源证明原文')),
    ProvenanceState: oneOf(
      ['none', 'matches', 'mismatch', 'malformed'],
      'Whether it names the package’s digest',
      '来源证明中的摘要是否与包一致',
    ),
    Signature: object(signature),
  },
})

export const describeHelmChartFile = action('DescribeHelmChartFile', {
  doc: { en: 'Gives the text of a file of a chart.', zh: '查询 Chart 包内文件的内容。' },
  kind: 'read',
  access: oneChart,
  permission: reading,
  ratePerSecond: 100,
  input: {
    ...ofVersion,
    Path: required(
      text('Path below the chart’s folder', '相对于 Chart 目录的路径', {
        minChars: 1,
        maxChars: 1024,
      }),
    ),
  },
  output: {
    Path: text('The path', '路径'),
    Size: integer('Bytes of the whole file', '文件大小（字节）'),
    Content: nullable(text('Its text, at most 1 MiB; null: it is no text', '文本内容，非文本为空')),
    IsCut: flag('True: the rest was left out', 'true 为内容被截断'),
  },
})

const uploadItem = structure('HelmChartToUpload', 'A chart to upload', '待上传的 Chart', {
  ChartName: chartName,
  Version: required(version),
  PackageDigest: text('Digest of the package, where it is known', '包的摘要', { maxChars: 160 }),
})

const uploadFate = structure('HelmChartUpload', 'What an upload would do', '上传的结果', {
  ChartName: text('Name of the chart', 'Chart 名称'),
  Version: text('Its version', '版本'),
  Fate: oneOf(
    ['new', 'same', 'replaces', 'refused'],
    'It is new; it is there already; it replaces another package; it is refused',
    '结果：新增、已存在且相同、将替换、将被拒绝',
  ),
  Reason: nullable(text('Why it would be refused', '被拒绝的原因')),
  PushTime: nullable(time('When what is there was pushed', '现有版本的推送时间')),
  PushedBy: nullable(text('Who pushed what is there', '现有版本的推送者')),
})

export const describeHelmChartUpload = action('DescribeHelmChartUpload', {
  doc: {
    en: 'Tells what uploading charts would replace. Changes nothing.',
    zh: '查询上传 Chart 将产生的结果，不做任何修改。',
  },
  kind: 'read',
  // Asked again for each chart.
  access: listed('repository/{RegistryId}/{NamespaceName}/*'),
  permission: reading,
  input: {
    ...inNamespace,
    Charts: required(
      listOf(uploadItem, 'The charts', 'Chart 列表', { minItems: 1, maxItems: maxVersions }),
    ),
  },
  output: { Uploads: listOf(uploadFate, 'One for each, in their order', '与请求顺序一致') },
})

export const createHelmChart = action('CreateHelmChart', {
  doc: {
    en: 'Uploads a chart. A signed request has at most 1 MiB: larger charts go through /api/chartrepo or OCI.',
    zh: '上传 Helm Chart。签名请求最大 1 MiB，更大的包请使用 /api/chartrepo 或 OCI 方式上传。',
  },
  kind: 'write',
  // Asked again for the chart, whose name stands in the package.
  access: listed('repository/{RegistryId}/{NamespaceName}/*'),
  permission: 'tcr:CreateHelmChart',
  input: {
    ...inNamespace,
    Content: required(
      list(
        text('Base64 of some of its bytes', '部分字节的 base64 编码', {
          minChars: 1,
          maxChars: maxPartChars,
        }),
        'The package (.tgz), in one part or in several',
        'Chart 包（.tgz），可分为多段',
        { minItems: 1, maxItems: maxParts },
      ),
    ),
    Provenance: text('The provenance file (.tgz.prov)', '来源证明文件（.tgz.prov）的内容', {
      maxChars: maxProvenanceBytes,
    }),
    Replace: withDefault(
      flag('True: another package of the same version is replaced', 'true 为替换同版本的其他包'),
      false,
    ),
  },
  output: {
    ChartName: text('Name of the chart', 'Chart 名称'),
    Version: text('Its version', '版本'),
    PackageDigest: text('Digest of the package', '包的摘要'),
    IsReplaced: flag('True: another package was replaced', 'true 为替换了其他包'),
  },
})

export const deleteHelmChartVersions = action('DeleteHelmChartVersions', {
  doc: { en: 'Deletes versions of a chart.', zh: '删除 Helm Chart 的版本。' },
  kind: 'write',
  access: oneChart,
  permission: 'tcr:DeleteImage',
  input: {
    ...ofChart,
    Versions: required(
      list(version, 'The versions', '版本列表', { minItems: 1, maxItems: maxVersions }),
    ),
  },
  output: {},
})

export const deleteHelmChart = action('DeleteHelmChart', {
  doc: {
    en: 'Deletes all versions of a chart, and its repository where nothing else lies in it.',
    zh: '删除 Helm Chart 的全部版本；若仓库中没有其他制品，一并删除仓库。',
  },
  kind: 'write',
  access: oneChart,
  permission: 'tcr:DeleteRepository',
  input: ofChart,
  output: { VersionCount: integer('Versions that were deleted', '删除的版本数') },
})

export const helmChartActions: readonly Action[] = [
  describeHelmCharts,
  describeHelmChartVersions,
  describeHelmChart,
  describeHelmChartFile,
  describeHelmChartUpload,
  createHelmChart,
  deleteHelmChartVersions,
  deleteHelmChart,
]
