// What a rule would do now, repository by repository.

import { useDeferredValue } from 'react'
import type { Reply } from '../../api/call.ts'
import { useRead } from '../../api/use-api.ts'
import { useWords } from '../../words/use-words.ts'
import { type RuleValues, wireRule } from './rule-values.ts'
import './retention.css'

type Told = Reply<'DescribeRetentionPreview'>

export function usePreview(instance: string, values: RuleValues): Told | undefined {
  const { namespace, mode, items } = useDeferredValue(values)
  const rule = wireRule({ mode, items })
  const { data, error } = useRead(
    'DescribeRetentionPreview',
    { RegistryId: instance, NamespaceId: Number(namespace), ...rule },
    { isEnabled: namespace !== '' && rule !== undefined, keepsPrevious: true },
  )
  return error || namespace === '' ? undefined : data
}

/** As it is typed. */
export function Preview({ told }: { readonly told: Told | undefined }) {
  const { t } = useWords()
  return (
    <section className="rule-preview" aria-live="polite">
      <h3>{t('retention.preview')}</h3>
      {told ? <PreviewFigures told={told} /> : <p>{t('retention.previewLater')}</p>}
    </section>
  )
}

export function PreviewFigures({ told }: { readonly told: Told }) {
  const { t } = useWords()
  return (
    <>
      <p>
        {t('retention.wouldRemove', { n: told.Total - told.Retained, all: told.Total })}
        {!told.IsWhole && t('retention.andMore')}
      </p>
      <ul>
        {told.Repositories.map((one) => (
          <li key={one.RepositoryName}>
            <bdi>{one.RepositoryName}</bdi>
            {': '}
            {t('retention.staysGoes', { stays: one.Retained, goes: one.Total - one.Retained })}
            {one.Immutable > 0 && ` · ${t('retention.staysImmutable', { n: one.Immutable })}`}
            {one.Examples.length > 0 && (
              <div className="quiet">
                {t('retention.goes')} {one.Examples.join(', ')}
                {one.Total - one.Retained > one.Examples.length && ' …'}
              </div>
            )}
          </li>
        ))}
      </ul>
      {told.CoveredCount > told.Repositories.length && (
        <p>{t('retention.moreCovered', { n: told.CoveredCount - told.Repositories.length })}</p>
      )}
      {told.UntouchedCount > 0 && (
        <p>
          {t('retention.untouched', { n: told.UntouchedCount })}{' '}
          <span className="quiet">
            {told.Untouched.slice(0, 10).join(', ')}
            {told.UntouchedCount > 10 && ' …'}
          </span>
        </p>
      )}
    </>
  )
}
