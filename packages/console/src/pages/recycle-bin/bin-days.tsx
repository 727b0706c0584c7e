// How long an instance keeps what was deleted.

import { useChange } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { TextField } from '../../patterns/fields.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'

interface BinDaysProps {
  readonly instance: string
  readonly days: number
  onClose(): void
}

const maxDays = 90
const formId = 'bin-days'

export function BinDays({ instance, days, onClose }: BinDaysProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const modify = useChange('ModifyRecycleBin')
  const form = useForm({
    initial: { days: String(days) },
    check: ({ days: text }) => {
      const wanted = Number(text)
      const isGood = text !== '' && Number.isInteger(wanted) && wanted >= 0 && wanted <= maxDays
      return { days: isGood ? undefined : t('bin.daysRule') }
    },
    submit: ({ days: text }) => modify.mutateAsync({ RegistryId: instance, Days: Number(text) }),
    apiNames: { days: 'Days' },
  })
  const isShorter = Number(form.values.days) < days
  return (
    <Dialog
      title={t('bin.daysTitle')}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t('patterns.cancel')}</Button>
          <Button type="submit" form={formId} theme="primary" isBusy={form.isBusy}>
            {t('patterns.save')}
          </Button>
        </>
      }
    >
      <Form
        id={formId}
        form={form}
        onDone={() => {
          tell(t('bin.daysSaved'))
          onClose()
        }}
      >
        <TextField
          name="days"
          type="number"
          min={0}
          max={maxDays}
          label={t('bin.days')}
          help={t(isShorter ? 'bin.shorter' : 'bin.daysHelp')}
          suffix={t('bin.daysUnit')}
        />
      </Form>
    </Dialog>
  )
}
