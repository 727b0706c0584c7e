// A rule with its preview: what it would keep and remove, as it is typed.

import { useChange } from '../../api/use-api.ts'
import { useInstance } from '../../frame/use-instance.ts'
import { Button } from '../../patterns/button.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { CheckField, FixedField, RadioField, SelectField } from '../../patterns/fields.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'
import { Preview, usePreview } from './preview.tsx'
import { RuleItems } from './rule-items.tsx'
import { type Rule, type RuleValues, valuesOf, wireRule } from './rule-values.ts'
import { scheduleNames, scheduleWord } from './run-words.tsx'
import './retention.css'

interface RuleFormProps {
  readonly instance: string
  /** Undefined: a new one. */
  readonly rule: Rule | undefined
  /** Those without a rule. */
  readonly namespaces: readonly { readonly NamespaceName: string; readonly NamespaceId: number }[]
  readonly timeZone: string
  onClose(): void
}

export function RuleForm({ instance, rule, namespaces, timeZone, onClose }: RuleFormProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const { instance: shown } = useInstance(instance)
  const create = useChange('CreateTagRetentionRule')
  const modify = useChange('ModifyTagRetentionRule')
  const form = useForm<RuleValues>({
    initial: valuesOf(
      rule,
      namespaces.map(({ NamespaceId }) => NamespaceId),
    ),
    check: (values) => ({
      namespace: values.namespace === '' ? t('retention.chooseNamespace') : undefined,
      items: wireRule(values) ? undefined : t('retention.wrongNumber'),
    }),
    submit: (values) => {
      const input = {
        RegistryId: instance,
        NamespaceId: Number(values.namespace),
        CronSetting: scheduleNames.find((name) => name === values.schedule) ?? 'manual',
        Disabled: !values.isOn,
        ...wireRule(values),
      }
      return rule
        ? modify.mutateAsync({ ...input, RetentionId: rule.RetentionId })
        : create.mutateAsync(input)
    },
    apiNames: { namespace: 'NamespaceId', items: 'AdvancedRuleItems' },
  })
  const { values } = form
  const told = usePreview(instance, values)
  const removesMost = told !== undefined && told.Total - told.Retained > told.Total / 2
  return (
    <Dialog
      title={t(rule ? 'retention.configureTitle' : 'retention.create')}
      form="drawer"
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t('patterns.cancel')}</Button>
          <Button
            theme="primary"
            type="submit"
            form="rule-form"
            isBusy={form.isBusy}
            blocked={removesMost && !values.isSeen ? t('retention.seeFirst') : undefined}
          >
            {rule ? t('patterns.save') : t('retention.create')}
          </Button>
        </>
      }
    >
      <Form
        form={form}
        id="rule-form"
        onDone={() => {
          tell(t('retention.saved'))
          onClose()
        }}
      >
        <FixedField label={t('retention.instance')}>{shown?.RegistryName ?? instance}</FixedField>
        {rule ? (
          <FixedField label={t('retention.namespace')}>{rule.NamespaceName}</FixedField>
        ) : (
          <SelectField
            name="namespace"
            label={t('retention.namespace')}
            help={t('retention.namespaceHelp')}
            none={t('retention.chooseNamespace')}
            choices={namespaces.map(({ NamespaceName, NamespaceId }) => ({
              value: String(NamespaceId),
              label: NamespaceName,
            }))}
            isRequired
            isFinal
          />
        )}
        <RadioField
          name="mode"
          label={t('retention.mode')}
          choices={[
            { value: 'simple', label: t('retention.simple'), help: t('retention.simpleHelp') },
            {
              value: 'advanced',
              label: t('retention.advanced'),
              help: t('retention.advancedHelp'),
            },
          ]}
        />
        <RuleItems isSimple={values.mode === 'simple'} />
        <SelectField
          name="schedule"
          label={t('retention.schedule')}
          help={t('retention.scheduleHelp', { zone: timeZone })}
          choices={scheduleNames.map((value) => ({ value, label: t(scheduleWord(value)) }))}
        />
        <CheckField
          name="isOn"
          label={t('retention.enable')}
          help={t('retention.enableHelp')}
          isSwitch
        />
        <Preview told={told} />
        {removesMost && (
          <CheckField
            name="isSeen"
            label={t('retention.seen', { n: told.Total - told.Retained, all: told.Total })}
          />
        )}
      </Form>
    </Dialog>
  )
}
