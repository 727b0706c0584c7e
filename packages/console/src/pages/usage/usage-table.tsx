// The sums of the time, a line for each instance or namespace.

import type { Request } from '../../api/call.ts'
import { Panel } from '../../patterns/detail.tsx'
import { Bytes, Count } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'
import type { Metric } from './usage-sums.ts'
import { useUsage } from './use-usage.ts'

interface UsageTableProps {
  readonly input: Request<'DescribeUsage'>
  readonly names: ReadonlyMap<string, string>
}

interface Line {
  readonly key: string
  readonly name: string
  readonly values: ReadonlyMap<Metric, number>
}

export function UsageTable({ input, names }: UsageTableProps) {
  const { t, locale } = useWords()
  const { usages, isLoading, error } = useUsage({ ...input, Grain: 'All' })
  if (isLoading || error || usages.length === 0) return null
  const lines = new Map<string, Map<Metric, number>>()
  for (const { RegistryId, NamespaceName, Metric: metric, Value } of usages) {
    const key = input.Level === 'Namespace' ? (NamespaceName ?? '') : RegistryId
    const values = lines.get(key) ?? new Map<Metric, number>()
    lines.set(key, values.set(metric, Value))
  }
  const shown: readonly Line[] = [...lines].map(([key, values]) => ({
    key,
    name: key === '' ? t('usage.noNamespace') : (names.get(key) ?? key),
    values,
  }))
  const hours = (values: Line['values']): number =>
    (values.get('BasicHours') ?? 0) +
    (values.get('StandardHours') ?? 0) +
    (values.get('PremiumHours') ?? 0)
  const byInstance = input.Level !== 'Namespace'
  const number = new Intl.NumberFormat(locale)
  return (
    <Panel title={t('usage.sums')}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className="usage-wide" tabIndex={0} aria-label={t('usage.sums')}>
        <table className="plain-table">
          <caption className="spoken">{t('usage.sums')}</caption>
          <thead>
            <tr>
              <th scope="col">{t(byInstance ? 'usage.instance' : 'usage.namespace')}</th>
              {byInstance && <NumberHead>{t('usage.hours')}</NumberHead>}
              <NumberHead>{t('usage.storedMean')}</NumberHead>
              <NumberHead>{t('usage.publicOut')}</NumberHead>
              <NumberHead>{t('usage.privateOut')}</NumberHead>
              <NumberHead>{t('usage.publicIn')}</NumberHead>
              <NumberHead>{t('usage.privateIn')}</NumberHead>
              <NumberHead>{t('usage.requests')}</NumberHead>
              <NumberHead>{t('usage.pulls')}</NumberHead>
              <NumberHead>{t('usage.pushes')}</NumberHead>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ key, name, values }) => (
              <tr key={key}>
                <th scope="row">
                  <bdi>{name}</bdi>
                </th>
                {byInstance && <td className="cell-number">{number.format(hours(values))}</td>}
                {byteMetrics.map((metric) => (
                  <td key={metric} className="cell-number">
                    {metric === 'StoredBytes' && key === '' ? (
                      '–'
                    ) : (
                      <Bytes value={values.get(metric)} />
                    )}
                  </td>
                ))}
                {countMetrics.map((metric) => (
                  <td key={metric} className="cell-number">
                    <Count value={values.get(metric)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  )
}

const byteMetrics = [
  'StoredBytes',
  'PublicBytesOut',
  'PrivateBytesOut',
  'PublicBytesIn',
  'PrivateBytesIn',
] as const
const countMetrics = ['Requests', 'Pulls', 'Pushes'] as const

function NumberHead({ children }: { readonly children: string }) {
  return (
    <th scope="col" className="cell-number">
      {children}
    </th>
  )
}
