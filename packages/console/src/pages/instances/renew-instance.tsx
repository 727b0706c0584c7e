// More months for a prepaid instance, or the change from paying by use to paying in advance.

import { useChange } from '../../api/use-api.ts'
import type { Instance } from '../../frame/use-instance.ts'
import { FixedField, RadioField, SelectField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { readTime } from '../../patterns/format.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import { BillingTerm, inAdvance, renewals } from './billing-term.tsx'

interface RenewInstanceProps {
  readonly instance: Instance
  onClose(): void
}

/** Flags of RenewInstance. */
const renew = 0
const becomePrepaid = 1

export function RenewInstance({ instance, onClose }: RenewInstanceProps) {
  const { t, locale } = useWords()
  const { tell } = useNotices()
  const change = useChange('RenewInstance')
  const isPrepaid = instance.PayMod === inAdvance
  const form = useForm({
    initial: { months: '12', renewal: String(instance.RenewFlag) },
    submit: ({ months, renewal }) =>
      change.mutateAsync({
        RegistryId: instance.RegistryId,
        RegistryChargePrepaid: { Period: Number(months), RenewFlag: Number(renewal) },
        Flag: isPrepaid ? renew : becomePrepaid,
      }),
    apiNames: { months: 'Period', renewal: 'RenewFlag' },
  })
  const end = endAfter(isPrepaid ? instance.ExpiredAt : '', Number(form.values.months))
  const title = isPrepaid ? t('instances.renew') : t('instances.becomePrepaid')
  return (
    <FormDialog
      title={title}
      kind="dialog"
      form={form}
      verb={title}
      onClose={onClose}
      onDone={() => {
        tell(t('instances.renewed', { name: instance.RegistryName }))
        onClose()
      }}
    >
      <FixedField label={t('instances.instance')}>{instance.RegistryName}</FixedField>
      <FixedField label={t('instances.billing')}>
        <BillingTerm instance={instance} />
      </FixedField>
      <PrepaidFields t={t} />
      <p role="status">
        {t('instances.newEnd', {
          date: new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(end),
        })}
      </p>
    </FormDialog>
  )
}

const terms = [1, 2, 3, 6, 12, 24, 36, 48, 60]

/** `months` and `renewal` of the form around. */
export function PrepaidFields({ t }: { readonly t: Words['t'] }) {
  return (
    <>
      <SelectField
        name="months"
        label={t('instances.period')}
        choices={terms.map((n) => ({ value: String(n), label: t('instances.months', { n }) }))}
        help={t('instances.expiredHelp')}
      />
      <RadioField
        name="renewal"
        label={t('instances.renewal')}
        choices={renewals.map((key, flag) => ({ value: String(flag), label: t(key) }))}
      />
    </>
  )
}

/** The server counts anew from now where the time is over. */
function endAfter(expiredAt: string, months: number): Date {
  const now = new Date()
  const end = readTime(expiredAt)
  const start = end !== undefined && end > now ? end : now
  const next = new Date(start)
  next.setMonth(next.getMonth() + months)
  return next
}
