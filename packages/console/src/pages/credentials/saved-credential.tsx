// A login that is shown once: user name and password, and all forms in which clients take them.

import { DownloadIcon } from 'tdesign-icons-react'
import { Button } from '../../patterns/button.tsx'
import { CommandBlock } from '../../patterns/commands.tsx'
import { downloadText, SecretDialog } from '../../patterns/secret.tsx'
import { useWords } from '../../words/use-words.ts'
import { dockerConfig, pullSecret, type RegistryLogin, secretName } from './docker-config.ts'
import { LoginBlock } from './login-block.tsx'
import './credentials.css'

interface SavedCredentialProps {
  readonly title: string
  readonly about: string
  readonly instance: string
  readonly user: string
  readonly password: string
  /** The user name in another spelling. */
  readonly alsoUser?: string
  onClose(): void
}

export function SavedCredential(props: SavedCredentialProps) {
  const { title, about, instance, user, password, alsoUser, onClose } = props
  const { t } = useWords()
  const parts = [
    { label: t('credentials.userName'), value: user },
    ...(alsoUser === undefined ? [] : [{ label: t('credentials.alsoUser'), value: alsoUser }]),
    { label: t('credentials.password'), value: password, isSecret: true },
  ]
  return (
    <SecretDialog
      title={title}
      about={about}
      parts={parts}
      fileName={`${secretName(user)}.txt`}
      onClose={onClose}
    >
      <LoginBlock instance={instance} user={user}>
        {({ host }) => <LoginFiles login={{ host, user, password }} />}
      </LoginBlock>
    </SecretDialog>
  )
}

/** They hold the password: folded until they are wanted. */
function LoginFiles({ login }: { readonly login: RegistryLogin }) {
  const { t } = useWords()
  const name = secretName(login.user)
  return (
    <div>
      <LoginFile
        title={t('credentials.pullSecret')}
        about={t('credentials.pullSecretAbout')}
        text={pullSecret(login, name)}
        fileName={`${name}.yaml`}
      />
      <LoginFile
        title={t('credentials.dockerConfig')}
        about={t('credentials.dockerConfigAbout')}
        text={dockerConfig(login)}
        fileName="config.json"
      />
    </div>
  )
}

interface LoginFileProps {
  readonly title: string
  readonly about: string
  readonly text: string
  readonly fileName: string
}

function LoginFile({ title, about, text, fileName }: LoginFileProps) {
  const { t } = useWords()
  return (
    <details className="login-file">
      <summary>{title}</summary>
      <p className="quiet">{about}</p>
      <CommandBlock lines={text} label={title} />
      <Button icon={<DownloadIcon />} onClick={() => downloadText(fileName, text)}>
        {t('credentials.saveAs', { file: fileName })}
      </Button>
    </details>
  )
}
