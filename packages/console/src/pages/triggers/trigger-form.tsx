// A trigger as it is made or changed, with a test beside each of its targets.

import { Link } from '@tanstack/react-router'
import { useDeferredValue } from 'react'
import { useChange, useRead } from '../../api/use-api.ts'
import { useInstance } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { explainError } from '../../patterns/errors.tsx'
import {
  CheckField,
  FixedField,
  RadioField,
  SelectField,
  TextField,
} from '../../patterns/fields.tsx'
import { Form, useForm, useFormState } from '../../patterns/form.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'
import { TargetFields } from './target-fields.tsx'
import {
  changeEvents,
  conditionFrom,
  eventsOf,
  eventWords,
  pullEvents,
  type Trigger,
  type TriggerEvent,
  type TriggerValues,
  targetInput,
  valuesOf,
} from './trigger-words.ts'
import { useNamespaces } from './use-namespaces.ts'

interface TriggerFormProps {
  readonly instance: string
  /** Undefined: a new one. */
  readonly trigger: Trigger | undefined
  onClose(): void
  onSecret(name: string, secret: string): void
}

const namePattern = /^[a-z0-9][a-z0-9._-]*$/

/** The only namespace there is needs no choosing, so they are known before the form begins. */
export function TriggerForm(props: TriggerFormProps) {
  const { names, isPending } = useNamespaces(props.instance)
  if (isPending) return null
  return <FilledForm {...props} namespaces={names} />
}

function useSave({ instance, trigger, onSecret }: TriggerFormProps) {
  const { tellError } = useNotices()
  const create = useChange('CreateWebhookTrigger')
  const modify = useChange('ModifyWebhookTrigger')
  const options = useChange('ModifyWebhookTriggerOptions')
  const rotate = useChange('RotateWebhookSecret')
  return async (values: TriggerValues): Promise<void> => {
    const of = { RegistryId: instance, Namespace: values.namespace }
    const Trigger = {
      Name: values.name,
      Description: values.description,
      EventTypes: eventsOf(values),
      Condition: conditionFrom(values),
      Enabled: values.isOn,
      Targets: values.targets.map(targetInput),
    }
    const BodyFormat =
      values.bodyFormat === 'cloudevents' ? ('cloudevents' as const) : ('tcr' as const)
    if (trigger) {
      await modify.mutateAsync({ ...of, Trigger: { ...Trigger, Id: trigger.Id } })
      if (BodyFormat !== trigger.BodyFormat) {
        await options.mutateAsync({ ...of, Id: trigger.Id, BodyFormat })
      }
      return
    }
    const { Trigger: made } = await create.mutateAsync({ ...of, Trigger })
    const key = { ...of, Id: made.Id }
    try {
      if (BodyFormat !== 'tcr') await options.mutateAsync({ ...key, BodyFormat })
      const { SigningSecret } = await rotate.mutateAsync(key)
      onSecret(values.name, SigningSecret)
    } catch (error) {
      // It is made: what is left can be done from its row.
      tellError(error)
    }
  }
}

