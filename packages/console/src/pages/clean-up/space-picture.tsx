// What takes the space, as one bar and in figures, and why nothing may go for now.

import type { Reply } from '../../api/call.ts'
import { useRead } from '../../api/use-api.ts'
import { Facts, Panel } from '../../patterns/detail.tsx'
import { formatBytes } from '../../patterns/format.ts'
import { Bytes, Time } from '../../patterns/shown.tsx'
import { Banner, Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'

type Space = Reply<'DescribeReclaimableSpace'>

const everyMs = 60_000
const liveMs = 5000

const parts: readonly (readonly [string, WordKey, (space: Space) => number])[] = [
  ['kept', 'cleanUp.kept', (space) => space.KeptBytes],
  ['untagged', 'cleanUp.untagged', (space) => space.UntaggedBytes],
  ['bin', 'cleanUp.bin', (space) => space.BinBytes],
  ['unreferenced', 'cleanUp.unreferenced', (space) => space.UnreferencedBytes],
]

interface SpacePictureProps {
  readonly instance: string
  /** A clean-up is under way. */
  readonly isLive: boolean
}

export function SpacePicture({ instance, isLive }: SpacePictureProps) {
  const { t } = useWords()
  const { data, error } = useRead(
    'DescribeReclaimableSpace',
    { RegistryId: instance },
    { everyMs: isLive ? liveMs : everyMs },
  )
  return (
    <>
      {data && <Holds space={data} />}
      <Panel title={t('cleanUp.space')}>
        {data ? <Picture space={data} /> : error ? <Failed error={error} /> : <Skeleton />}
      </Panel>
    </>
  )
}

function Picture({ space }: { readonly space: Space }) {
  const { t, locale } = useWords()
  const sum = parts.reduce((total, [, , of]) => total + of(space), 0)
  return (
    <>
      <div className="space-bar" aria-hidden="true">
        {parts.map(([name, , of]) =>
          of(space) === 0 ? null : (
            <span key={name} className={`space-${name}`} style={{ flexGrow: of(space) / sum }} />
          ),
        )}
      </div>
      <dl className="space-parts">
        {parts.map(([name, label, of]) => (
          <div key={name}>
            <dt>
              <span className={`space-mark space-${name}`} aria-hidden="true" /> {t(label)}
            </dt>
            <dd>{formatBytes(of(space), locale)}</dd>
          </div>
        ))}
        {space.CondemnedBytes > 0 && (
          <div>
            <dt>{t('cleanUp.condemnedBytes')}</dt>
            <dd>{formatBytes(space.CondemnedBytes, locale)}</dd>
          </div>
        )}
      </dl>
      <Facts
        facts={[
          { label: t('cleanUp.stored'), value: <Bytes value={space.StoredBytes} /> },
          { label: t('cleanUp.grace'), value: t('cleanUp.hours', { n: space.GraceHours }) },
          { label: t('cleanUp.binDays'), value: t('cleanUp.days', { n: space.BinDays }) },
          { label: t('cleanUp.lastRun'), value: <Time at={space.LastRunTime} /> },
          { label: t('cleanUp.nextRun'), value: <Time at={space.NextRunTime} /> },
        ]}
      />
    </>
  )
}

function Holds({ space }: { readonly space: Space }) {
  const { t } = useWords()
  return (
    <>
      {space.PausedUntil !== null && (
        <Banner tone="warn">
          {t('cleanUp.paused')} <Time at={space.PausedUntil} />
        </Banner>
      )}
      {space.WaitsForOperator ? (
        <Banner tone="warn">{t('cleanUp.waitsForOperator')}</Banner>
      ) : (
        space.IsHeld && <Banner>{t('cleanUp.held')}</Banner>
      )}
    </>
  )
}
