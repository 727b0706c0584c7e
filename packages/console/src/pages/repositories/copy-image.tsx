// Copying an image within the instance, or giving it another tag where it is. No bytes move.

import { parseRepositoryPath, parseTag } from '@entrepot/oci/reference.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { useInstance } from '../../frame/use-instance.ts'
import type { RepositoryAt } from '../../paths.ts'
import { CheckField, FixedField, SelectField, TextField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Banner } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { fullPath } from './repository-input.ts'

interface CopyImageProps {
  readonly at: RepositoryAt
  /** Tag or digest. */
  readonly reference: string
  /** To begin with. */
  readonly tag: string
  onClose(): void
}

/** The API's page. */
const maxNamespaces = 200

export function useNamespaceNames(instance: string): readonly string[] {
  const { data } = useRead('DescribeNamespaces', { RegistryId: instance, Limit: maxNamespaces })
  return (data?.NamespaceList ?? []).map(({ Name }) => Name)
}

export function CopyImage({ at, reference, tag, onClose }: CopyImageProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const { instance } = useInstance(at.instance)
  const listed = useNamespaceNames(at.instance)
  const namespaces = listed.includes(at.namespace) ? listed : [at.namespace, ...listed]
  const copy = useChange('DuplicateImage')
  const form = useForm({
    initial: { namespace: at.namespace, repository: at.path, tag, override: false },
    check: (values) => ({
      repository: parseRepositoryPath(`${values.namespace}/${values.repository}`)
        ? undefined
        : t('repositories.nameRule'),
      tag: parseTag(values.tag) ? undefined : t('repositories.tagRule'),
    }),
    submit: (values) =>
      copy.mutateAsync({
        RegistryId: at.instance,
        SourceNamespace: at.namespace,
        SourceRepo: at.path,
        SourceReference: reference,
        DestinationNamespace: values.namespace,
        DestinationRepo: values.repository,
        DestinationTag: values.tag,
        Override: values.override,
      }),
    apiNames: {
      namespace: 'DestinationNamespace',
      repository: 'DestinationRepo',
      tag: 'DestinationTag',
      override: 'Override',
    },
  })
  const { values } = form
  const to = `${values.namespace}/${values.repository}:${values.tag}`
  const isSame = to === `${fullPath(at)}:${reference}`
  return (
    <FormDialog
      title={t('repositories.copyOrRetag')}
      form={form}
      verb={t('repositories.copy')}
      blocked={isSame ? t('repositories.copySame') : undefined}
      onClose={onClose}
      onDone={() => {
        tell(t('repositories.copied', { name: to }))
        onClose()
      }}
    >
      <FixedField label={t('repositories.instance')}>
        {instance?.RegistryName ?? at.instance}
      </FixedField>
      <FixedField label={t('repositories.copyFrom')}>
        <code>{nameOf(fullPath(at), reference)}</code>
      </FixedField>
      <SelectField
        name="namespace"
        label={t('repositories.toNamespace')}
        choices={namespaces.map((name) => ({ value: name, label: name }))}
        isRequired
      />
      <TextField name="repository" label={t('repositories.toRepository')} isRequired />
      <TextField name="tag" label={t('repositories.toTag')} isRequired />
      <CheckField
        name="override"
        label={t('repositories.override')}
        help={t('repositories.overrideHelp')}
      />
      <Banner>{t('repositories.copyAfter', { name: to })}</Banner>
    </FormDialog>
  )
}

function nameOf(path: string, reference: string): string {
  return reference.includes(':') ? `${path}@${reference}` : `${path}:${reference}`
}
