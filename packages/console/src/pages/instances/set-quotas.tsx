// Quotas as the operator sets them: empty is what the edition says. One below what is used stops growth and deletes
// nothing.

import { useChange } from '../../api/use-api.ts'
import type { Instance } from '../../frame/use-instance.ts'
import { FixedField, TextField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { formatBytes, formatNumber } from '../../patterns/format.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'
import { type Quota, quotaWords } from './quota-words.ts'

interface SetQuotasProps {
  readonly instance: Instance
  readonly quotas: readonly Quota[]
  onClose(): void
}

/** Bytes are typed in GiB. */
const gibibyte = 2 ** 30

type Values = Readonly<Record<Quota['Name'], string>>

export function SetQuotas({ instance, quotas, onClose }: SetQuotasProps) {
  const { t, locale } = useWords()
  const { tell } = useNotices()
  const change = useChange('ModifyInstanceQuota')
  const form = useForm<Values>({
    initial: Object.fromEntries(quotas.map((one) => [one.Name, textOf(one)])) as Values,
    check: (values) =>
      Object.fromEntries(
        Object.entries(values).map(([name, text]) => [
          name,
          /^(?:\d{1,9}(?:\.\d{1,3})?)?$/.test(text) ? undefined : t('instances.quotaNumber'),
        ]),
      ),
    submit: (values) =>
      change.mutateAsync({
        TargetRegistryId: instance.RegistryId,
        Quotas: quotas.map(({ Name }) => ({
          Name,
          ...(values[Name] !== '' && { Limit: limitOf(Name, values[Name]) }),
        })),
      }),
  })
  const show = ({ Name, Used, EditionLimit }: Quota) => {
    const figure = (value: number) =>
      Name === 'StoredBytes' ? formatBytes(value, locale) : formatNumber(value, locale)
    const byEdition = EditionLimit === null ? t('instances.noLimit') : figure(EditionLimit)
    return t('instances.quotaHelp', { used: figure(Used), limit: byEdition })
  }
  return (
    <FormDialog
      title={t('instances.setQuotas')}
      form={form}
      verb={t('patterns.save')}
      onClose={onClose}
      onDone={() => {
        tell(t('instances.saved'))
        onClose()
      }}
    >
      <FixedField label={t('instances.instance')}>{instance.RegistryName}</FixedField>
      <p className="quiet">{t('instances.setQuotasAbout')}</p>
      {quotas.map((one) => (
        <TextField
          key={one.Name}
          name={one.Name}
          label={t(quotaWords[one.Name])}
          help={show(one)}
          {...(one.Name === 'StoredBytes' && { suffix: t('instances.gibibytes') })}
        />
      ))}
    </FormDialog>
  )
}

/** Empty where it is what the edition says. */
function textOf({ Name, Limit, EditionLimit }: Quota): string {
  if (Limit === null || Limit === EditionLimit) return ''
  return String(Name === 'StoredBytes' ? Number((Limit / gibibyte).toFixed(3)) : Limit)
}

function limitOf(name: Quota['Name'], text: string): number {
  return Math.round(Number(text) * (name === 'StoredBytes' ? gibibyte : 1))
}
