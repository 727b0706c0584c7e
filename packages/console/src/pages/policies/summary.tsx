// A document in words: what it allows and denies, on what, and when.

import { Chip } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'
import { meaningsOf, readPatternsOf, serviceOf } from './action-names.ts'
import { readDocument, type Statement } from './document.ts'
import { resourceWords } from './resource-picker.tsx'

export function Summary({ text }: { readonly text: string }) {
  const { t } = useWords()
  const statements = readDocument(text)
  if (!statements) return <p className="quiet">{t('policies.noSummary')}</p>
  return (
    <ol className="policy-summary">
      {statements.map((statement, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a statement has no other name than its number
        <li key={at}>
          <StatementInWords statement={statement} />
        </li>
      ))}
    </ol>
  )
}

function StatementInWords({ statement }: { readonly statement: Statement }) {
  const { t } = useWords()
  const { effect, actions, resources, conditions } = statement
  return (
    <div className="policy-said">
      <Chip tone={effect === 'allow' ? 'good' : 'bad'}>
        {t(effect === 'allow' ? 'policies.allow' : 'policies.deny')}
      </Chip>
      <div>
        <p>
          <Actions actions={actions} />
        </p>
        <ul>
          {resources.map((resource) => (
            <li key={resource}>
              {resourceWords(resource, t)}
              {resource !== '*' && (
                <>
                  {' '}
                  <code className="quiet">{resource}</code>
                </>
              )}
            </li>
          ))}
        </ul>
        {conditions.length > 0 && (
          <p>
            {t('policies.onlyIf')}{' '}
            {conditions.map(({ operator, key, values }, at) => (
              <span key={`${operator} ${key}`}>
                {at > 0 && ` ${t('policies.and')} `}
                <code>
                  {key} {operator} {values.join(' | ')}
                </code>
              </span>
            ))}
          </p>
        )}
      </div>
    </div>
  )
}

function Actions({ actions }: { readonly actions: readonly string[] }) {
  const { t } = useWords()
  if (actions.includes('*')) return <>{t('policies.everyAction')}</>
  const services = [...new Set(actions.map(serviceOf))]
  const isReading = services.every((service) => {
    const own = actions.filter((one) => serviceOf(one) === service)
    const reading = readPatternsOf(service)
    return own.length === reading.length && own.every((one) => reading.includes(one))
  })
  if (isReading) return <>{t('policies.readsOf', { services: services.join(', ') })}</>
  return (
    <span className="policy-chips">
      {actions.map((action) => {
        const whole = /^(\w+):\*$/.exec(action)?.[1]
        return (
          <span key={action} className="policy-chip">
            {whole === undefined ? (
              <code>{meaningsOf(action).join(', ')}</code>
            ) : (
              t('policies.everythingOf', { service: whole })
            )}
          </span>
        )
      })}
    </span>
  )
}
