// What a new main account, or one with a new password, logs in with: shown once.

import { basePath } from '../../api/call.ts'
import { SecretDialog, type SecretPart } from '../../patterns/secret.tsx'
import { useWords } from '../../words/use-words.ts'

export interface MadeAccount {
  readonly Uin: number
  readonly Name: string
  readonly Password: string
  readonly SecretId?: string | null
  readonly SecretKey?: string | null
}

interface AccountSecretsProps {
  readonly made: MadeAccount
  onClose(): void
}

export function AccountSecrets({ made, onClose }: AccountSecretsProps) {
  const { t } = useWords()
  const { Uin, Name, Password, SecretId, SecretKey } = made
  const parts: readonly SecretPart[] = [
    { label: t('system.loginAddress'), value: `${location.origin}${basePath}login` },
    { label: t('system.uin'), value: String(Uin) },
    { label: t('system.password'), value: Password, isSecret: true },
    ...(SecretId && SecretKey
      ? [
          { label: t('system.secretId'), value: SecretId },
          { label: t('system.secretKey'), value: SecretKey, isSecret: true },
        ]
      : []),
  ]
  return (
    <SecretDialog
      title={t('system.secretsOf', { name: Name })}
      about={t('system.secretsAbout')}
      parts={parts}
      fileName={`${Uin}.txt`}
      onClose={onClose}
    />
  )
}
