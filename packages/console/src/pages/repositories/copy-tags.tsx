// Copying several tags to another repository; they keep their names.

import { parseRepositoryPath } from '@entrepot/oci/reference.ts'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import type { RepositoryAt } from '../../paths.ts'
import { CheckField, SelectField, TextField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { Banner } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { BulkProgress } from './bulk-work.tsx'
import { useNamespaceNames } from './copy-image.tsx'
import { fullPath } from './repository-input.ts'
import type { TagRow } from './tag-columns.tsx'

interface CopyTagsProps {
  readonly at: RepositoryAt
  readonly tags: readonly TagRow[]
  onClose(): void
}

export function CopyTags({ at, tags, onClose }: CopyTagsProps) {
  const { t } = useWords()
  const [isBegun, setBegun] = useState(false)
  const namespaces = useNamespaceNames(at.instance)
  const form = useForm({
    initial: { namespace: '', repository: at.path, override: false },
    check: ({ namespace, repository }) => ({
      namespace: namespace === '' ? t('repositories.chooseNamespace') : undefined,
      repository: parseRepositoryPath(`${namespace || 'any'}/${repository}`)
        ? undefined
        : t('repositories.nameRule'),
    }),
    submit: async () => undefined,
  })
  const { namespace, repository, override } = form.values
  const to = `${namespace}/${repository}`
  const title = t('repositories.copyTagsTitle', { n: tags.length })
  if (isBegun) {
    return (
      <BulkProgress
        title={title}
        workTitle={title}
        items={tags.map(({ Tag }) => Tag)}
        batchSize={1}
        run={([tag = '']) =>
          call('DuplicateImage', {
            RegistryId: at.instance,
            SourceNamespace: at.namespace,
            SourceRepo: at.path,
            SourceReference: tag,
            DestinationNamespace: namespace,
            DestinationRepo: repository,
            DestinationTag: tag,
            Override: override,
          })
        }
        progressLabel={(done, of) => t('repositories.copiedSome', { done, of })}
        onClose={onClose}
      />
    )
  }
  return (
    <FormDialog
      title={title}
      form={form}
      verb={t('repositories.copy')}
      blocked={to === fullPath(at) ? t('repositories.copySame') : undefined}
      onClose={onClose}
      onDone={() => setBegun(true)}
    >
      <SelectField
        name="namespace"
        label={t('repositories.toNamespace')}
        choices={namespaces.map((name) => ({ value: name, label: name }))}
        none={t('repositories.chooseNamespace')}
        isRequired
      />
      <TextField name="repository" label={t('repositories.toRepository')} isRequired />
      <CheckField
        name="override"
        label={t('repositories.override')}
        help={t('repositories.overrideHelp')}
      />
      {namespace !== '' && (
        <Banner>{t('repositories.copyTagsAfter', { n: tags.length, name: to })}</Banner>
      )}
    </FormDialog>
  )
}
