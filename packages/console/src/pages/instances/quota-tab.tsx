// What an instance may hold and holds, and what it used over time.

import { useState } from 'react'
import { EditIcon } from 'tdesign-icons-react'
import { useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Button, LinkButton } from '../../patterns/button.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { formatBytes, formatNumber } from '../../patterns/format.ts'
import { Bytes, Chip, Count, Meter } from '../../patterns/shown.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { UsagePlots } from '../overview/usage-plots.tsx'
import type { TabProps } from './instance.tsx'
import { type Quota, quotaWords } from './quota-words.ts'
import { SetQuotas } from './set-quotas.tsx'

const restingMs = 15_000

export function QuotaTab({ instance, may }: TabProps) {
  const { t } = useWords()
  const [isEditing, setEditing] = useState(false)
  const { RegistryId } = instance
  const { data, error } = useRead(
    'DescribeInstanceStatistics',
    { RegistryIds: [RegistryId] },
    { everyMs: restingMs },
  )
  const held = data?.Statistics[0]
  if (!held) return error ? <Failed error={error} /> : <Skeleton />
  return (
    <>
      <Panel
        title={t('instances.quotas')}
        actions={
          may('entrepot:ModifyInstanceQuota') ? (
            <Button icon={<EditIcon />} onClick={() => setEditing(true)}>
              {t('instances.setQuotas')}
            </Button>
          ) : (
            <span className="quiet">{t('instances.raiseQuota')}</span>
          )
        }
      >
        <dl className="figures">
          <div>
            <dt>{t('instances.imageTags')}</dt>
            <dd>
              <Count value={held.TagCount} />
            </dd>
          </div>
          <div>
            <dt>{t('instances.stored')}</dt>
            <dd>
              <Bytes value={held.StoredBytes} />
            </dd>
          </div>
        </dl>
        <div className="table-frame">
          <table className="table quota-table">
            <caption className="spoken">{t('instances.quotas')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('instances.quota')}</th>
                <th scope="col">{t('instances.used')}</th>
                <th scope="col">{t('instances.limit')}</th>
              </tr>
            </thead>
            <tbody>
              {held.Quotas.map((quota) => (
                <QuotaRow key={quota.Name} quota={quota} />
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
      {isEditing && (
        <SetQuotas instance={instance} quotas={held.Quotas} onClose={() => setEditing(false)} />
      )}
      {may('tcr:DescribeUsage') && (
        <>
          <UsagePlots instances={[instance]} />
          <div className="row">
            <LinkButton to={paths.usage()}>{t('frame.usage')}</LinkButton>
          </div>
        </>
      )}
    </>
  )
}

function QuotaRow({ quota }: { readonly quota: Quota }) {
  const { t, locale } = useWords()
  const label = t(quotaWords[quota.Name])
  const show = (value: number) =>
    quota.Name === 'StoredBytes' ? formatBytes(value, locale) : formatNumber(value, locale)
  const isRaised = quota.Limit !== quota.EditionLimit
  return (
    <tr>
      <th scope="row">{label}</th>
      <td data-head={t('instances.used')}>
        <Meter used={quota.Used} limit={quota.Limit} label={label} show={show} />
      </td>
      <td data-head={t('instances.limit')}>
        {quota.Limit === null ? t('instances.noLimit') : show(quota.Limit)}{' '}
        {isRaised && <Chip>{t('instances.setByOperator')}</Chip>}
      </td>
    </tr>
  )
}
