// How many bytes a namespace holds and may hold.

import { useState } from 'react'
import { EditIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { RadioField, SelectField, TextField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { formatBytes } from '../../patterns/format.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { Meter } from '../../patterns/shown.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { bytesOf, type QuotaUnit, quotaUnits, splitBytes } from './quota-units.ts'

interface ByteQuotaProps {
  readonly instance: string
  readonly name: string
  readonly mayEdit: boolean
}

type Quota = Reply<'DescribeNamespaceQuota'>

export function ByteQuota({ instance, name, mayEdit }: ByteQuotaProps) {
  const { t, locale } = useWords()
  const [isEditing, setEditing] = useState(false)
  const { data, error } = useRead('DescribeNamespaceQuota', {
    RegistryId: instance,
    NamespaceName: name,
  })
  return (
    <Panel
      title={t('namespaces.byteQuota')}
      actions={
        mayEdit &&
        data && (
          <Button icon={<EditIcon />} onClick={() => setEditing(true)}>
            {t('namespaces.setQuota')}
          </Button>
        )
      }
    >
      {error && <Failed error={error} />}
      {!data && !error && <Skeleton lines={1} />}
      {data && (
        <p className="row">
          <Meter
            used={data.UsedBytes}
            limit={data.LimitBytes}
            label={t('namespaces.byteQuota')}
            show={(value) => formatBytes(value, locale)}
          />
          {data.LimitBytes === null && <span className="quiet">{t('namespaces.noQuota')}</span>}
        </p>
      )}
      {isEditing && data && (
        <EditQuota instance={instance} name={name} quota={data} onClose={() => setEditing(false)} />
      )}
    </Panel>
  )
}

interface EditQuotaProps extends Omit<ByteQuotaProps, 'mayEdit'> {
  readonly quota: Quota
  onClose(): void
}

/** As a request writes it. */
const unlimited = -1
const firstLimit = 10 * 1024 ** 3

function EditQuota({ instance, name, quota, onClose }: EditQuotaProps) {
  const { t, locale } = useWords()
  const { tell } = useNotices()
  const modify = useChange('ModifyNamespaceQuota')
  const now = splitBytes(quota.LimitBytes ?? firstLimit)
  const form = useForm<{ kind: string; amount: string; unit: QuotaUnit }>({
    initial: {
      kind: quota.LimitBytes === null ? 'none' : 'limited',
      amount: String(now.amount),
      unit: now.unit,
    },
    check: ({ kind, amount, unit }) => ({
      amount:
        kind === 'limited' && bytesOf(amount, unit) === undefined
          ? t('namespaces.quotaRule')
          : undefined,
    }),
    submit: ({ kind, amount, unit }) =>
      modify.mutateAsync({
        RegistryId: instance,
        NamespaceName: name,
        LimitBytes: kind === 'none' ? unlimited : (bytesOf(amount, unit) ?? unlimited),
      }),
    apiNames: { amount: 'LimitBytes' },
  })
  return (
    <FormDialog
      title={t('namespaces.setQuotaOf', { name })}
      kind="dialog"
      form={form}
      verb={t('patterns.save')}
      onClose={onClose}
      onDone={() => {
        tell(t('namespaces.quotaSaved', { name }))
        onClose()
      }}
    >
      <RadioField
        name="kind"
        label={t('namespaces.byteQuota')}
        choices={[
          { value: 'none', label: t('namespaces.noQuota') },
          { value: 'limited', label: t('namespaces.limited') },
        ]}
      />
      {form.values.kind === 'limited' && (
        <div className="amount">
          <TextField
            name="amount"
            type="number"
            label={t('namespaces.amount')}
            help={t('namespaces.quotaHelp', { used: formatBytes(quota.UsedBytes, locale) })}
            min={0}
            isRequired
          />
          <SelectField
            name="unit"
            label={t('namespaces.unit')}
            choices={Object.entries(quotaUnits).map(([value, bytes]) => ({
              value,
              label: formatBytes(bytes, locale).replace(/^1\s*/, ''),
            }))}
          />
        </div>
      )}
    </FormDialog>
  )
}
