// Cloud tags of an instance: what is set, changed and taken goes in one call.

import { useChange } from '../../api/use-api.ts'
import { usePerson } from '../../frame/person.ts'
import type { Instance } from '../../frame/use-instance.ts'
import { FixedField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'
import { checkTags, filledTags, type TagRow, TagRows } from './tag-rows.tsx'

interface EditTagsProps {
  readonly instance: Instance
  onClose(): void
}

export function EditTags({ instance, onClose }: EditTagsProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const { ownerUin } = usePerson()
  const change = useChange('ModifyResourceTags')
  const present = (instance.TagSpecification?.Tags ?? []).map(({ Key, Value }) => ({
    key: Key,
    value: Value,
  }))
  const form = useForm<{ readonly tags: readonly TagRow[] }>({
    initial: { tags: present.length > 0 ? present : [{ key: '', value: '' }] },
    check: ({ tags }) => ({ tags: checkTags(tags, t) }),
    submit: async ({ tags }) => {
      const wanted = filledTags(tags)
      const gone = present.filter(({ key }) => !wanted.some((tag) => tag.key === key))
      const resource = `instance/${instance.RegistryId}`
      await change.mutateAsync({
        Resource: `qcs::tcr:${instance.RegionName}:uin/${ownerUin}:${resource}`,
        ReplaceTags: wanted.map(({ key, value }) => ({ TagKey: key, TagValue: value })),
        DeleteTags: gone.map(({ key }) => ({ TagKey: key })),
      })
    },
  })
  return (
    <FormDialog
      title={t('instances.editTags')}
      form={form}
      verb={t('patterns.save')}
      onClose={onClose}
      onDone={() => {
        tell(t('instances.tagsSaved', { name: instance.RegistryName }))
        onClose()
      }}
    >
      <FixedField label={t('instances.instance')}>{instance.RegistryName}</FixedField>
      <TagRows />
    </FormDialog>
  )
}
