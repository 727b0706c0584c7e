// Quotas of which most is used, the fullest first.

import { Link } from '@tanstack/react-router'
import type { Reply } from '../../api/call.ts'
import { paths } from '../../paths.ts'
import { Panel } from '../../patterns/detail.tsx'
import { formatBytes, formatNumber, formatPercent } from '../../patterns/format.ts'
import { Meter } from '../../patterns/shown.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'

export type NearlyUsedQuota = Reply<'DescribeOverview'>['NearlyUsedQuotas'][number]

/** From this share on somebody has to do something. */
export const fullFrom = 0.9

export const quotaWords: Readonly<Record<NearlyUsedQuota['Name'], WordKey>> = {
  Namespaces: 'overview.quotaNamespaces',
  Repositories: 'overview.quotaRepositories',
  ChartRepositories: 'overview.quotaCharts',
  VpcLinks: 'overview.quotaVpc',
  StoredBytes: 'overview.quotaBytes',
}

interface NearlyUsedProps {
  readonly overview: Pick<Reply<'DescribeOverview'>, 'NearlyUsedQuotas' | 'NearlyUsedQuotaCount'>
}

export function NearlyUsed({ overview }: NearlyUsedProps) {
  const { t, locale } = useWords()
  const quotas = overview.NearlyUsedQuotas
  const hidden = overview.NearlyUsedQuotaCount - quotas.length
  return (
    <Panel title={t('overview.nearlyUsed')}>
      {quotas.length === 0 ? (
        <p className="quiet">{t('overview.noneNearlyUsed')}</p>
      ) : (
        <ul className="overview-rows">
          {quotas.map((quota) => {
            const show = (value: number) =>
              quota.Name === 'StoredBytes'
                ? formatBytes(value, locale)
                : formatNumber(value, locale)
            const what = t(quotaWords[quota.Name])
            const place = [quota.RegistryName, quota.NamespaceName].filter(Boolean).join(' / ')
            return (
              <li key={`${place} ${quota.Name}`}>
                <Link to={paths.instance(quota.RegistryId, 'quota')}>{`${place} · ${what}`}</Link>
                <span className="row">
                  <Meter
                    used={quota.Used}
                    limit={quota.Limit}
                    label={`${place} ${what}`}
                    show={show}
                  />
                  {formatPercent(quota.Used / quota.Limit, locale)}
                </span>
              </li>
            )
          })}
        </ul>
      )}
      {hidden > 0 && <p className="quiet">{t('overview.more', { n: hidden })}</p>}
    </Panel>
  )
}
