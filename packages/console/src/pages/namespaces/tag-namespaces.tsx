// Cloud tags for many namespaces at once: they are set beside those that each has.

import { useState } from 'react'
import { call } from '../../api/call.ts'
import { Button } from '../../patterns/button.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useWords } from '../../words/use-words.ts'
import { checkTags, filledTags, type TagRow, TagRows } from '../instances/tag-rows.tsx'
import { BulkProgress } from '../repositories/bulk-work.tsx'
import { useNamespaceResource } from './namespace-resource.ts'

interface TagNamespacesProps {
  readonly instance: string
  readonly names: readonly string[]
  onClose(): void
}

/** The API takes so many resources in a call. */
const namesPerCall = 10

export function TagNamespaces({ instance, names, onClose }: TagNamespacesProps) {
  const { t } = useWords()
  const resourceOf = useNamespaceResource(instance)
  const [chosen, setChosen] = useState<readonly TagRow[]>()
  const form = useForm<{ readonly tags: readonly TagRow[] }>({
    initial: { tags: [{ key: '', value: '' }] },
    check: ({ tags }) => ({
      tags:
        checkTags(tags, t) ??
        (filledTags(tags).length === 0 ? t('namespaces.noTagYet') : undefined),
    }),
    submit: async ({ tags }) => setChosen(filledTags(tags)),
  })
  const title = t('namespaces.tagMany', { n: names.length })
  if (chosen) {
    return (
      <BulkProgress
        title={title}
        workTitle={title}
        items={names}
        batchSize={namesPerCall}
        run={async (batch) => {
          const { FailedResources } = await call('TagResources', {
            ResourceList: batch.map(resourceOf),
            Tags: chosen.map(({ key, value }) => ({ TagKey: key, TagValue: value })),
          })
          const [failed] = FailedResources
          if (failed) throw new Error(failed.Message)
        }}
        progressLabel={(done, of) => t('namespaces.taggedSome', { done, of })}
        onClose={onClose}
      />
    )
  }
  return (
    <Dialog
      title={title}
      form="drawer"
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t('patterns.cancel')}</Button>
          <Button theme="primary" type="submit" form="tag-namespaces" isBusy={form.isBusy}>
            {t('patterns.save')}
          </Button>
        </>
      }
    >
      <p>{t('namespaces.tagManyAbout')}</p>
      <Form form={form} id="tag-namespaces">
        <TagRows label={t('namespaces.tags')} />
      </Form>
    </Dialog>
  )
}
