// How to log in to an instance with one client: the address to choose, the command, and why it was refused.

import { type ReactNode, useState } from 'react'
import { ClientCommands } from '../../patterns/commands.tsx'
import { loginCommand, pipedLogin } from '../../patterns/registry-commands.ts'
import { Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { WhyRefused } from '../refusals/refusals-drawer.tsx'
import { addressWords, PlainNote } from '../repositories/commands.tsx'
import {
  isLocal,
  type NamedAddress,
  useRegistryAddresses,
} from '../repositories/registry-address.ts'

interface LoginBlockProps {
  readonly instance: string
  readonly user: string
  /** Goes into the command, by standard input; without it the client asks. */
  readonly password?: string
  /** More that depends on the address. */
  children?(address: NamedAddress): ReactNode
}

export function LoginBlock({ instance, user, password, children }: LoginBlockProps) {
  const { t } = useWords()
  const addresses = useRegistryAddresses(instance)
  const [kind, setKind] = useState<NamedAddress['kind']>('default')
  const address = addresses.find((one) => one.kind === kind) ?? addresses[0]
  if (!address) return <Skeleton />
  return (
    <div className="stack">
      <div className="login-block-head">
        {addresses.length > 1 && (
          <label className="row">
            <span>{t('repositories.address')}</span>
            <select
              value={address.kind}
              onChange={(event) => setKind(event.target.value === 'vpc' ? 'vpc' : 'default')}
            >
              {addresses.map((one) => (
                <option key={one.kind} value={one.kind}>
                  {`${one.host} · ${t(addressWords[one.kind])}`}
                </option>
              ))}
            </select>
          </label>
        )}
        <WhyRefused instance={instance} />
      </div>
      <ClientCommands
        label={t('credentials.logIn')}
        commandsOf={(client) => [
          {
            label: t('credentials.loginCommand'),
            lines:
              password === undefined
                ? loginCommand(client, address, user)
                : pipedLogin(client, address, user, password),
          },
        ]}
      />
      {address.isPlain && !isLocal(address) && <PlainNote host={address.host} />}
      {children?.(address)}
    </div>
  )
}
