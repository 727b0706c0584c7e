// How long the events of an instance are kept; longer than its edition says, where that is set.

import { useState } from 'react'
import { useChange, useRead } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Facts } from '../../patterns/detail.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { TextField } from '../../patterns/fields.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { Time } from '../../patterns/shown.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'

interface RetentionDialogProps {
  /** The one that is looked at; empty: none in particular. */
  readonly instance: string
  onClose(): void
}

const shownInstances = 100
const maxDays = 3650

export function RetentionDialog({ instance, onClose }: RetentionDialogProps) {
  const { t } = useWords()
  const [chosen, setChosen] = useState(instance)
  const { data } = useRead('DescribeInstances', { AllRegion: true, Limit: shownInstances })
  const instances = data?.Registries ?? []
  const id = chosen || (instances[0]?.RegistryId ?? '')
  return (
    <Dialog
      title={t('audit.retention')}
      form="wide"
      onClose={onClose}
      foot={<Button onClick={onClose}>{t('patterns.close')}</Button>}
    >
      <p>{t('audit.retentionAbout')}</p>
      <label className="field">
        <span className="field-label">{t('audit.instance')}</span>
        <select value={id} onChange={(event) => setChosen(event.target.value)}>
          {instances.map(({ RegistryId, RegistryName }) => (
            <option key={RegistryId} value={RegistryId}>
              {`${RegistryName} (${RegistryId})`}
            </option>
          ))}
        </select>
      </label>
      {id !== '' && <Retention key={id} instance={id} />}
    </Dialog>
  )
}

function Retention({ instance }: { readonly instance: string }) {
  const { t } = useWords()
  const { data, error } = useRead('DescribeAuditRetention', { RegistryId: instance })
  const resource = `instance/${instance}`
  const { may } = useRights([['tcr:ModifyAuditRetention', resource]])
  if (error) return <Failed error={error} />
  if (!data) return <Skeleton />
  return (
    <>
      <Facts
        facts={[
          { label: t('audit.keptFor'), value: t('audit.days', { n: data.Days }) },
          { label: t('audit.editionDays'), value: t('audit.days', { n: data.EditionDays }) },
          {
            label: t('audit.oldest'),
            value: <Time at={data.OldestTime} none={t('audit.noEvent')} />,
          },
        ]}
      />
      {may('tcr:ModifyAuditRetention', resource) && (
        <ChangeRetention
          key={data.Days}
          instance={instance}
          days={data.Days}
          least={data.EditionDays}
        />
      )}
    </>
  )
}

interface ChangeRetentionProps {
  readonly instance: string
  readonly days: number
  readonly least: number
}

function ChangeRetention({ instance, days, least }: ChangeRetentionProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const modify = useChange('ModifyAuditRetention')
  const form = useForm({
    initial: { days: String(days) },
    check: ({ days: text }) => {
      const wanted = Number(text)
      const isGood = Number.isInteger(wanted) && wanted >= least && wanted <= maxDays
      return { days: isGood ? undefined : t('audit.daysRule', { least, most: maxDays }) }
    },
    submit: ({ days: text }) => modify.mutateAsync({ RegistryId: instance, Days: Number(text) }),
    apiNames: { days: 'Days' },
  })
  const isShorter = Number(form.values.days) < days
  return (
    <Form form={form} onDone={() => tell(t('audit.retentionSaved'))}>
      <TextField
        name="days"
        type="number"
        min={least}
        max={maxDays}
        label={t('audit.keepFor')}
        help={isShorter ? t('audit.shorterAbout') : t('audit.keepForHelp')}
        suffix={t('audit.daysUnit')}
      />
      <div className="form-foot">
        <Button type="submit" theme="primary" isBusy={form.isBusy}>
          {t('patterns.save')}
        </Button>
      </div>
    </Form>
  )
}
