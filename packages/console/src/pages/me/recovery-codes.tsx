import { SecretDialog } from '../../patterns/secret.tsx'
import { useWords } from '../../words/use-words.ts'

interface RecoveryCodesProps {
  readonly codes: readonly string[]
  readonly onClose: () => void
}

/** Each is good for one login without the device. */
export function RecoveryCodes({ codes, onClose }: RecoveryCodesProps) {
  const { t } = useWords()
  return (
    <SecretDialog
      title={t('me.recoveryCodes')}
      about={t('me.recoveryAbout')}
      parts={codes.map((value, at) => ({ label: t('me.codeNumber', { n: at + 1 }), value }))}
      fileName="entrepot-recovery-codes.txt"
      onClose={onClose}
    />
  )
}
