// What each edition has, side by side.

import {
  type Edition,
  type EditionFeature,
  type EditionMetric,
  editionAuditDays,
  editionFeatures,
  editionQuotas,
  editions,
  isAtLeast,
} from '@entrepot/contract/editions.ts'
import { CheckIcon, MinusIcon } from 'tdesign-icons-react'
import { editionWord } from '../../frame/instance-words.tsx'
import { Count } from '../../patterns/shown.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'

export const metricWords: Readonly<Record<EditionMetric, WordKey>> = {
  namespaces: 'instances.quotaNamespaces',
  repositories: 'instances.quotaRepositories',
  'chart-repositories': 'instances.quotaCharts',
  'vpc-links': 'instances.quotaVpc',
}

export const featureWords: Readonly<Record<EditionFeature, WordKey>> = {
  'block-vulnerable': 'instances.featureBlock',
  'sync-rules': 'instances.featureSync',
  replicas: 'instances.featureReplicas',
  acceleration: 'instances.featureAcceleration',
}

export const metrics = Object.keys(metricWords) as readonly EditionMetric[]
export const features = Object.keys(featureWords) as readonly EditionFeature[]

export function isEdition(text: string): text is Edition {
  return editions.some((one) => one === text)
}

export function EditionTable({ chosen }: { readonly chosen: string }) {
  const { t } = useWords()
  const classOf = (edition: Edition) => (edition === chosen ? 'edition-chosen' : undefined)
  return (
    <section
      className="table-frame"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways can be scrolled by keys
      tabIndex={0}
      aria-label={t('instances.specification')}
    >
      <table className="table edition-table">
        <caption className="spoken">{t('instances.specification')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('instances.specification')}</th>
            {editions.map((edition) => (
              <th key={edition} scope="col" className={classOf(edition)}>
                {editionWord(edition, t)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {metrics.map((metric) => (
            <tr key={metric}>
              <th scope="row">{t(metricWords[metric])}</th>
              {editions.map((edition) => (
                <td key={edition} className={classOf(edition)}>
                  <Count value={editionQuotas[edition][metric]} />
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">{t('instances.auditKept')}</th>
            {editions.map((edition) => (
              <td key={edition} className={classOf(edition)}>
                {t('instances.days', { n: editionAuditDays[edition] })}
              </td>
            ))}
          </tr>
          {features.map((feature) => (
            <tr key={feature}>
              <th scope="row">{t(featureWords[feature])}</th>
              {editions.map((edition) => (
                <td key={edition} className={classOf(edition)}>
                  <Has yes={isAtLeast(edition, editionFeatures[feature])} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Has({ yes }: { readonly yes: boolean }) {
  const { t } = useWords()
  return (
    <span className={yes ? 'edition-yes' : 'quiet'}>
      {yes ? <CheckIcon aria-hidden="true" /> : <MinusIcon aria-hidden="true" />}
      <span className="spoken">{t(yes ? 'instances.yes' : 'instances.no')}</span>
    </span>
  )
}
