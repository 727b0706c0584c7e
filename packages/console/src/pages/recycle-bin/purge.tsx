// Taking things out of the recycle bin for good.

import { call } from '../../api/call.ts'
import { useChange } from '../../api/use-api.ts'
import { useInstance } from '../../frame/use-instance.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'
import { ConfirmedWork } from '../repositories/bulk-work.tsx'
import { imageOf } from './deletion-columns.tsx'
import type { Deletion } from './recycle-bin.tsx'
import { inputOf, nameOf } from './restore.tsx'

interface PurgeProps {
  readonly instance: string
  readonly deletion: Deletion
  onClose(): void
}

export function PurgeDeletion({ instance, deletion, onClose }: PurgeProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const purge = useChange('PurgeDeletion')
  const name = imageOf(deletion)
  return (
    <Confirm
      title={t('bin.purgeTitle', { name })}
      verb={t('bin.purge')}
      typeName={name}
      run={() => purge.mutateAsync(inputOf(instance, deletion))}
      onClose={onClose}
      onDone={() => tell(t('bin.purged', { name }))}
    >
      <p>{t('bin.forGood')}</p>
      {deletion.Kind === 'Manifest' && <p>{t('bin.purgeDigest')}</p>}
    </Confirm>
  )
}

interface PurgeSeveralProps {
  readonly instance: string
  readonly deletions: readonly Deletion[]
  onClose(): void
}

export function PurgeSeveral({ instance, deletions, onClose }: PurgeSeveralProps) {
  const { t } = useWords()
  const { instance: shown } = useInstance(instance)
  const byName = new Map(deletions.map((deletion) => [nameOf(deletion), deletion]))
  return (
    <ConfirmedWork
      title={t('bin.purgeManyTitle', { n: deletions.length })}
      workTitle={t('bin.purging')}
      verb={t('bin.purge')}
      typeName={shown?.RegistryName ?? instance}
      isWaiting={false}
      items={[...byName.keys()]}
      enqueue={undefined}
      batchSize={1}
      run={async ([name = '']) => {
        const deletion = byName.get(name)
        if (deletion) await call('PurgeDeletion', inputOf(instance, deletion))
      }}
      progressLabel={(done, of) => t('bin.purgedSome', { done, of })}
      onClose={onClose}
    >
      <p>{t('bin.forGood')}</p>
    </ConfirmedWork>
  )
}
