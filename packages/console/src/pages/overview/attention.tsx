// What somebody has to do something about, the worst first, each with the way to it.

import type { ReactNode } from 'react'
import { CheckCircleIcon, ErrorCircleIcon, InfoCircleIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { paths } from '../../paths.ts'
import { LinkButton } from '../../patterns/button.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { formatBytes, formatNumber, readTime } from '../../patterns/format.ts'
import { type Rights, useRights } from '../../patterns/rights.ts'
import { FreeText, Time } from '../../patterns/shown.tsx'
import { useWords, type WordKey, type Words } from '../../words/use-words.ts'
import { fullFrom, type NearlyUsedQuota, quotaWords } from './nearly-used.tsx'

export type Overview = Reply<'DescribeOverview'>

interface Entry {
  readonly id: string
  readonly isBad: boolean
  readonly text: ReactNode
  readonly place: string
  readonly button: WordKey
  readonly to: string
}

interface AttentionProps {
  readonly overview: Overview
  readonly nameOf: (instance: string | null) => string
}

export function Attention({ overview, nameOf }: AttentionProps) {
  const { t, locale } = useWords()
  const { may } = useRights([extending, renewing])
  const full = overview.NearlyUsedQuotas.filter((quota) => quota.Used >= quota.Limit * fullFrom)
  const entries: readonly Entry[] = [
    ...overview.FailedJobs.map(
      (job): Entry => ({
        id: job.JobId,
        isBad: true,
        text: (
          <>
            {t('overview.jobFailed', { kind: job.Kind })}{' '}
            <span className="quiet">
              {job.Reason !== null && (
                <>
                  · <FreeText text={job.Reason} />{' '}
                </>
              )}
              · <Time at={job.EndTime} />
            </span>
          </>
        ),
        place: nameOf(job.RegistryId),
        button: 'overview.open',
        to: paths.job(job.JobId),
      }),
    ),
    ...overview.EndingCredentials.map((one) => endingEntry(one, may, t)),
    ...full.map((quota) => quotaEntry(quota, t, locale)),
  ].toSorted((a, b) => Number(b.isBad) - Number(a.isBad))
  const hidden =
    overview.FailedJobCount -
    overview.FailedJobs.length +
    overview.EndingCredentialCount -
    overview.EndingCredentials.length
  return (
    <Panel title={t('overview.attention')}>
      {entries.length === 0 ? (
        <p className="overview-good">
          <CheckCircleIcon aria-hidden="true" /> {t('overview.allGood')}
        </p>
      ) : (
        <ul className="attention">
          {entries.map(({ id, isBad, text, place, button, to }) => (
            <li key={id}>
              {isBad ? (
                <ErrorCircleIcon aria-label={t('overview.failure')} className="attention-bad" />
              ) : (
                <InfoCircleIcon aria-label={t('overview.warning')} className="attention-warn" />
              )}
              <span>{text}</span>
              <bdi className="quiet">{place}</bdi>
              <LinkButton to={to}>{t(button)}</LinkButton>
            </li>
          ))}
        </ul>
      )}
      {hidden > 0 && <p className="quiet">{t('overview.more', { n: hidden })}</p>}
    </Panel>
  )
}

/** Before the name of a service account, wherever one logs in with it. */
const accountPrefix = 'tcr$'

const extending = ['tcr:ModifyServiceAccount'] as const
const renewing = ['tcr:RenewInstance'] as const

function endingEntry(
  one: Overview['EndingCredentials'][number],
  may: Rights['may'],
  t: Words['t'],
): Entry {
  const isInstance = one.Kind === 'Instance'
  const name = isInstance ? one.Name : `${accountPrefix}${one.Name}`
  const end = readTime(one.ExpireTime)
  const isOver = end !== undefined && end.getTime() <= Date.now()
  const words = isInstance
    ? isOver
      ? t('overview.instanceEnded', { name })
      : t('overview.instanceEnds', { name })
    : isOver
      ? t('overview.accountEnded', { name })
      : t('overview.accountEnds', { name })
  return {
    id: `${one.RegistryId} ${one.Kind} ${one.Name}`,
    isBad: isOver,
    text: (
      <>
        {words}{' '}
        <span className="quiet">
          · <Time at={one.ExpireTime} />
        </span>
      </>
    ),
    place: one.RegistryName,
    // Who can't do it is still shown what it is about.
    button: isInstance
      ? may(...renewing)
        ? 'overview.renew'
        : 'overview.open'
      : may(...extending)
        ? 'overview.extend'
        : 'overview.open',
    to: isInstance ? paths.instance(one.RegistryId) : paths.serviceAccount(one.RegistryId, name),
  }
}

function quotaEntry(quota: NearlyUsedQuota, t: Words['t'], locale: Words['locale']): Entry {
  const show = (value: number) =>
    quota.Name === 'StoredBytes' ? formatBytes(value, locale) : formatNumber(value, locale)
  return {
    id: `${quota.RegistryId} ${quota.NamespaceName} ${quota.Name}`,
    isBad: quota.Used >= quota.Limit,
    text: t('overview.quotaFull', {
      what: t(quotaWords[quota.Name]),
      used: show(quota.Used),
      limit: show(quota.Limit),
    }),
    place: [quota.RegistryName, quota.NamespaceName].filter(Boolean).join(' / '),
    button: 'overview.open',
    to:
      quota.NamespaceName === null
        ? paths.instance(quota.RegistryId, 'quota')
        : paths.namespace(quota.RegistryId, quota.NamespaceName),
  }
}
