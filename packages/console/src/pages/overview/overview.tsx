// The first page: what needs attention, what there is, how it grows, what was pushed just now. Who has nothing yet sees
// how to begin; who may see nothing, whom to ask.

import { useRead } from '../../api/use-api.ts'
import { InstanceStatus } from '../../frame/instance-words.tsx'
import { paths } from '../../paths.ts'
import { LinkButton } from '../../patterns/button.tsx'
import { useRights } from '../../patterns/rights.ts'
import { Bytes, Count } from '../../patterns/shown.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { Attention, type Overview } from './attention.tsx'
import { FirstImage } from './first-image.tsx'
import { LatestPushes } from './latest-pushes.tsx'
import { NearlyUsed } from './nearly-used.tsx'
import { NothingYet } from './nothing-yet.tsx'

import { UsagePlots } from './usage-plots.tsx'
import './overview.css'

const liveMs = 15_000
const maxInstances = 200

export function OverviewPage() {
  const { t } = useWords()
  useTitle(t('overview.title'))
  const { data, error, refetch } = useRead('DescribeOverview', {}, { everyMs: liveMs })
  return (
    <>
      <header className="page-head">
        <h1 tabIndex={-1}>{t('overview.title')}</h1>
      </header>
      {data ? (
        <Content overview={data} />
      ) : error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : (
        <Skeleton lines={8} />
      )}
    </>
  )
}

function Content({ overview }: { readonly overview: Overview }) {
  const { may } = useRights([['tcr:DescribeUsage']])
  const hasInstance = overview.InstanceCount > 0
  const { data: instances } = useRead(
    'DescribeInstances',
    { AllRegion: true, Limit: maxInstances },
    { isEnabled: hasInstance },
  )
  if (!hasInstance) return <NothingYet />
  const known = instances?.Registries ?? []
  const nameOf = (id: string | null) =>
    known.find(({ RegistryId }) => RegistryId === id)?.RegistryName ?? id ?? ''
  return (
    <>
      <FirstImage tagCount={overview.TagCount} />
      <Attention overview={overview} nameOf={nameOf} />
      <Figures overview={overview} />
      {may('tcr:DescribeUsage') && <UsagePlots instances={known} isAll />}
      <div className="columns">
        <LatestPushes nameOf={nameOf} isOne={known.length === 1} />
        <NearlyUsed overview={overview} />
      </div>
    </>
  )
}

function Figures({ overview }: { readonly overview: Overview }) {
  const { t } = useWords()
  const figures = [
    [t('frame.repositories'), <Count key="r" value={overview.RepositoryCount} />],
    [t('frame.namespaces'), <Count key="n" value={overview.NamespaceCount} />],
    [t('overview.tags'), <Count key="t" value={overview.TagCount} />],
    [t('overview.stored'), <Bytes key="b" value={overview.StoredBytes} />],
  ] as const
  return (
    <section className="panel overview-figures" aria-label={t('overview.figures')}>
      <div className="overview-instances">
        <dl>
          <dt>{t('overview.instances')}</dt>
          <dd>
            <Count value={overview.InstanceCount} />
          </dd>
        </dl>
        <ul className="overview-states">
          {overview.InstanceStates.map(({ Status, Count: n }) => (
            <li key={Status}>
              <InstanceStatus status={Status} /> {n}
            </li>
          ))}
        </ul>
        <LinkButton theme="text" to={paths.instances()}>
          {t('overview.toInstances')}
        </LinkButton>
      </div>
      <dl className="overview-counts">
        {figures.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {overview.RunningJobCount > 0 && (
          <div>
            <dt>{t('overview.runningJobs')}</dt>
            <dd>
              <LinkButton theme="text" to={paths.jobs()}>
                <Count value={overview.RunningJobCount} />
              </LinkButton>
            </dd>
          </div>
        )}
      </dl>
    </section>
  )
}
