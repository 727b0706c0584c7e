// Bringing something back: what it will be, and what is in the way.

import { call } from '../../api/call.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Failed } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { ConfirmedWork } from '../repositories/bulk-work.tsx'
import { imageOf } from './deletion-columns.tsx'
import type { Deletion } from './recycle-bin.tsx'

interface RestoreProps {
  readonly instance: string
  readonly deletion: Deletion
  onClose(): void
}

export function inputOf(instance: string, deletion: Deletion) {
  const { NamespaceName, RepositoryName, DeletionId } = deletion
  return { RegistryId: instance, NamespaceName, RepositoryName, DeletionId }
}

export function RestoreDeletion({ instance, deletion, onClose }: RestoreProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const restore = useChange('RestoreDeletion')
  const input = inputOf(instance, deletion)
  const { data, error, isPending } = useRead('DescribeDeletion', input)
  const name = imageOf(deletion)
  const taken = data?.TakenTags ?? []
  // A tag alone has nothing else that could come back.
  const isTaken = data?.IsNameTaken || (deletion.Kind === 'Tag' && taken.length > 0)
  return (
    <Confirm
      title={t('bin.restoreTitle', { name })}
      verb={t('bin.restore')}
      isSafe
      isWaiting={isPending}
      {...(isTaken && {
        blockers: <p>{t(deletion.Kind === 'Tag' ? 'bin.tagTaken' : 'bin.nameTaken')}</p>,
      })}
      run={() => restore.mutateAsync({ ...input, LeaveTakenTags: taken.length > 0 })}
      onClose={onClose}
      onDone={() => tell(t('bin.restored', { name }))}
    >
      {error && <Failed error={error} />}
      <p>{t('bin.restoreAbout')}</p>
      {data?.MakesNamespace && <p>{t('bin.makesNamespace', { name: deletion.NamespaceName })}</p>}
      {data && data.Tags.length > 0 && deletion.Kind === 'Manifest' && (
        <Tags label={t('bin.tagsBack')} tags={data.Tags.filter((tag) => !taken.includes(tag))} />
      )}
      {taken.length > 0 && deletion.Kind === 'Manifest' && (
        <Tags label={t('bin.tagsLeft')} tags={taken} />
      )}
    </Confirm>
  )
}

function Tags({ label, tags }: { readonly label: string; readonly tags: readonly string[] }) {
  if (tags.length === 0) return null
  return (
    <>
      <p>{label}</p>
      <ul className="lost">
        {tags.map((tag) => (
          <li key={tag}>
            <bdi>{tag}</bdi>
          </li>
        ))}
      </ul>
    </>
  )
}

interface RestoreSeveralProps {
  readonly instance: string
  readonly deletions: readonly Deletion[]
  onClose(): void
}

/** One after the other: each comes back, or says why not. */
export function RestoreSeveral({ instance, deletions, onClose }: RestoreSeveralProps) {
  const { t } = useWords()
  const byName = new Map(deletions.map((deletion) => [nameOf(deletion), deletion]))
  return (
    <ConfirmedWork
      title={t('bin.restoreManyTitle', { n: deletions.length })}
      workTitle={t('bin.restoring')}
      verb={t('bin.restore')}
      isWaiting={false}
      items={[...byName.keys()]}
      enqueue={undefined}
      batchSize={1}
      run={async ([name = '']) => {
        const deletion = byName.get(name)
        if (deletion) await call('RestoreDeletion', inputOf(instance, deletion))
      }}
      progressLabel={(done, of) => t('bin.restoredSome', { done, of })}
      onClose={onClose}
    >
      <p>{t('bin.restoreAbout')}</p>
    </ConfirmedWork>
  )
}

/** The same name may lie there several times. */
export function nameOf(deletion: Deletion): string {
  return `${imageOf(deletion)} · ${deletion.DeletionId}`
}
