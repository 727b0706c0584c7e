// The conditions of a statement: a row each, all of which must hold; of the values of a row, one.

import { useState } from 'react'
import { AddIcon, DeleteIcon } from 'tdesign-icons-react'
import { Button, IconButton } from '../../patterns/button.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'
import {
  type Family,
  keys,
  operators,
  quantifiers,
  readOperator,
  writeOperator,
} from './condition-language.ts'
import type { Condition } from './document.ts'
import { Chooser, Written } from './labelled.tsx'

interface ConditionRowsProps {
  readonly conditions: readonly Condition[]
  onChange(conditions: readonly Condition[]): void
}

const keyWords: Readonly<Record<string, WordKey>> = {
  'qcs:ip': 'policies.keyAddress',
  'qcs:current_time': 'policies.keyTime',
  'qcs:resource_tag': 'policies.keyTag',
  'qcs:request_tag': 'policies.keyRequestTag',
  'qcs:mfa': 'policies.keyMfa',
  'qcs:create_uin': 'policies.keyCreator',
}

const examples: Readonly<Record<Family, string>> = {
  string: 'env&prod',
  numeric: '100000000001',
  date: '2026-12-31T16:00:00Z',
  bool: 'true',
  null: 'true',
  binary: 'QmFzZTY0',
  ip: '10.0.0.0/8, fd00::/8',
}

export function ConditionRows({ conditions, onChange }: ConditionRowsProps) {
  const { t } = useWords()
  return (
    <fieldset className="field">
      <legend className="field-label">{t('policies.condition')}</legend>
      {conditions.map((condition, at) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: every other part of a row can be edited
          key={at}
          condition={condition}
          onChange={(next) => onChange(conditions.with(at, next))}
          onRemove={() => onChange(conditions.toSpliced(at, 1))}
        />
      ))}
      <div className="row">
        <span className="quiet">{t('policies.addCondition')}</span>
        {keys.map(({ name, first }) => (
          <Button
            key={name}
            icon={<AddIcon />}
            blocked={
              conditions.some((one) => one.key === name && one.operator === first)
                ? t('policies.isThere')
                : undefined
            }
            onClick={() =>
              onChange([
                ...conditions,
                { operator: first, key: name, values: first === 'bool_equal' ? ['true'] : [] },
              ])
            }
          >
            {keyWords[name] ? t(keyWords[name]) : name}
          </Button>
        ))}
      </div>
    </fieldset>
  )
}

interface RowProps {
  readonly condition: Condition
  onChange(condition: Condition): void
  onRemove(): void
}

function Row({ condition, onChange, onRemove }: RowProps) {
  const { t } = useWords()
  const { key, values } = condition
  const operator = readOperator(condition.operator)
  const family = operators[operator.name] ?? 'string'
  const known = keys.find((one) => one.name === key)
  // Those that suit the key come first; the language has the rest, too.
  const names = Object.keys(operators).toSorted((a, b) => suits(b) - suits(a))
  function suits(name: string): number {
    return Number(known?.families.some((one) => one === operators[name]) ?? false)
  }
  const setOperator = (next: Partial<typeof operator>) =>
    onChange({ ...condition, operator: writeOperator({ ...operator, ...next }) })
  const keyLabel = keyWords[key]
  return (
    <div className="policy-condition">
      <Written
        label={t('policies.key')}
        value={key}
        offers={keys.map(({ name }) => name)}
        help={keyLabel && t(keyLabel)}
        onChange={(next) => onChange({ ...condition, key: next })}
      />
      <Chooser
        label={t('policies.operator')}
        value={operator.name}
        choices={names.map((name) => ({ value: name, label: name }))}
        onChange={(name) => setOperator({ name })}
      />
      <Values
        values={values}
        placeholder={examples[family]}
        onChange={(next) => onChange({ ...condition, values: next })}
      />
      <Chooser
        label={t('policies.several')}
        value={operator.quantifier}
        choices={[
          { value: '', label: t('policies.severalPlain') },
          { value: 'for_any_value:', label: t('policies.severalAny') },
          { value: 'for_all_value:', label: t('policies.severalAll') },
        ]}
        onChange={(value) =>
          setOperator({ quantifier: quantifiers.find((one) => one === value) ?? '' })
        }
      />
      <label className="choice">
        <input
          type="checkbox"
          checked={operator.isOptional}
          disabled={family === 'null'}
          onChange={(event) => setOperator({ isOptional: event.target.checked })}
        />
        <span>
          {t('policies.ifExists')}
          <small className="field-help">{t('policies.ifExistsAbout')}</small>
        </span>
      </label>
      <IconButton
        icon={<DeleteIcon />}
        label={t('policies.removeWhat', { what: `${condition.operator} ${key}` })}
        onClick={onRemove}
      />
    </div>
  )
}

interface ValuesProps {
  readonly values: readonly string[]
  readonly placeholder: string
  onChange(values: readonly string[]): void
}

const split = (text: string): readonly string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')

/** As typed, with the comma that the next value follows; as written, where it changed elsewhere. */
function Values({ values, placeholder, onChange }: ValuesProps) {
  const { t } = useWords()
  const [typed, setTyped] = useState(values.join(', '))
  const isTyped = split(typed).join() === values.join()
  return (
    <Written
      label={t('policies.values')}
      help={t('policies.valuesHelp')}
      placeholder={placeholder}
      value={isTyped ? typed : values.join(', ')}
      onChange={(next) => {
        setTyped(next)
        onChange(split(next))
      }}
    />
  )
}
