import { Confirm } from '../../patterns/confirm.tsx'
import { useWords } from '../../words/use-words.ts'

interface DeniesMeProps {
  run(): Promise<unknown>
  onClose(): void
}

/** The second question, before one takes rights from oneself. */
export function DeniesMe({ run, onClose }: DeniesMeProps) {
  const { t } = useWords()
  return (
    <Confirm
      title={t('policies.deniesMeTitle')}
      verb={t('policies.deniesMeVerb')}
      run={run}
      onClose={onClose}
    >
      <p>{t('policies.deniesMeAbout')}</p>
    </Confirm>
  )
}
