// Prometheus' text format, version 0.0.4.

import type { FamilySnapshot, ProcessSnapshot } from './snapshot.ts'

export const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8'

export function metricsText(snapshot: ProcessSnapshot): string {
  return snapshot
    .filter((family) => family.series.length > 0)
    .map((family) => {
      const head = `# HELP ${family.name} ${escapeHelp(family.help)}\n# TYPE ${family.name} ${family.kind}\n`
      return head + familyLines(family).join('')
    })
    .join('')
}

function familyLines(family: FamilySnapshot): string[] {
  const { name, labels } = family
  if (family.kind !== 'histogram') {
    return family.series.map((series) => line(name, labels, series.labels, series.value))
  }
  return family.series.flatMap((series) => {
    const withEnd = [...labels, 'le']
    let below = 0
    const buckets = series.counts.map((count, bucket) => {
      below += count
      const end = family.bounds[bucket] ?? '+Inf'
      return line(`${name}_bucket`, withEnd, [...series.labels, String(end)], below)
    })
    return [
      ...buckets,
      line(`${name}_sum`, labels, series.labels, series.sum),
      line(`${name}_count`, labels, series.labels, below),
    ]
  })
}

function line(
  name: string,
  labels: readonly string[],
  values: readonly string[],
  value: number,
): string {
  const pairs = labels.map((label, index) => `${label}="${escapeLabel(values[index] ?? '')}"`)
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`
}

function escapeLabel(text: string): string {
  return text.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))
}

function escapeHelp(text: string): string {
  return text.replace(/[\\\n]/g, (char) => (char === '\n' ? '\\n' : '\\\\'))
}
