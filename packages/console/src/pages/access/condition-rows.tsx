import { AddIcon, DeleteIcon } from 'tdesign-icons-react'
import { Button, IconButton } from '../../patterns/button.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import { emptyCondition, type Operator, operators, type TypedCondition } from './conditions.ts'
import './access.css'

interface ConditionRowsProps {
  readonly conditions: readonly TypedCondition[]
  readonly onChange: (conditions: readonly TypedCondition[]) => void
}

/** All must hold; of the values of one, any. */
export function ConditionRows({ conditions, onChange }: ConditionRowsProps) {
  const { t } = useWords()
  const change = (key: string, changed: Partial<TypedCondition>) =>
    onChange(conditions.map((one) => (one.key === key ? { ...one, ...changed } : one)))
  return (
    <>
      {conditions.map(({ key, claim, operator, values }, at) => (
        <div key={key}>
          <span className="input">
            <input
              aria-label={t('access.claimOf', { n: at + 1 })}
              placeholder={t('access.claim')}
              value={claim}
              onChange={(event) => change(key, { claim: event.target.value })}
            />
          </span>
          <select
            aria-label={t('access.operatorOf', { n: at + 1 })}
            value={operator}
            onChange={(event) => change(key, { operator: toOperator(event.target.value) })}
          >
            {operators.map((one) => (
              <option key={one} value={one}>
                {operatorWord(one, t)}
              </option>
            ))}
          </select>
          <span className="input">
            <input
              aria-label={t('access.valuesOf', { n: at + 1 })}
              placeholder={t('access.claimValues')}
              value={values}
              onChange={(event) => change(key, { values: event.target.value })}
            />
          </span>
          <IconButton
            icon={<DeleteIcon />}
            label={t('access.dropCondition', { n: at + 1 })}
            blocked={conditions.length === 1 ? t('access.oneAtLeast') : undefined}
            onClick={() => onChange(conditions.filter((one) => one.key !== key))}
          />
        </div>
      ))}
      <Button
        theme="text"
        icon={<AddIcon />}
        onClick={() => onChange([...conditions, emptyCondition()])}
      >
        {t('access.addCondition')}
      </Button>
    </>
  )
}

const toOperator = (text: string): Operator => operators.find((one) => one === text) ?? 'Equal'

function operatorWord(operator: Operator, t: Words['t']): string {
  switch (operator) {
    case 'Equal':
      return t('access.isEqual')
    case 'Like':
      return t('access.isLike')
    case 'Contains':
      return t('access.contains')
  }
}
