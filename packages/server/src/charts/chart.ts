// A chart out of its package: what it says of itself, and the files that pages show. This file and those that it reads
// with (`package.ts`, `metadata.ts`, `provenance.ts`) touch neither database nor storage.

import { type Digest, digestOf } from '@entrepot/oci/digest.ts'
import { type ChartMetadata, readMetadata } from './metadata.ts'
import { type PackageFile, readPackage } from './package.ts'
import { refuseChart } from './problem.ts'
import type { ChartVersion } from './versions.ts'
import { decodeText, parseYaml } from './yaml.ts'

export interface Chart {
  readonly metadata: ChartMetadata
  readonly version: ChartVersion
  /** `<name>-<version>.tgz`. */
  readonly fileName: string
  readonly digest: Digest
  readonly chartYaml: string
  readonly values: string | undefined
  readonly valuesSchema: string | undefined
  readonly readme: string | undefined
  readonly files: readonly PackageFile[]
}

const maxYamlBytes = 256 * 1024
/** What is larger is kept and served, but not judged: to read it would take too long. */
const maxJudgedValuesBytes = 256 * 1024

const chartFile = 'Chart.yaml'
const requirementsFile = 'requirements.yaml'
const valuesFile = 'values.yaml'
const schemaFile = 'values.schema.json'
const readmePattern = /^readme(?:\.md|\.markdown|\.txt)?$/i

const read: ReadonlySet<string> = new Set([chartFile, requirementsFile, valuesFile, schemaFile])

/** Throws CHART_INVALID. */
export async function readChart(bytes: Uint8Array): Promise<Chart> {
  const wants = (path: string) => read.has(path) || readmePattern.test(path)
  const { files, contents } = await readPackage(bytes, wants)
  const text = (path: string | undefined) => {
    const content = path === undefined ? undefined : contents.get(path)
    return content && path !== undefined ? decodeText(path, content) : undefined
  }
  const chartYaml = text(chartFile)
  if (chartYaml === undefined) {
    refuseChart(
      chartFile,
      'is missing in the top folder: this is no Helm chart',
      '顶层文件夹中没有该文件：这不是 Helm Chart',
    )
  }
  for (const path of [chartFile, requirementsFile]) refuseLong(path, contents.get(path))
  const { metadata, version } = readMetadata(chartYaml, text(requirementsFile))
  const values = text(valuesFile)
  const valuesSchema = text(schemaFile)
  judgeValues(values)
  judgeSchema(valuesSchema)
  const readme = files.find(({ path }) => readmePattern.test(path))
  const fileName = `${metadata.name}-${version.text}.tgz`
  return {
    metadata,
    version,
    fileName,
    digest: digestOf('sha256', bytes),
    chartYaml,
    values,
    valuesSchema,
    readme: readme && decodeLossy(contents.get(readme.path)),
    files,
  }
}

/** One file of a package that was judged when it came; undefined: there is none of that path. */
export async function readChartFile(bytes: Uint8Array, path: string): Promise<Buffer | undefined> {
  const { contents } = await readPackage(bytes, (one) => one === path)
  return contents.get(path)
}

function refuseLong(path: string, content: Uint8Array | undefined): void {
  if (content === undefined || content.byteLength <= maxYamlBytes) return
  refuseChart(path, `has more than ${maxYamlBytes} bytes`, `超过 ${maxYamlBytes} 字节`)
}

function judgeValues(values: string | undefined): void {
  if (values === undefined || values.length > maxJudgedValuesBytes) return
  const parsed = parseYaml(valuesFile, values)
  // A file of comments alone is null.
  const isMap = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
  if (isMap || parsed === null || parsed === undefined) return
  refuseChart(valuesFile, 'must be a map of names to values', '必须是键值映射')
}

function judgeSchema(schema: string | undefined): void {
  if (schema === undefined) return
  try {
    const parsed: unknown = JSON.parse(schema)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return
  } catch {
    // Refused below, in our words.
  }
  refuseChart(schemaFile, 'must be a JSON object: a JSON Schema', '必须是 JSON 对象（JSON Schema）')
}

/** A README is shown whatever its encoding. */
function decodeLossy(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder('utf-8').decode(bytes)
}
