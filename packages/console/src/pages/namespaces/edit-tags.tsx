// The cloud tags of one namespace: what is set, changed and taken goes in one call.

import { useChange } from '../../api/use-api.ts'
import { FixedField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'
import { checkTags, filledTags, type TagRow, TagRows } from '../instances/tag-rows.tsx'
import { useNamespaceResource } from './namespace-resource.ts'

interface EditTagsProps {
  readonly instance: string
  readonly name: string
  readonly tags: readonly { readonly Key: string; readonly Value: string }[]
  onClose(): void
}

export function EditTags({ instance, name, tags: present, onClose }: EditTagsProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const change = useChange('ModifyResourceTags')
  const resourceOf = useNamespaceResource(instance)
  const rows = present.map(({ Key, Value }) => ({ key: Key, value: Value }))
  const form = useForm<{ readonly tags: readonly TagRow[] }>({
    initial: { tags: rows.length > 0 ? rows : [{ key: '', value: '' }] },
    check: ({ tags }) => ({ tags: checkTags(tags, t) }),
    submit: ({ tags }) => {
      const wanted = filledTags(tags)
      const gone = present.filter(({ Key }) => !wanted.some(({ key }) => key === Key))
      return change.mutateAsync({
        Resource: resourceOf(name),
        ReplaceTags: wanted.map(({ key, value }) => ({ TagKey: key, TagValue: value })),
        DeleteTags: gone.map(({ Key }) => ({ TagKey: Key })),
      })
    },
  })
  return (
    <FormDialog
      title={t('namespaces.editTags')}
      form={form}
      verb={t('patterns.save')}
      onClose={onClose}
      onDone={() => {
        tell(t('namespaces.tagsSaved', { name }))
        onClose()
      }}
    >
      <FixedField label={t('namespaces.name')}>{name}</FixedField>
      <TagRows label={t('namespaces.tags')} />
    </FormDialog>
  )
}
