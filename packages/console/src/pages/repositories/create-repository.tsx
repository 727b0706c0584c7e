// A repository made by hand, before its first push; a push makes one too.

import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useChange, useRead } from '../../api/use-api.ts'
import { useInstance } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { AreaField, FixedField, SelectField, TextField } from '../../patterns/fields.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { FreeText } from '../../patterns/shown.tsx'
import { Banner } from '../../patterns/states.tsx'
import { withWords } from '../../words/load-words.ts'
import { useWords } from '../../words/use-words.ts'
import { useRegistryAddresses } from './registry-address.ts'

const Markdown = lazy(withWords([], () => import('../../patterns/markdown.tsx')))

interface CreateRepositoryProps {
  readonly instance: string
  /** Chosen already. */
  readonly namespace: string
  onClose(): void
  onCreated(namespace: string, name: string): void
}

const namePattern = /^(?=.{2,200}$)[a-z0-9]+(?:(?:[._-]|\/)[a-z0-9]+)*$/
const maxBriefChars = 100
const maxDescriptionChars = 1000
/** The API's page; more namespaces than that are found on their own page. */
const maxNamespaces = 200

/** The only namespace there is needs no choosing, so they are known before the form begins. */
export function CreateRepository(props: CreateRepositoryProps) {
  const { data, isPending } = useRead('DescribeNamespaces', {
    RegistryId: props.instance,
    Limit: maxNamespaces,
  })
  if (isPending) return null
  const names = (data?.NamespaceList ?? []).map(({ Name }) => Name)
  const only = names.length === 1 ? (names[0] ?? '') : ''
  return <CreateForm {...props} namespace={props.namespace || only} namespaces={names} />
}

interface CreateFormProps extends CreateRepositoryProps {
  readonly namespaces: readonly string[]
}

function CreateForm(props: CreateFormProps) {
  const { instance, namespace, namespaces, onClose, onCreated } = props
  const { t } = useWords()
  const { tell } = useNotices()
  const { instance: shown } = useInstance(instance)
  const create = useChange('CreateRepository')
  const form = useForm({
    initial: { namespace, name: '', brief: '', description: '' },
    check: ({ namespace: chosen, name, brief, description }) => ({
      namespace: chosen === '' ? t('repositories.chooseNamespace') : undefined,
      name: namePattern.test(name) ? undefined : t('repositories.nameRule'),
      brief: brief.length > maxBriefChars ? t('repositories.briefRule') : undefined,
      description:
        description.length > maxDescriptionChars ? t('repositories.descriptionRule') : undefined,
    }),
    submit: (values) =>
      create.mutateAsync({
        RegistryId: instance,
        NamespaceName: values.namespace,
        RepositoryName: values.name,
        BriefDescription: values.brief,
        Description: values.description,
      }),
    draftKey: `repository-of-${instance}`,
    apiNames: {
      namespace: 'NamespaceName',
      name: 'RepositoryName',
      brief: 'BriefDescription',
      description: 'Description',
    },
  })
  const { values } = form
  const foot = (
    <>
      <Button onClick={onClose}>{t('patterns.cancel')}</Button>
      <Button theme="primary" type="submit" form="create-repository" isBusy={form.isBusy}>
        {t('repositories.create')}
      </Button>
    </>
  )
  return (
    <Dialog title={t('repositories.create')} form="drawer" onClose={onClose} foot={foot}>
      <Form
        form={form}
        id="create-repository"
        onDone={() => {
          tell(t('repositories.wasCreated', { name: `${values.namespace}/${values.name}` }))
          onCreated(values.namespace, values.name)
        }}
      >
        <FixedField label={t('repositories.instance')}>
          {shown?.RegistryName ?? instance}
        </FixedField>
        {namespaces.length === 0 && (
          <Banner tone="warn">
            {t('repositories.noNamespace')}{' '}
            <Link to={paths.namespaces(instance)}>{t('repositories.makeNamespace')}</Link>
          </Banner>
        )}
        <SelectField
          name="namespace"
          label={t('repositories.namespace')}
          choices={namespaces.map((one) => ({ value: one, label: one }))}
          none={t('repositories.chooseNamespace')}
          isRequired
          isFinal
        />
        <TextField
          name="name"
          label={t('repositories.name')}
          help={t('repositories.nameHelp')}
          isRequired
          isFinal
        />
        <AddressPreview instance={instance} namespace={values.namespace} name={values.name} />
        <TextField
          name="brief"
          label={t('repositories.brief')}
          help={t('repositories.charsUsed', { n: values.brief.length, limit: maxBriefChars })}
        />
        <AreaField
          name="description"
          label={t('repositories.description')}
          rows={6}
          help={t('repositories.markdownHelp', {
            n: values.description.length,
            limit: maxDescriptionChars,
          })}
        />
        {values.description !== '' && <Preview text={values.description} />}
      </Form>
    </Dialog>
  )
}

interface AddressPreviewProps {
  readonly instance: string
  readonly namespace: string
  readonly name: string
}

/** Builds up as it is typed. */
function AddressPreview({ instance, namespace, name }: AddressPreviewProps) {
  const { t } = useWords()
  const host = useRegistryAddresses(instance)[0]?.host
  const part = (text: string, missing: string) =>
    text === '' ? <span className="quiet">{`<${missing}>`}</span> : <strong>{text}</strong>
  return (
    <FixedField label={t('repositories.willBe')}>
      <code className="address-preview">
        {host === undefined ? '' : `${host}/`}
        {part(namespace, t('repositories.namespace'))}/{part(name, t('repositories.name'))}
      </code>
    </FixedField>
  )
}

function Preview({ text }: { readonly text: string }) {
  const { t } = useWords()
  return (
    <section className="preview" aria-label={t('repositories.preview')}>
      <p className="field-help">{t('repositories.preview')}</p>
      <Suspense fallback={<FreeText text={text} />}>
        <Markdown text={text} isInner />
      </Suspense>
    </section>
  )
}
