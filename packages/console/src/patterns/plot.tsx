// A plot over days, with its figures as a table: what is drawn can also be read. The drawing loads after the page.

import { lazy, Suspense } from 'react'
import { withWords } from '../words/load-words.ts'
import { useWords } from '../words/use-words.ts'
import './plot.css'
import { formatDay, type PlotProps, plotStrokes } from './plot-series.ts'
import { Skeleton } from './states.tsx'

export type { PlotPoint, Series } from './plot-series.ts'

const Drawing = lazy(withWords([], () => import('./plot-drawing.tsx')))

export function Plot(props: PlotProps) {
  const { t } = useWords()
  const { label, series } = props
  return (
    <figure className="plot" aria-label={label}>
      {series.length > 1 && <Legend series={series} />}
      <Suspense fallback={<Skeleton />}>
        <Drawing {...props} />
      </Suspense>
      <details>
        <summary>{t('patterns.asTable')}</summary>
        <PlotTable {...props} />
      </details>
    </figure>
  )
}

function Legend({ series }: Pick<PlotProps, 'series'>) {
  return (
    <ul className="plot-legend">
      {series.map(({ id, label }, index) => (
        <li key={id}>
          <svg width="24" height="8" aria-hidden="true" className={`plot-line-${index}`}>
            <line x1="0" y1="4" x2="24" y2="4" strokeDasharray={plotStrokes[index]} />
          </svg>
          <bdi>{label}</bdi>
        </li>
      ))}
    </ul>
  )
}

function PlotTable({ label, series, points, format }: PlotProps) {
  const { t, locale } = useWords()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    <section className="plot-table" tabIndex={0} aria-label={label}>
      <table className="plain-table">
        <caption className="spoken">{label}</caption>
        <thead>
          <tr>
            <th scope="col">{t('patterns.day')}</th>
            {series.map(({ id, label: head }) => (
              <th key={id} scope="col" className="cell-number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map(({ at, values }) => (
            <tr key={at}>
              <th scope="row">{formatDay(at, locale)}</th>
              {series.map(({ id }) => (
                <td key={id} className="cell-number">
                  {format(values[id] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