function FilledForm(props: TriggerFormProps & { readonly namespaces: readonly string[] }) {
  const { instance, trigger, namespaces, onClose } = props
  const { t } = useWords()
  const { tell } = useNotices()
  const { instance: shown } = useInstance(instance)
  const form = useForm<TriggerValues>({
    initial: valuesOf(trigger, namespaces),
    check: (values) => ({
      namespace: values.namespace === '' ? t('triggers.chooseNamespace') : undefined,
      name: namePattern.test(values.name) ? undefined : t('triggers.nameWrong'),
      events: eventsOf(values).length === 0 ? t('triggers.chooseEvent') : undefined,
      targets: values.targets.every(({ address }) => isHttp(address))
        ? undefined
        : t('triggers.urlWrong'),
    }),
    submit: useSave(props),
    apiNames: { name: 'Name', condition: 'Condition', targets: 'Targets' },
  })
  const { values } = form
  return (
    <Dialog
      title={t(trigger ? 'triggers.configureTitle' : 'triggers.create')}
      form="drawer"
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t('patterns.cancel')}</Button>
          <Button theme="primary" type="submit" form="trigger-form" isBusy={form.isBusy}>
            {trigger ? t('patterns.save') : t('triggers.create')}
          </Button>
        </>
      }
    >
      <Form
        form={form}
        id="trigger-form"
        onDone={() => {
          tell(t('triggers.saved', { name: values.name }))
          onClose()
        }}
      >
        <TextField
          name="name"
          label={t('triggers.name')}
          help={t('triggers.nameHelp')}
          maxLength={128}
          isRequired
        />
        <TextField name="description" label={t('triggers.description')} maxLength={255} />
        <EventFields />
        <FixedField label={t('triggers.instance')}>{shown?.RegistryName ?? instance}</FixedField>
        {trigger ? (
          <FixedField label={t('triggers.namespace')}>{trigger.NamespaceName}</FixedField>
        ) : (
          <SelectField
            name="namespace"
            label={t('triggers.namespace')}
            help={
              namespaces.length === 0 && (
                <>
                  {t('triggers.noNamespace')}{' '}
                  <Link to={paths.namespaces(instance)}>{t('triggers.makeNamespace')}</Link>
                </>
              )
            }
            none={t('triggers.chooseNamespace')}
            choices={namespaces.map((value) => ({ value, label: value }))}
            isRequired
            isFinal
          />
        )}
        <ConditionFields instance={instance} />
        <TargetFields instance={instance} trigger={trigger} />
        <SelectField
          name="bodyFormat"
          label={t('triggers.bodyFormat')}
          choices={[
            { value: 'tcr', label: t('triggers.bodyTcr') },
            { value: 'cloudevents', label: t('triggers.bodyCloud') },
          ]}
        />
        <CheckField name="isOn" label={t('triggers.enable')} isSwitch />
      </Form>
    </Dialog>
  )
}

function isHttp(address: string): boolean {
  return /^https?:$/.test(URL.parse(address.trim())?.protocol ?? '')
}

function EventFields() {
  const { t } = useWords()
  const { problems, shown } = useFormState()
  const boxes = (group: readonly TriggerEvent[]) =>
    group.map((event) => <CheckField key={event} name={event} label={t(eventWords[event])} />)
  return (
    <fieldset className="field">
      <legend className="field-label">{t('triggers.events')}</legend>
      <div className="event-boxes">{boxes(changeEvents)}</div>
      <div className="event-boxes">{boxes(pullEvents)}</div>
      <div className="field-foot">
        {shown.has('events') && problems.events !== undefined && (
          <div className="field-problem" role="alert">
            {problems.events}
          </div>
        )}
        <div className="field-help">{t('triggers.pullsHelp')}</div>
      </div>
    </fieldset>
  )
}

function ConditionFields({ instance }: { readonly instance: string }) {
  const { t } = useWords()
  const { values } = useFormState()
  return (
    <>
      <RadioField
        name="kind"
        label={t('triggers.conditions')}
        choices={[
          { value: 'patterns', label: t('triggers.patterns'), help: t('triggers.patternsHelp') },
          {
            value: 'expression',
            label: t('triggers.expression'),
            help: t('triggers.expressionHelp'),
          },
        ]}
      />
      {values.kind === 'patterns' ? (
        <>
          <TextField name="repository" label={t('triggers.repository')} placeholder="**" />
          <TextField name="tag" label={t('triggers.tag')} placeholder="**" />
        </>
      ) : (
        <TextField name="condition" label={t('triggers.expression')} maxLength={512} isRequired />
      )}
      <TextField name="image" label={t('triggers.tryImage')} help={t('triggers.tryHelp')} />
      <ConditionMatch instance={instance} values={values} />
    </>
  )
}

interface ConditionMatchProps {
  readonly instance: string
  readonly values: TriggerValues
}

/** Asked of the server, whose regular expressions are the ones that count. */
function ConditionMatch({ instance, values }: ConditionMatchProps) {
  const { t } = useWords()
  const Image = useDeferredValue(values.image)
  const Condition = useDeferredValue(conditionFrom(values))
  const { data, error } = useRead(
    'DescribeWebhookConditionMatch',
    { RegistryId: instance, Condition, Image },
    { isEnabled: Image !== '' && Condition !== '', keepsPrevious: true },
  )
  return (
    <p className="condition-match" role="status">
      {Image === '' || Condition === ''
        ? ''
        : error
          ? explainError(error, t)
          : data && t(data.Matches ? 'triggers.matches' : 'triggers.matchesNot')}
    </p>
  )
}
