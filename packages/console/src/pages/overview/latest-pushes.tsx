// What was pushed last, as it arrives.

import { Link } from '@tanstack/react-router'
import type { Reply } from '../../api/call.ts'
import { useRead } from '../../api/use-api.ts'
import { usePerson } from '../../frame/person.ts'
import { paths } from '../../paths.ts'
import { Panel } from '../../patterns/detail.tsx'
import { shortDigest } from '../../patterns/format.ts'
import { Bytes, FreeText, Time } from '../../patterns/shown.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

type Activity = Reply<'DescribeActivity'>['Activities'][number]

const liveMs = 5000
const shownPushes = 8
/** Logins and refusals lie between them. */
const asked = 100

interface LatestPushesProps {
  readonly nameOf: (instance: string) => string
  /** With one instance its name says nothing. */
  readonly isOne: boolean
}

export function LatestPushes({ nameOf, isOne }: LatestPushesProps) {
  const { t } = useWords()
  const { data, error } = useRead('DescribeActivity', { Limit: asked }, { everyMs: liveMs })
  const pushes = (data?.Activities ?? []).filter(({ Kind }) => Kind === 'Push')
  return (
    <Panel title={t('overview.latest')}>
      {!data ? (
        error ? (
          <Failed error={error} />
        ) : (
          <Skeleton />
        )
      ) : pushes.length === 0 ? (
        <p className="quiet">
          {t('overview.noPush')} <Link to={paths.welcome()}>{t('overview.toWelcome')}</Link>
        </p>
      ) : (
        <ul className="overview-rows">
          {pushes.slice(0, shownPushes).map((push) => (
            <li key={push.ActivityId}>
              <span>
                <PushLink push={push} />{' '}
                {!isOne && <bdi className="quiet">{nameOf(push.RegistryId)}</bdi>}
              </span>
              <span className="quiet">
                <Bytes value={push.Size} /> · <Actor actor={push.Actor} /> · <Time at={push.Time} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

/** To the first tag of the push, or to its digest. */
export function PushLink({ push }: { readonly push: Activity }) {
  const { NamespaceName, RepositoryName, Tags, Digest } = push
  if (NamespaceName === null || RepositoryName === null) return null
  const at = { instance: push.RegistryId, namespace: NamespaceName, path: RepositoryName }
  const name = `${NamespaceName}/${RepositoryName}`
  const tag = Tags.split(',')[0] ?? ''
  if (tag !== '') {
    return <Link to={paths.image(at, tag)}>{`${name}:${Tags.split(',').join(', ')}`}</Link>
  }
  if (Digest !== null) {
    return <Link to={paths.digest(at, Digest)}>{`${name}@${shortDigest(Digest)}`}</Link>
  }
  return <Link to={paths.repository(at)}>{name}</Link>
}

/** One's own uin by the name. */
export function Actor({ actor }: { readonly actor: string }) {
  const { uin, name } = usePerson()
  return <FreeText text={actor === String(uin) ? name : actor} />
}
