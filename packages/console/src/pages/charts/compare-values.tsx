// The values of two versions of a chart against each other: what one who upgrades has to look at.

import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useRead, useReads } from '../../api/use-api.ts'
import { type ChartAt, paths } from '../../paths.ts'
import { Breadcrumb, Panel } from '../../patterns/detail.tsx'
import { DiffLines } from '../../patterns/diff-lines.tsx'
import { type DiffLine, diffLines } from '../../patterns/line-diff.ts'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { chartPath, inChart, useChartCrumbs } from './chart-input.ts'
import { chartFile, valuesFile } from './file-tree.ts'
import type { ChartContent } from './version.tsx'

/** More are chosen on the chart's own page. */
const offeredVersions = 100

export function CompareChartsPage({ at }: { readonly at: ChartAt }) {
  const { t } = useWords()
  useTitle(`${t('charts.compareValues')} · ${chartPath(at)}`)
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const textOf = (name: string) => (typeof search[name] === 'string' ? String(search[name]) : '')
  const [a, b] = [textOf('a'), textOf('b')]
  const { data } = useRead('DescribeHelmChartVersions', { ...inChart(at), Limit: offeredVersions })
  const known = (data?.Versions ?? []).map(({ Version }) => Version)
  const offered = [...new Set([...known, ...[a, b].filter((one) => one !== '')])]
  const go = (from: string, to: string) =>
    void navigate({ to: '.', search: () => ({ a: from, b: to }), replace: true })
  const crumbs = [
    ...useChartCrumbs(at),
    { label: at.chart, to: paths.chart(at) },
    { label: t('charts.compareValues') },
  ]
  return (
    <>
      <Breadcrumb crumbs={crumbs} />
      <header className="page-head">
        <h1 tabIndex={-1}>{t('charts.compareValues')}</h1>
        <p className="page-about">{t('charts.compareAbout')}</p>
      </header>
      <div className="chart-compare">
        <Picker label={t('charts.from')} value={a} offered={offered} onPick={(one) => go(one, b)} />
        <Picker label={t('charts.to')} value={b} offered={offered} onPick={(one) => go(a, one)} />
      </div>
      {a !== '' && b !== '' && <Difference at={at} a={a} b={b} />}
    </>
  )
}

interface PickerProps {
  readonly label: string
  readonly value: string
  readonly offered: readonly string[]
  onPick(version: string): void
}

function Picker({ label, value, offered, onPick }: PickerProps) {
  return (
    <label className="row">
      <span>{label}</span>
      <select value={value} onChange={(event) => onPick(event.target.value)}>
        {value === '' && <option value="">–</option>}
        {offered.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  )
}

/** Around each line that differs. */
const contextLines = 4

interface DifferenceProps {
  readonly at: ChartAt
  readonly a: string
  readonly b: string
}

function Difference({ at, a, b }: DifferenceProps) {
  const { t } = useWords()
  const [isWhole, setWhole] = useState(false)
  const reads = useReads(
    'DescribeHelmChart',
    [a, b].map((Version) => ({ ...inChart(at), Version })),
  )
  const error = reads.find((read) => read.error)?.error
  if (error) return <Failed error={error} />
  const [before, after] = reads.map(({ data }) => data)
  if (!before || !after) return <Skeleton lines={8} />
  const parts: readonly (readonly [string, readonly DiffLine[]])[] = [
    [valuesFile, linesOf(before, after, 'Values')],
    [chartFile, linesOf(before, after, 'ChartYaml')],
  ]
  return (
    <>
      <label className="choice chart-whole">
        <input
          type="checkbox"
          checked={isWhole}
          onChange={(event) => setWhole(event.target.checked)}
        />
        <span>{t('charts.wholeText')}</span>
      </label>
      {parts.map(([name, lines]) => (
        <Panel key={name} title={name} actions={<Figures lines={lines} />}>
          {lines.every(({ kind }) => kind === 'same') ? (
            <p>{t('charts.noDifference')}</p>
          ) : (
            <DiffLines label={name} lines={lines} context={isWhole ? undefined : contextLines} />
          )}
        </Panel>
      ))}
    </>
  )
}

function linesOf(before: ChartContent, after: ChartContent, field: 'Values' | 'ChartYaml') {
  return diffLines(before[field] ?? '', after[field] ?? '')
}

function Figures({ lines }: { readonly lines: readonly DiffLine[] }) {
  const { t } = useWords()
  const count = (kind: DiffLine['kind']) => lines.filter((line) => line.kind === kind).length
  return (
    <span className="quiet">
      {t('charts.changed', { added: count('added'), removed: count('removed') })}
    </span>
  )
}
