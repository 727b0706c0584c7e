// The drawing of a plot. Only plots load it, because the library is larger than the rest of a page.

import {
  Area,
  AreaChart,
  CartesianGrid,
  ResponsiveContainer,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from 'recharts'
import { useWords } from '../words/use-words.ts'
import type { Locale } from './format.ts'
import { byteTicks, formatDay, type PlotPoint, type PlotProps, plotStrokes } from './plot-series.ts'

const heightPx = 220
const axisPx = 80
const tick = { fill: 'var(--text-quiet)', fontSize: 12 }
const colours = [0, 1, 2, 3, 4, 5].map((index) => `var(--plot-${index})`)

export default function PlotDrawing({
  label,
  series,
  points,
  form = 'lines',
  isBytes = false,
  format,
}: PlotProps) {
  const { locale } = useWords()
  const areas = form === 'areas'
  const ticks = isBytes ? byteTicks(largestOf(points, areas)) : undefined
  return (
    <ResponsiveContainer width="100%" height={heightPx}>
      <AreaChart
        data={[...points]}
        margin={{ top: 8, right: 12, bottom: 0, left: 0 }}
        title={label}
        accessibilityLayer
      >
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          dataKey="at"
          tickFormatter={(at: string) => shortDay(at, locale)}
          tick={tick}
          stroke="var(--line)"
          minTickGap={32}
        />
        <YAxis
          tickFormatter={format}
          tick={tick}
          stroke="var(--line)"
          width={axisPx}
          {...(ticks && { ticks: [...ticks], domain: [0, ticks.at(-1) ?? 0] })}
        />
        <Tooltip
          content={(tip) => <Tip tip={tip} format={format} locale={locale} />}
          cursor={{ stroke: 'var(--text-quiet)' }}
          isAnimationActive={false}
        />
        {series.map(({ id, label: name }, index) => (
          <Area
            key={id}
            name={name}
            dataKey={(point: PlotPoint) => point.values[id] ?? 0}
            type="linear"
            {...(areas && { stackId: 'whole' })}
            stroke={colours[index % colours.length] ?? ''}
            strokeWidth={2}
            strokeDasharray={plotStrokes[index % plotStrokes.length] ?? ''}
            fill={colours[index % colours.length] ?? ''}
            fillOpacity={areas || series.length === 1 ? 0.18 : 0}
            isAnimationActive={false}
          />
        ))}
      </AreaChart>
    </ResponsiveContainer>
  )
}

function Tip({
  tip: { active, label, payload },
  format,
  locale,
}: {
  readonly tip: TooltipContentProps
  format(value: number): string
  readonly locale: Locale
}) {
  if (!active || label === undefined) return null
  return (
    <div className="plot-tip">
      <strong>{formatDay(String(label), locale)}</strong>
      <dl>
        {payload.map(({ name, value }) => (
          <div key={String(name)}>
            <dt>{String(name)}</dt>
            <dd>{format(Number(value))}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** The highest that is drawn: areas stand on each other. */
function largestOf(points: readonly PlotPoint[], areas: boolean): number {
  return Math.max(
    0,
    ...points.map(({ values }) => {
      const all = Object.values(values)
      return areas ? all.reduce((sum, value) => sum + value, 0) : Math.max(0, ...all)
    }),
  )
}

function shortDay(day: string, locale: Locale): string {
  const format = { month: 'short', day: 'numeric', timeZone: 'UTC' } as const
  return new Intl.DateTimeFormat(locale, format).format(new Date(day))
}
