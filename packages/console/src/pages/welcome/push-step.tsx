// Steps 1 and 2: the client, and the lines to copy. A temporary password is made when it is asked for, and is in nothing
// but this page.

import { useState } from 'react'
import { CopyIcon, KeyIcon } from 'tdesign-icons-react'
import { useChange, useRead } from '../../api/use-api.ts'
import { usePerson } from '../../frame/person.ts'
import { Button } from '../../patterns/button.tsx'
import {
  type Client,
  CommandBlock,
  chooseClient,
  chosenClient,
  clients,
} from '../../patterns/commands.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { copyText } from '../../patterns/shown.tsx'
import { Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { PlainNote } from '../repositories/commands.tsx'
import { isLocal, useRegistryAddresses } from '../repositories/registry-address.ts'
import { namesSource, pushLines, sampleLine, sampleSource } from './push-lines.ts'

interface PushStepProps {
  readonly instance: string
  readonly namespace: string
}

export function PushStep({ instance, namespace }: PushStepProps) {
  const { t } = useWords()
  const { uin } = usePerson()
  const [client, setClient] = useState<Client>(() => chosenClient(clients))
  const [typed, setTyped] = useState<string>()
  const [password, setPassword] = useState<string>()
  const addresses = useAddresses(instance)
  const [host, setHost] = useState<string>()
  const address = addresses.find((one) => one.host === host) ?? addresses[0]
  if (!address) return <Skeleton />
  const source = typed === undefined || typed === '' ? sampleSource(client) : typed
  const lines = pushLines({ client, address, user: String(uin), password, namespace, source })
  return (
    <>
      <Panel title={t('welcome.client')}>
        <fieldset className="segments">
          <legend className="spoken">{t('patterns.client')}</legend>
          {clients.map((one) => (
            <label key={one} className="segment">
              <input
                type="radio"
                name="welcome-client"
                checked={client === one}
                onChange={() => {
                  chooseClient(one)
                  setTyped(undefined)
                  setClient(one)
                }}
              />
              <span>{one === 'nerdctl' ? 'nerdctl / containerd' : one}</span>
            </label>
          ))}
        </fieldset>
        <div className="row">
          {addresses.length > 1 && (
            <label className="welcome-field">
              <span className="field-label">{t('welcome.address')}</span>
              <select value={address.host} onChange={(event) => setHost(event.target.value)}>
                {addresses.map((one) => (
                  <option key={one.host} value={one.host}>
                    {one.host}
                  </option>
                ))}
              </select>
            </label>
          )}
          {namesSource(client) && (
            <label className="welcome-field">
              <span className="field-label">
                {t(client === 'helm' ? 'welcome.chart' : 'welcome.image')}
              </span>
              <span className="input">
                <input
                  value={typed ?? ''}
                  placeholder={sampleSource(client)}
                  spellCheck={false}
                  onChange={(event) => setTyped(event.target.value.trim())}
                />
              </span>
            </label>
          )}
        </div>
        {address.isPlain &&
          (isLocal(address) ? (
            <p className="quiet">{t('welcome.plainLocal')}</p>
          ) : (
            <PlainNote host={address.host} />
          ))}
      </Panel>
      <Panel
        title={t('welcome.copy')}
        actions={<PasswordButton instance={instance} password={password} onMade={setPassword} />}
      >
        <Lines lines={lines} hasPassword={password !== undefined} />
        <details className="welcome-sample">
          <summary>{t('welcome.noImageAtHand')}</summary>
          <CommandBlock label={t('welcome.noImageAtHand')} lines={sampleLine(client)} />
        </details>
      </Panel>
    </>
  )
}

/** The default instance answers at the host of this page, too: first where that is this very machine. */
function useAddresses(instance: string) {
  const named = useRegistryAddresses(instance)
  const { data: deployment } = useRead('DescribeDeployment', {})
  if (deployment?.DefaultRegistryId !== instance) return named
  const port = deployment.Port === null ? '' : `:${deployment.Port}`
  const here = { host: `${deployment.Host}${port}`, isPlain: deployment.Scheme === 'http' }
  const others = named.filter(({ host }) => host !== here.host)
  return isLocal(here) ? [here, ...others] : [...others, here]
}

interface LinesProps {
  readonly lines: readonly string[]
  readonly hasPassword: boolean
}

function Lines({ lines, hasPassword }: LinesProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  return (
    <>
      <ol className="welcome-lines">
        {lines.map((line, at) => (
          <li key={line}>
            <CommandBlock label={t('welcome.line', { n: at + 1 })} lines={line} />
          </li>
        ))}
      </ol>
      <div className="row">
        <Button
          icon={<CopyIcon />}
          onClick={() =>
            void copyText(lines.join('\n')).then(() =>
              tell(t('patterns.copied'), { isQuiet: true }),
            )
          }
        >
          {t('welcome.copyAll')}
        </Button>
        <span className="quiet" role="status">
          {t(hasPassword ? 'welcome.passwordInside' : 'welcome.passwordAsked')}
        </span>
      </div>
    </>
  )
}

interface PasswordButtonProps {
  readonly instance: string
  readonly password: string | undefined
  onMade(password: string): void
}

function PasswordButton({ instance, password, onMade }: PasswordButtonProps) {
  const { t } = useWords()
  const { tellError } = useNotices()
  const create = useChange('CreateInstanceToken')
  return (
    <Button
      theme={password === undefined ? 'primary' : 'default'}
      icon={<KeyIcon />}
      isBusy={create.isPending}
      onClick={() => {
        create
          .mutateAsync({ RegistryId: instance, TokenType: 'temp' })
          .then(({ Token }) => onMade(Token), tellError)
      }}
    >
      {t(password === undefined ? 'welcome.makePassword' : 'welcome.makeAnother')}
    </Button>
  )
}
