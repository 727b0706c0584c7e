// Cloud tags for many instances at once: they are set beside those that each has.

import { useState } from 'react'
import { call } from '../../api/call.ts'
import { usePerson } from '../../frame/person.ts'
import type { Instance } from '../../frame/use-instance.ts'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useWords } from '../../words/use-words.ts'
import { BulkProgress } from '../repositories/bulk-work.tsx'
import { checkTags, filledTags, type TagRow, TagRows } from './tag-rows.tsx'

interface TagInstancesProps {
  readonly instances: readonly Instance[]
  onClose(): void
}

/** The API takes so many resources in a call. */
const resourcesPerCall = 10

export function TagInstances({ instances, onClose }: TagInstancesProps) {
  const { t } = useWords()
  const { ownerUin } = usePerson()
  const [chosen, setChosen] = useState<readonly TagRow[]>()
  const regions = new Map(instances.map(({ RegistryId, RegionName }) => [RegistryId, RegionName]))
  const form = useForm<{ readonly tags: readonly TagRow[] }>({
    initial: { tags: [{ key: '', value: '' }] },
    check: ({ tags }) => ({
      tags:
        checkTags(tags, t) ?? (filledTags(tags).length === 0 ? t('instances.noTagYet') : undefined),
    }),
    submit: async () => undefined,
  })
  const title = t('instances.tagMany', { n: instances.length })
  if (chosen) {
    return (
      <BulkProgress
        title={title}
        workTitle={title}
        items={[...regions.keys()]}
        batchSize={resourcesPerCall}
        run={async (batch) => {
          const { FailedResources } = await call('TagResources', {
            ResourceList: batch.map(
              (id) => `qcs::tcr:${regions.get(id) ?? ''}:uin/${ownerUin}:instance/${id}`,
            ),
            Tags: chosen.map(({ key, value }) => ({ TagKey: key, TagValue: value })),
          })
          const [failed] = FailedResources
          if (failed) throw new Error(failed.Message)
        }}
        progressLabel={(done, of) => t('instances.taggedSome', { done, of })}
        onClose={onClose}
      />
    )
  }
  return (
    <FormDialog
      title={title}
      form={form}
      verb={t('patterns.save')}
      onClose={onClose}
      onDone={() => setChosen(filledTags(form.values.tags))}
    >
      <p>{t('instances.tagManyAbout')}</p>
      <TagRows />
    </FormDialog>
  )
}
