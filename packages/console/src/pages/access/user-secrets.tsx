// What a new user, or one with a new password, logs in with: shown once.

import { basePath } from '../../api/call.ts'
import { usePerson } from '../../frame/person.ts'
import { SecretDialog, type SecretPart } from '../../patterns/secret.tsx'
import { useWords } from '../../words/use-words.ts'

interface Made {
  readonly Name: string
  readonly Uin?: number
  readonly Password?: string
  readonly SecretId?: string
  readonly SecretKey?: string
}

interface UserSecretsProps {
  readonly made: Made
  readonly onClose: () => void
}

export function UserSecrets({ made, onClose }: UserSecretsProps) {
  const { t } = useWords()
  const { ownerUin } = usePerson()
  const { Name, Uin, Password, SecretId, SecretKey } = made
  const parts: readonly SecretPart[] = [
    ...(Password
      ? [
          { label: t('access.loginAddress'), value: `${location.origin}${basePath}login` },
          { label: t('access.loginName'), value: `${ownerUin}/${Name}` },
          ...(Uin === undefined ? [] : [{ label: t('access.uin'), value: String(Uin) }]),
          { label: t('access.password'), value: Password, isSecret: true },
        ]
      : []),
    ...(SecretId && SecretKey
      ? [
          { label: t('access.secretId'), value: SecretId },
          { label: t('access.secretKey'), value: SecretKey, isSecret: true },
        ]
      : []),
  ]
  return (
    <SecretDialog
      title={t('access.secretsOf', { name: Name })}
      about={t('access.secretsAbout')}
      parts={parts}
      fileName={`${Name}.txt`}
      onClose={onClose}
    />
  )
}
