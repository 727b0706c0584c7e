// A new repository: in a namespace of the account, with a name of one level.

import { Link } from '@tanstack/react-router'
import { pageRows, useChange, useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { AreaField, RadioField, SelectField, TextField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Banner } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { usePersonalAddress } from './personal-address.ts'

interface CreateRepositoryProps {
  readonly region: string
  /** Chosen at first; empty: none. */
  readonly namespace: string
  onClose(): void
}

const namePattern = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/
const maxDescriptionChars = 1000

export function CreateRepository({ region, namespace, onClose }: CreateRepositoryProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const address = usePersonalAddress()
  const create = useChange('CreateRepositoryPersonal')
  const { data } = useRead('DescribeNamespacePersonal', {
    Namespace: '',
    Limit: pageRows,
    Offset: 0,
  })
  const namespaces = data?.Data.NamespaceInfo ?? []
  const form = useForm({
    initial: { namespace, name: '', access: 'private', description: '' },
    check: (values) => ({
      namespace: values.namespace === '' ? t('personal.chooseNamespace') : undefined,
      name: namePattern.test(values.name) ? undefined : t('personal.repositoryRule'),
      description:
        values.description.length > maxDescriptionChars ? t('personal.tooLong') : undefined,
    }),
    submit: (values) =>
      create.mutateAsync({
        RepoName: `${values.namespace}/${values.name}`,
        Public: values.access === 'public' ? 1 : 0,
        Description: values.description,
      }),
    draftKey: 'personal-repository',
    apiNames: { name: 'RepoName', access: 'Public', description: 'Description' },
  })
  const { values } = form
  const full = `${values.namespace || '…'}/${values.name || '…'}`
  return (
    <FormDialog
      title={t('personal.createRepository')}
      form={form}
      verb={t('personal.createRepository')}
      onClose={onClose}
      onDone={() => {
        tell(t('personal.repositoryMade', { name: full }))
        onClose()
      }}
    >
      <SelectField
        name="namespace"
        label={t('personal.namespace')}
        none={t('personal.choose')}
        choices={namespaces.map(({ Namespace: value }) => ({ value, label: value }))}
        help={
          namespaces.length === 0 && data ? (
            <Link to={`${paths.personal(region, 'namespaces')}?open=new`}>
              {t('personal.makeNamespaceFirst')}
            </Link>
          ) : undefined
        }
        isRequired
        isFinal
      />
      <TextField
        name="name"
        label={t('personal.name')}
        help={<code>{address ? `${address.host}/${full}` : full}</code>}
        isRequired
        isFinal
      />
      <RadioField
        name="access"
        label={t('personal.access')}
        choices={[
          { value: 'private', label: t('personal.private'), help: t('personal.privateHelp') },
          { value: 'public', label: t('personal.public'), help: t('personal.publicHelp') },
        ]}
      />
      {values.access === 'public' && <Banner tone="warn">{t('personal.publicWarning')}</Banner>}
      <AreaField name="description" label={t('personal.description')} />
    </FormDialog>
  )
}
