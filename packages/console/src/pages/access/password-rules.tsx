// The account's rules for console passwords, which bind whoever chooses one from then on.

import type { Reply } from '../../api/call.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { CheckField, SelectField, TextField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Failed } from '../../patterns/states.tsx'
import { useWords, type Words } from '../../words/use-words.ts'

type Rules = NonNullable<Reply<'GetPasswordRules'>['Rules']>

const kinds = ['UpperCase', 'LowerCase', 'Digits', 'SpecialCharacters'] as const

interface Values {
  readonly length: string
  readonly UpperCase: boolean
  readonly LowerCase: boolean
  readonly Digits: boolean
  readonly SpecialCharacters: boolean
  readonly days: string
  readonly reuse: string
  readonly retry: string
  readonly expired: string
}

interface PasswordRulesProps {
  readonly onClose: () => void
}

export function PasswordRules({ onClose }: PasswordRulesProps) {
  const { data, error } = useRead('GetPasswordRules', {})
  if (error) return <Failed error={error} />
  // The form begins with what holds.
  return data?.Rules ? <EditRules rules={data.Rules} onClose={onClose} /> : null
}

function EditRules({ rules, onClose }: PasswordRulesProps & { readonly rules: Rules }) {
  const { t } = useWords()
  const { tell } = useNotices()
  const update = useChange('UpdatePasswordRules')
  const form = useForm<Values>({
    initial: valuesOf(rules),
    check: (values) => problemsOf(values, t),
    submit: (values) => update.mutateAsync({ Rules: rulesOf(values) }),
    apiNames: { length: 'MinimumLength', days: 'ForcePasswordChange', reuse: 'ReusePasswordLimit' },
  })
  const labels = {
    UpperCase: t('access.upperCase'),
    LowerCase: t('access.lowerCase'),
    Digits: t('access.digits'),
    SpecialCharacters: t('access.specialCharacters'),
  }
  return (
    <FormDialog
      title={t('access.passwordRules')}
      verb={t('patterns.save')}
      form={form}
      onClose={onClose}
      onDone={() => {
        tell(t('access.rulesSaved'))
        onClose()
      }}
    >
      <p>{t('access.passwordRulesAbout')}</p>
      <TextField
        name="length"
        label={t('access.minimumLength')}
        help={t('access.from', { min: 8, max: 32 })}
        type="number"
        hasFocus
      />
      <fieldset className="field">
        <legend className="field-label">{t('access.mustContain')}</legend>
        {kinds.map((kind) => (
          <CheckField key={kind} name={kind} label={labels[kind]} />
        ))}
      </fieldset>
      <TextField
        name="days"
        label={t('access.changeAfter')}
        help={t('access.changeAfterHelp')}
        type="number"
        suffix={t('access.daysUnit')}
      />
      <SelectField
        name="expired"
        label={t('access.whenExpired')}
        choices={[
          { value: '2', label: t('access.expiredChanges') },
          { value: '1', label: t('access.expiredEnds') },
        ]}
      />
      <TextField
        name="reuse"
        label={t('access.noReuse')}
        help={t('access.from', { min: 0, max: 24 })}
        type="number"
      />
      <TextField
        name="retry"
        label={t('access.retries')}
        help={t('access.from', { min: 1, max: 100 })}
        type="number"
      />
    </FormDialog>
  )
}

function valuesOf(rules: Rules): Values {
  const contained = (rules.MustContain ?? '').split(',').map((kind) => kind.trim())
  return {
    length: String(rules.MinimumLength ?? 8),
    UpperCase: contained.includes('UpperCase'),
    LowerCase: contained.includes('LowerCase'),
    Digits: contained.includes('Digits'),
    SpecialCharacters: contained.includes('SpecialCharacters'),
    days: String(rules.ForcePasswordChange ?? 0),
    reuse: String(rules.ReusePasswordLimit ?? 0),
    retry: String(rules.RetryPasswordLimit ?? 5),
    expired: String(rules.PasswordExpirationInvalidation ?? 2),
  }
}

function rulesOf(values: Values) {
  return {
    MinimumLength: Number(values.length),
    MustContain: kinds.filter((kind) => values[kind]).join(','),
    ForcePasswordChange: Number(values.days),
    ReusePasswordLimit: Number(values.reuse),
    RetryPasswordLimit: Number(values.retry),
    PasswordExpirationInvalidation: Number(values.expired),
  }
}

function problemsOf({ length, days, reuse, retry }: Values, t: Words['t']) {
  const within = (text: string, min: number, max: number) => {
    const number = Number(text)
    const isRight = text.trim() !== '' && Number.isInteger(number) && number >= min && number <= max
    return isRight ? undefined : t('access.from', { min, max })
  }
  return {
    length: within(length, 8, 32),
    days: within(days, 0, 365),
    reuse: within(reuse, 0, 24),
    retry: within(retry, 1, 100),
  }
}
