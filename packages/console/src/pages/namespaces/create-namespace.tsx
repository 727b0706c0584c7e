import { useChange } from '../../api/use-api.ts'
import { useInstance } from '../../frame/use-instance.ts'
import { FixedField, RadioField, TextField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Banner } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { checkTags, filledTags, type TagRow, TagRows } from '../instances/tag-rows.tsx'

interface CreateNamespaceProps {
  readonly instance: string
  onClose(): void
}

interface NamespaceValues {
  readonly name: string
  readonly access: string
  readonly tags: readonly TagRow[]
}

const namePattern = /^(?=.{2,30}$)[a-z0-9]+(?:[._-][a-z0-9]+)*$/

export function CreateNamespace({ instance, onClose }: CreateNamespaceProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const { instance: shown } = useInstance(instance)
  const create = useChange('CreateNamespace')
  const form = useForm<NamespaceValues>({
    initial: { name: '', access: 'private', tags: [] },
    check: ({ name, tags }) => ({
      name: namePattern.test(name) ? undefined : t('namespaces.nameRule'),
      tags: checkTags(tags, t),
    }),
    submit: ({ name, access, tags }) =>
      create.mutateAsync({
        RegistryId: instance,
        NamespaceName: name,
        IsPublic: access === 'public',
        ...(filledTags(tags).length > 0 && {
          TagSpecification: {
            ResourceType: 'namespace',
            Tags: filledTags(tags).map(({ key, value }) => ({ Key: key, Value: value })),
          },
        }),
      }),
    draftKey: `namespace-of-${instance}`,
    apiNames: { name: 'NamespaceName', access: 'IsPublic', tags: 'TagSpecification' },
  })
  const { name, access } = form.values
  return (
    <FormDialog
      title={t('namespaces.create')}
      form={form}
      verb={t('namespaces.create')}
      onClose={onClose}
      onDone={() => {
        tell(t('namespaces.wasCreated', { name }))
        onClose()
      }}
    >
      <FixedField label={t('namespaces.instance')}>{shown?.RegistryName ?? instance}</FixedField>
      <TextField
        name="name"
        label={t('namespaces.name')}
        help={t('namespaces.nameHelp')}
        maxLength={30}
        isRequired
        isFinal
        hasFocus
      />
      <RadioField
        name="access"
        label={t('namespaces.access')}
        choices={[
          {
            value: 'private',
            label: t('namespaces.private'),
            help: t('namespaces.privateHelp'),
          },
          { value: 'public', label: t('namespaces.public'), help: t('namespaces.publicHelp') },
        ]}
      />
      {access === 'public' && (
        <Banner tone="warn">
          <p>{t('namespaces.publicWarning')}</p>
          {shown && !shown.EnableAnonymous && <p>{t('namespaces.anonymousOff')}</p>}
        </Banner>
      )}
      <TagRows label={t('namespaces.tags')} />
    </FormDialog>
  )
}
