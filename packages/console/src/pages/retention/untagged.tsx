// How long a namespace keeps manifests that nothing names.

import type { Reply } from '../../api/call.ts'
import { useChange } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { RadioField, SelectField, TextField } from '../../patterns/fields.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'
import { isCount } from './rule-values.ts'

interface UntaggedProps {
  readonly instance: string
  readonly namespaces: Reply<'DescribeNamespaceRetention'>['Namespaces']
  onClose(): void
}

export function Untagged({ instance, namespaces, onClose }: UntaggedProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const modify = useChange('ModifyNamespaceUntagged')
  const first = namespaces[0]
  const form = useForm({
    initial: { namespace: first?.NamespaceName ?? '', ...settingOf(first) },
    check: ({ keep, days }) => ({
      days: keep === 'days' && !isCount(days) ? t('retention.wrongNumber') : undefined,
    }),
    submit: ({ namespace, keep, days }) =>
      modify.mutateAsync({
        RegistryId: instance,
        NamespaceName: namespace,
        ...(keep === 'days' && { UntaggedDays: Number(days) }),
      }),
    apiNames: { days: 'UntaggedDays' },
  })
  const { values } = form
  const set = namespaces.find(({ NamespaceName }) => NamespaceName === values.namespace)
  return (
    <Dialog
      title={t('retention.untagged')}
      form="drawer"
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t('patterns.cancel')}</Button>
          <Button theme="primary" type="submit" form="untagged-form" isBusy={form.isBusy}>
            {t('patterns.save')}
          </Button>
        </>
      }
    >
      <Form
        form={form}
        id="untagged-form"
        onDone={() => {
          tell(t('retention.saved'))
          onClose()
        }}
      >
        <p>{t('retention.untaggedAbout')}</p>
        <SelectField
          name="namespace"
          label={t('retention.namespace')}
          help={
            set?.UntaggedDays
              ? t('retention.untaggedNow', { n: set.UntaggedDays })
              : t('retention.untaggedKept')
          }
          choices={namespaces.map(({ NamespaceName }) => ({
            value: NamespaceName,
            label: NamespaceName,
          }))}
        />
        <RadioField
          name="keep"
          label={t('retention.untaggedKeep')}
          choices={[
            { value: 'always', label: t('retention.keepAlways') },
            { value: 'days', label: t('retention.keepSome') },
          ]}
        />
        {values.keep === 'days' && (
          <TextField name="days" label={t('retention.days')} type="number" min={1} isRequired />
        )}
      </Form>
    </Dialog>
  )
}

function settingOf(namespace: { readonly UntaggedDays: number | null } | undefined) {
  const days = namespace?.UntaggedDays ?? null
  return { keep: days === null ? 'always' : 'days', days: String(days ?? 30) }
}
