// Step 3: the login, the layers and the push as they arrive; a refusal with its reason.

import { CheckCircleIcon, CloseCircleIcon, LoginIcon, UploadIcon } from 'tdesign-icons-react'
import { paths } from '../../paths.ts'
import { LinkButton } from '../../patterns/button.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { formatBytes } from '../../patterns/format.ts'
import { Failed } from '../../patterns/states.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import { reasonWords } from '../refusals/refusal-words.ts'
import { WhyRefused } from '../refusals/refusals-drawer.tsx'
import { type Activity, useArrivals } from './use-arrivals.ts'

interface WatchStepProps {
  readonly instance: string
  readonly namespace: string
}

export function WatchStep({ instance, namespace }: WatchStepProps) {
  const { t } = useWords()
  const { activities, isListening, error } = useArrivals(instance)
  const hasPush = activities.some(({ Kind }) => Kind === 'Push')
  return (
    <Panel title={t('welcome.watch')} actions={<WhyRefused instance={instance} />}>
      {error !== null && !isListening && <Failed error={error} />}
      <p className="welcome-waiting" role="status">
        {hasPush ? (
          <strong className="welcome-done">{t('welcome.done')}</strong>
        ) : (
          <>
            <span className="spinner" aria-hidden="true" />
            {t('welcome.waiting', { namespace })}
          </>
        )}
      </p>
      <ol className="arrivals" aria-live="polite" aria-label={t('welcome.arrivals')}>
        {activities.map((activity) => (
          <Arrival key={activity.ActivityId} activity={activity} />
        ))}
      </ol>
    </Panel>
  )
}

function Arrival({ activity }: { readonly activity: Activity }) {
  const { t, locale } = useWords()
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }).format(
    new Date(activity.Time),
  )
  return (
    <li className={`arrival arrival-${activity.Kind.toLowerCase()}`}>
      <ArrivalIcon kind={activity.Kind} />
      <time dateTime={activity.Time}>{time}</time>
      <span>{arrivalText(activity, t, locale)}</span>
      {activity.Kind === 'Push' && <OpenImage activity={activity} />}
    </li>
  )
}

function ArrivalIcon({ kind }: { readonly kind: Activity['Kind'] }) {
  switch (kind) {
    case 'Login':
      return <LoginIcon aria-hidden="true" />
    case 'Upload':
      return <UploadIcon aria-hidden="true" />
    case 'Push':
      return <CheckCircleIcon aria-hidden="true" />
    case 'Refusal':
      return <CloseCircleIcon aria-hidden="true" />
  }
}

function arrivalText(activity: Activity, t: Words['t'], locale: Words['locale']): string {
  const { Kind, NamespaceName, RepositoryName, Tags, Size } = activity
  const repository = [NamespaceName, RepositoryName].filter(Boolean).join('/')
  const size = formatBytes(Size ?? 0, locale)
  switch (Kind) {
    case 'Login':
      return t('welcome.loggedIn', { who: activity.Actor, address: activity.Address ?? '–' })
    case 'Upload':
      return t('welcome.uploading', { repository, size })
    case 'Push':
      return t('welcome.arrived', {
        image: Tags === '' ? repository : `${repository}:${Tags}`,
        size,
      })
    case 'Refusal': {
      const known = Object.entries(reasonWords).find(([reason]) => reason === activity.Reason)
      return t('welcome.refused', { reason: known ? t(known[1].what) : (activity.Reason ?? '') })
    }
  }
}

function OpenImage({ activity }: { readonly activity: Activity }) {
  const { t } = useWords()
  const { RegistryId, NamespaceName, RepositoryName, Tags } = activity
  if (NamespaceName === null || RepositoryName === null) return null
  const at = { instance: RegistryId, namespace: NamespaceName, path: RepositoryName }
  const tag = Tags.split(',')[0] ?? ''
  return (
    <LinkButton theme="primary" to={tag === '' ? paths.repository(at) : paths.image(at, tag)}>
      {t('welcome.openImage')}
    </LinkButton>
  )
}
