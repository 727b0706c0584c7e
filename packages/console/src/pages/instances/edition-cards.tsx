// The editions as cards: one is chosen by click, or by arrows.

import {
  type Edition,
  editionAuditDays,
  editionFeatures,
  editionQuotas,
  editions,
  isAtLeast,
} from '@entrepot/contract/editions.ts'
import { editionWord } from '../../frame/instance-words.tsx'
import { useFormState } from '../../patterns/form.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'
import { features, featureWords } from './edition-table.tsx'

const purposes: Readonly<Record<Edition, WordKey>> = {
  basic: 'instances.basicFor',
  standard: 'instances.standardFor',
  premium: 'instances.premiumFor',
}

/** `edition` of the form around. */
export function EditionCards() {
  const { t } = useWords()
  const form = useFormState()
  return (
    <fieldset className="field">
      <legend className="field-label">{t('instances.edition')}</legend>
      <div className="edition-cards">
        {editions.map((edition) => (
          <label key={edition} className="edition-card">
            <input
              type="radio"
              name="edition"
              value={edition}
              checked={form.values.edition === edition}
              onChange={() => form.set('edition', edition)}
            />
            <span className="edition-name">{editionWord(edition, t)}</span>
            <span className="quiet">{t(purposes[edition])}</span>
            <span>
              {t('instances.cardQuotas', {
                namespaces: editionQuotas[edition].namespaces,
                repositories: editionQuotas[edition].repositories,
              })}
            </span>
            <span>{t('instances.cardAudit', { n: editionAuditDays[edition] })}</span>
            {features
              .filter((feature) => isAtLeast(edition, editionFeatures[feature]))
              .map((feature) => (
                <span key={feature}>+ {t(featureWords[feature])}</span>
              ))}
          </label>
        ))}
      </div>
      <div className="field-foot">{t('instances.editionHelp')}</div>
    </fieldset>
  )
}
