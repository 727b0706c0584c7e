// A rule by which tokens log in, new or changed. Whom they stand for is final.

import { useRef } from 'react'
import { useChange, useRead } from '../../api/use-api.ts'
import { CheckField, FixedField, SelectField, TextField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Banner } from '../../patterns/states.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import { ConditionRows } from './condition-rows.tsx'
import {
  areWhole,
  emptyCondition,
  type TypedCondition,
  typedConditions,
  wireConditions,
} from './conditions.ts'
import type { ExchangeRule } from './exchange-rule.ts'
import { TargetFields } from './exchange-target.tsx'

interface Values {
  readonly provider: string
  readonly name: string
  readonly description: string
  readonly conditions: readonly TypedCondition[]
  readonly type: 'ServiceAccount' | 'Role'
  readonly instance: string
  readonly account: string
  readonly role: string
  readonly seconds: string
  readonly enabled: boolean
}

function valuesOf(rule: ExchangeRule | undefined): Values {
  return {
    provider: rule?.ProviderName ?? '',
    name: rule?.Name ?? '',
    description: rule?.Description ?? '',
    conditions: rule ? typedConditions(rule.Conditions) : [emptyCondition('sub')],
    type: rule?.TargetType ?? 'ServiceAccount',
    instance: rule?.RegistryId ?? '',
    account: rule?.ServiceAccountName ?? '',
    role: rule?.RoleId ?? '',
    seconds: String(rule?.DurationSeconds ?? 900),
    enabled: rule?.Enabled ?? true,
  }
}

interface ExchangeRuleFormProps {
  /** Undefined: a new one. */
  readonly rule: ExchangeRule | undefined
  readonly onClose: () => void
  readonly onMade?: (id: string) => void
}

export function ExchangeRuleForm({ rule, onClose, onMade }: ExchangeRuleFormProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const create = useChange('CreateTokenExchangeRule')
  const modify = useChange('ModifyTokenExchangeRule')
  const made = useRef<string>(undefined)
  const form = useForm<Values>({
    initial: valuesOf(rule),
    check: (values) => problemsOf(values, t),
    submit: async (values) => {
      if (rule) {
        await modify.mutateAsync({ RuleId: rule.RuleId, ...changeable(values) })
        return
      }
      const { RuleId } = await create.mutateAsync({
        ProviderName: values.provider,
        TargetType: values.type,
        ...(values.type === 'Role'
          ? { RoleId: values.role }
          : { RegistryId: values.instance, ServiceAccountName: values.account }),
        ...changeable(values),
      })
      made.current = RuleId
    },
    ...(!rule && { draftKey: 'exchange-rule' }),
    apiNames: { name: 'Name', conditions: 'Conditions', seconds: 'DurationSeconds' },
  })
  const { conditions, name } = form.values
  const problem = form.shown.has('conditions') ? form.problems.conditions : undefined
  return (
    <FormDialog
      title={rule ? t('access.editRule', { name: rule.Name }) : t('access.createRule')}
      verb={rule ? t('patterns.save') : t('access.createRule')}
      form={form}
      onClose={onClose}
      onDone={() => {
        tell(t(rule ? 'access.ruleSaved' : 'access.ruleMade', { name }))
        if (made.current !== undefined) onMade?.(made.current)
        else onClose()
      }}
    >
      <TextField name="name" label={t('access.ruleName')} maxLength={128} isRequired hasFocus />
      <TextField name="description" label={t('access.description')} maxLength={1024} />
      <ProviderField rule={rule} />
      <fieldset className="field">
        <legend className="field-label">{t('access.conditions')}</legend>
        <p className="field-help">{t('access.conditionsHelp')}</p>
        <div className="conditions">
          <ConditionRows
            conditions={conditions}
            onChange={(changed) => form.set('conditions', changed)}
          />
        </div>
        {problem !== undefined && (
          <p className="field-problem" role="alert">
            {problem}
          </p>
        )}
      </fieldset>
      <TargetFields rule={rule} values={form.values} />
      <TextField
        name="seconds"
        label={t('access.lasts')}
        help={t('access.lastsHelp')}
        type="number"
        min={60}
        max={3600}
        suffix={t('access.secondsUnit')}
      />
      <CheckField name="enabled" label={t('access.inUse')} isSwitch />
      <Banner tone="warn">{t('access.ruleWarning')}</Banner>
    </FormDialog>
  )
}

const changeable = ({ name, description, conditions, seconds, enabled }: Values) => ({
  Name: name,
  Description: description,
  Conditions: wireConditions(conditions),
  DurationSeconds: Number(seconds),
  Enabled: enabled,
})

function problemsOf(values: Values, t: Words['t']) {
  const missing = (text: string, isAsked = true) =>
    isAsked && text.trim() === '' ? t('access.fillIn') : undefined
  const seconds = Number(values.seconds)
  const isAccount = values.type === 'ServiceAccount'
  return {
    name: missing(values.name),
    provider: missing(values.provider),
    conditions: areWhole(values.conditions) ? undefined : t('access.conditionsRule'),
    instance: missing(values.instance, isAccount),
    account: missing(values.account, isAccount),
    role: missing(values.role, !isAccount),
    seconds:
      Number.isInteger(seconds) && seconds >= 60 && seconds <= 3600
        ? undefined
        : t('access.lastsHelp'),
  }
}

function ProviderField({ rule }: { readonly rule: ExchangeRule | undefined }) {
  const { t } = useWords()
  const { data } = useRead('DescribeOidcProviders', { Limit: 100 })
  if (rule) return <FixedField label={t('access.provider')}>{rule.ProviderName}</FixedField>
  return (
    <SelectField
      name="provider"
      label={t('access.provider')}
      none={t('access.choose')}
      choices={(data?.Providers ?? []).map(({ Name }) => ({ value: Name, label: Name }))}
      isRequired
      isFinal
    />
  )
}
