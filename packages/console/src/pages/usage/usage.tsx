// What was used: bytes stored, traffic and requests by day, in all, by instance or by namespace; and what takes the
// space now.

import { Link } from '@tanstack/react-router'
import type { Reply } from '../../api/call.ts'
import { useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { type ListState, useListState } from '../../patterns/list-state.ts'
import { Banner, Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type WordKey } from '../../words/use-words.ts'
import { Space } from './space.tsx'
import { UsagePlots } from './usage-plots.tsx'
import { daysUntil, type Parts } from './usage-sums.ts'
import { UsageTable } from './usage-table.tsx'
import { useUsage } from './use-usage.ts'
import './usage.css'

const spans: readonly (readonly [days: number, word: WordKey])[] = [
  [7, 'usage.week'],
  [30, 'usage.month'],
  [90, 'usage.quarter'],
  [365, 'usage.year'],
]
const usualDays = 30
/** From here on a point is a month. */
const monthlyFromDays = 365
const shownInstances = 100

export function UsagePage() {
  const { t } = useWords()
  useTitle(t('usage.title'))
  const state = useListState()
  const { data: found } = useRead('DescribeInstances', { AllRegion: true, Limit: shownInstances })
  const instances = found?.Registries ?? []
  const count = spans.find(([days]) => String(days) === state.filter('days'))?.[0] ?? usualDays
  const instance = state.filter('instance')
  const parts = partsOf(state.filter('by'), instance)
  const days = daysUntil(new Date().toISOString().slice(0, 10), count)
  const isMonthly = count >= monthlyFromDays
  const input = {
    StartDate: days[0] ?? '',
    EndDate: days.at(-1) ?? '',
    Level: parts === 'namespace' ? 'Namespace' : 'Instance',
    ...(instance !== '' && { RegistryIds: [instance] }),
  } as const
  const usage = useUsage({ ...input, Grain: isMonthly ? 'Month' : 'Day' })
  const names = new Map(instances.map(({ RegistryId, RegistryName }) => [RegistryId, RegistryName]))
  return (
    <>
      <header className="page-head">
        <h1 tabIndex={-1}>{t('usage.title')}</h1>
        <p className="page-about">
          {t('usage.about')} <Link to={paths.help('audit')}>{t('patterns.readMore')}</Link>
        </p>
      </header>
      <Choices state={state} count={count} parts={parts} instances={instances} />
      {usage.isCut && <Banner tone="warn">{t('usage.cut')}</Banner>}
      {usage.error ? (
        <Failed error={usage.error} />
      ) : usage.isLoading ? (
        <Skeleton lines={12} />
      ) : (
        <>
          <UsagePlots
            usages={usage.usages}
            days={days}
            isMonthly={isMonthly}
            parts={parts}
            names={names}
          />
          <UsageTable input={input} names={names} />
        </>
      )}
      <Space instance={instance || (instances[0]?.RegistryId ?? '')} names={names} />
    </>
  )
}

/** Namespaces are those of one instance. */
function partsOf(by: string, instance: string): Parts {
  if (by === 'namespace') return instance === '' ? 'whole' : 'namespace'
  return by === 'instance' ? 'instance' : 'whole'
}

interface ChoicesProps {
  readonly state: ListState
  readonly count: number
  readonly parts: Parts
  readonly instances: NonNullable<Reply<'DescribeInstances'>['Registries']>
}

function Choices({ state, count, parts, instances }: ChoicesProps) {
  const { t } = useWords()
  const instance = state.filter('instance')
  return (
    <div className="row usage-choices">
      <fieldset className="segments">
        <legend className="spoken">{t('usage.time')}</legend>
        {spans.map(([days, word]) => (
          <label key={days} className="segment">
            <input
              type="radio"
              name="usage-days"
              checked={days === count}
              onChange={() => state.setFilter('days', days === usualDays ? '' : String(days))}
            />
            <span>{t(word)}</span>
          </label>
        ))}
      </fieldset>
      <select
        aria-label={t('usage.instance')}
        value={instance}
        onChange={(event) => state.setFilter('instance', event.target.value)}
      >
        <option value="">{t('usage.allInstances')}</option>
        {instances.map(({ RegistryId, RegistryName }) => (
          <option key={RegistryId} value={RegistryId}>
            {RegistryName}
          </option>
        ))}
      </select>
      <select
        aria-label={t('usage.by')}
        value={parts}
        onChange={(event) =>
          state.setFilter('by', event.target.value === 'whole' ? '' : event.target.value)
        }
      >
        <option value="whole">{t('usage.inAll')}</option>
        <option value="instance">{t('usage.byInstance')}</option>
        <option value="namespace" disabled={instance === ''}>
          {t(instance === '' ? 'usage.byNamespaceOfOne' : 'usage.byNamespace')}
        </option>
      </select>
    </div>
  )
}
