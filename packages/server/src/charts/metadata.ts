// What Chart.yaml may say (https://helm.sh/docs/topics/charts/, "The Chart.yaml File"; helm's `Metadata.Validate`), and
// what it is as JSON: the config of the chart's manifest, as `helm push` makes it. Numbers where text belongs
// (`appVersion: 1.2`) become text, as helm has it.

import { z } from 'zod'
import { refuseChart } from './problem.ts'
import { type ChartVersion, parseChartVersion } from './versions.ts'
import { parseYaml } from './yaml.ts'

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const optionalText = scalar.nullish().transform((value) => value ?? undefined)
const texts = z
  .array(scalar)
  .nullish()
  .transform((value) => value ?? [])
/** YAML 1.1, which helm reads, has more words for it. */
const truth = z
  .union([z.boolean(), z.enum(['yes', 'no', 'on', 'off', 'true', 'false'])])
  .nullish()
  .transform((value) => value === true || value === 'yes' || value === 'on' || value === 'true')

const dependencyShape = z.object({
  name: scalar,
  version: optionalText,
  repository: optionalText,
  condition: optionalText,
  tags: texts,
  alias: optionalText,
})

const maintainerShape = z.object({ name: scalar, email: optionalText, url: optionalText })

const metadataShape = z.object({
  apiVersion: optionalText,
  name: optionalText,
  version: optionalText,
  kubeVersion: optionalText,
  description: optionalText,
  type: optionalText,
  keywords: texts,
  home: optionalText,
  sources: texts,
  dependencies: z
    .array(dependencyShape)
    .nullish()
    .transform((value) => value ?? []),
  maintainers: z
    .array(maintainerShape)
    .nullish()
    .transform((value) => value ?? []),
  icon: optionalText,
  appVersion: optionalText,
  deprecated: truth,
  annotations: z
    .record(z.string(), scalar)
    .nullish()
    .transform((value) => value ?? {}),
  condition: optionalText,
  tags: optionalText,
})

const requirementsShape = z.object({ dependencies: metadataShape.shape.dependencies })

type Shape = z.infer<typeof metadataShape>
export type ChartDependency = z.infer<typeof dependencyShape>

export interface ChartMetadata extends Omit<Shape, 'apiVersion' | 'name' | 'version' | 'type'> {
  readonly apiVersion: 'v1' | 'v2'
  readonly name: string
  readonly version: string
  readonly type: 'application' | 'library'
}

export interface ReadMetadata {
  readonly metadata: ChartMetadata
  readonly version: ChartVersion
}

const maxNameChars = 200
const namePattern = /^[A-Za-z0-9._-]+$/
const aliasPattern = /^[A-Za-z0-9_-]+$/

/** Throws CHART_INVALID. `requirements`: requirements.yaml, where charts of v1 have their dependencies. */
export function readMetadata(chartYaml: string, requirements: string | undefined): ReadMetadata {
  const shape = check('Chart.yaml', metadataShape, parseYaml('Chart.yaml', chartYaml))
  if (requirements === undefined || shape.dependencies.length > 0) return judge(shape)
  const parsed = parseYaml('requirements.yaml', requirements)
  const { dependencies } = check('requirements.yaml', requirementsShape, parsed ?? {})
  return judge({ ...shape, dependencies })
}

/** Of a manifest's config: what helm pushed, so that it was read by helm. */
export function readConfigMetadata(json: string): ReadMetadata {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    refuseChart('config', 'is not JSON', '不是 JSON')
  }
  return judge(check('config', metadataShape, value))
}

function check<T>(file: string, shape: z.ZodType<T>, value: unknown): T {
  const read = shape.safeParse(value)
  if (read.success) return read.data
  const issue = read.error.issues[0]
  const field = issue?.path.join('.') || file
  return refuseChart(
    field,
    `has the wrong type in ${file} (${issue?.message ?? 'unknown'})`,
    `在 ${file} 中的类型不正确`,
  )
}

function judge(shape: Shape): ReadMetadata {
  const { apiVersion, name, version: versionText, type = 'application' } = shape
  if (apiVersion !== 'v1' && apiVersion !== 'v2') {
    refuseChart('apiVersion', 'must be v1 or v2', '必须是 v1 或 v2')
  }
  if (name === undefined || name.length > maxNameChars || !namePattern.test(name)) {
    refuseChart(
      'name',
      `must be given: at most ${maxNameChars} letters, digits, . _ and -`,
      `必填，最多 ${maxNameChars} 个字母、数字、. _ -`,
    )
  }
  const version = parseChartVersion(versionText ?? '')
  if (!version) {
    refuseChart(
      'version',
      'must be SemVer: three numbers divided by dots, then if wanted -pre.release and +build, at most 128 characters (1.2.3-rc.1+build.5)',
      '必须是 SemVer 版本：三段数字，可带 -预发布 和 +构建 信息，最长 128 个字符（如 1.2.3-rc.1+build.5）',
    )
  }
  // Helm takes an empty type, too.
  if (type !== 'application' && type !== 'library' && type !== '') {
    refuseChart('type', 'must be application or library', '必须是 application 或 library')
  }
  judgeDependencies(shape.dependencies)
  const kind = type === 'library' ? 'library' : 'application'
  return {
    version,
    metadata: { ...shape, apiVersion, name, version: version.text, type: kind },
  }
}

function judgeDependencies(dependencies: readonly ChartDependency[]): void {
  const seen = new Set<string>()
  for (const { name, alias } of dependencies) {
    if (!namePattern.test(name)) {
      refuseChart('dependencies', 'each needs a name: letters, digits, . _ -', '每一项都要有名称')
    }
    if (alias !== undefined && !aliasPattern.test(alias)) {
      refuseChart(
        'dependencies',
        `the alias of ${name} has letters, digits, _ and -`,
        `${name} 的别名只能使用字母、数字、_ 和 -`,
      )
    }
    const called = alias ?? name
    if (seen.has(called)) {
      refuseChart(
        'dependencies',
        `two are called ${called}: give one of them an alias`,
        `有两项都叫 ${called}，请为其中一项设置 alias`,
      )
    }
    seen.add(called)
  }
}

/** As JSON, empty fields left out: the same metadata gives the same bytes. */
export function metadataJson(metadata: ChartMetadata): string {
  return JSON.stringify(metadata, (_key, value: unknown) => (isEmpty(value) ? undefined : value))
}

function isEmpty(value: unknown): boolean {
  if (value === '' || value === null || value === false) return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
