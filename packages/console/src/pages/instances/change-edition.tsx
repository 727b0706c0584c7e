// Up at any time; down only when nothing in use exceeds the lower edition. What is in the way is named before the button
// is live, each with the way to it.

import {
  type Edition,
  editionAuditDays,
  editionFeatures,
  editionQuotas,
  editions,
  isAtLeast,
} from '@entrepot/contract/editions.ts'
import { Link } from '@tanstack/react-router'
import type { Reply } from '../../api/call.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { editionWord } from '../../frame/instance-words.tsx'
import type { Instance } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { RadioField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Banner } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import {
  EditionTable,
  features,
  featureWords,
  isEdition,
  metrics,
  metricWords,
} from './edition-table.tsx'

type Quota = Reply<'DescribeInstanceStatistics'>['Statistics'][number]['Quotas'][number]

const quotaNames = {
  namespaces: 'Namespaces',
  repositories: 'Repositories',
  'chart-repositories': 'ChartRepositories',
  'vpc-links': 'VpcLinks',
} as const

interface ChangeEditionProps {
  readonly instance: Instance
  onClose(): void
}

export function ChangeEdition({ instance, onClose }: ChangeEditionProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const change = useChange('ModifyInstance')
  const { RegistryId: id, RegistryType: from } = instance
  const { data } = useRead('DescribeInstanceStatistics', { RegistryIds: [id] })
  const form = useForm({
    initial: { edition: from },
    submit: ({ edition }) => change.mutateAsync({ RegistryId: id, RegistryType: edition }),
    apiNames: { edition: 'RegistryType' },
  })
  const to = form.values.edition
  const exceeded = exceededBy(to, data?.Statistics[0]?.Quotas ?? [])
  const blocked =
    to === from
      ? t('instances.sameEdition')
      : exceeded.length > 0
        ? t('instances.editionTooSmall')
        : undefined
  return (
    <FormDialog
      title={t('instances.changeEditionOf', { name: instance.RegistryName })}
      kind="wide"
      form={form}
      verb={t('instances.changeEdition')}
      blocked={blocked}
      onClose={onClose}
      onDone={() => {
        tell(t('instances.editionChanged', { edition: editionWord(to, t) }))
        onClose()
      }}
      below={
        <>
          <WhatChanges instance={instance} to={to} exceeded={exceeded} />
          <EditionTable chosen={to} />
        </>
      }
    >
      <RadioField
        name="edition"
        label={t('instances.edition')}
        choices={editions.map((value) => ({
          value,
          label:
            value === from
              ? t('instances.presentEdition', { edition: editionWord(value, t) })
              : editionWord(value, t),
        }))}
      />
    </FormDialog>
  )
}

interface Exceeded {
  readonly metric: (typeof metrics)[number]
  readonly used: number
  readonly allowed: number
}

/** A quota that an operator set stays as it is. */
function exceededBy(to: string, quotas: readonly Quota[]): readonly Exceeded[] {
  if (!isEdition(to)) return []
  return metrics.flatMap((metric) => {
    const quota = quotas.find(({ Name }) => Name === quotaNames[metric])
    const allowed = editionQuotas[to][metric]
    if (!quota || quota.Limit !== quota.EditionLimit || quota.Used <= allowed) return []
    return [{ metric, used: quota.Used, allowed }]
  })
}

interface WhatChangesProps {
  readonly instance: Instance
  readonly to: string
  readonly exceeded: readonly Exceeded[]
}

function WhatChanges({ instance, to, exceeded }: WhatChangesProps) {
  const { t } = useWords()
  const from = instance.RegistryType
  if (to === from || !isEdition(to) || !isEdition(from)) return null
  const isUp = isAtLeast(to, from)
  if (exceeded.length > 0) {
    return (
      <Banner tone="bad">
        <p>{t('instances.inTheWay', { edition: editionWord(to, t) })}</p>
        <ul className="bullets">
          {exceeded.map(({ metric, used, allowed }) => (
            <li key={metric}>
              <Link to={placeOf(metric, instance.RegistryId)}>
                {t('instances.usedOfAllowed', { what: t(metricWords[metric]), used, allowed })}
              </Link>
            </li>
          ))}
        </ul>
      </Banner>
    )
  }
  const changed = featuresBetween(from, to)
  return (
    <Banner tone={isUp ? 'plain' : 'warn'}>
      <p>{t(isUp ? 'instances.upAtOnce' : 'instances.downAtOnce')}</p>
      <ul className="bullets">
        <li>
          {t('instances.auditBecomes', { from: editionAuditDays[from], to: editionAuditDays[to] })}
        </li>
        {changed.map((feature) => (
          <li key={feature}>
            {t(isUp ? 'instances.gains' : 'instances.loses', { what: t(featureWords[feature]) })}
          </li>
        ))}
      </ul>
    </Banner>
  )
}

function placeOf(metric: Exceeded['metric'], instance: string): string {
  return metric === 'namespaces' ? paths.namespaces(instance) : paths.repositories(instance)
}

/** What one of the two has and the other has not. */
function featuresBetween(from: Edition, to: Edition) {
  return features.filter((feature) => {
    const smallest = editionFeatures[feature]
    return isAtLeast(from, smallest) !== isAtLeast(to, smallest)
  })
}
