// Emptying the recycle bin, by a job.

import { useNavigate } from '@tanstack/react-router'
import { useChange } from '../../api/use-api.ts'
import { useInstance } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords } from '../../words/use-words.ts'

interface EmptyBinProps {
  readonly instance: string
  readonly count: number
  onClose(): void
}

export function EmptyBin({ instance, count, onClose }: EmptyBinProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const navigate = useNavigate()
  const { instance: shown } = useInstance(instance)
  const empty = useChange('EmptyRecycleBin')
  return (
    <Confirm
      title={t('bin.emptyTitle')}
      verb={t('bin.empty')}
      typeName={shown?.RegistryName ?? instance}
      run={async () => {
        const { JobId } = await empty.mutateAsync({ RegistryId: instance })
        const look = () => void navigate({ to: paths.job(JobId) })
        tell(t('bin.emptying'), { action: { label: t('bin.showJob'), run: look } })
      }}
      onClose={onClose}
    >
      <p>{t('bin.emptyAbout', { n: count })}</p>
      <p>{t('bin.forGood')}</p>
    </Confirm>
  )
}
