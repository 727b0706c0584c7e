// Login, push and pull for one repository, filled in for each client.

import { useState } from 'react'
import { useRead } from '../../api/use-api.ts'
import { usePerson } from '../../frame/person.ts'
import { Button } from '../../patterns/button.tsx'
import { ClientCommands, CommandBlock, clients } from '../../patterns/commands.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { loginCommand, pullCommand, pushCommand } from '../../patterns/registry-commands.ts'
import { Banner, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { isLocal, type NamedAddress, useRegistryAddresses } from './registry-address.ts'
import { splitPath } from './repository-path.ts'

interface RepositoryCommandsProps {
  readonly instance: string
  /** With the namespace. */
  readonly path: string
  /** What is shown; unless told, all three. */
  readonly only?: readonly CommandKind[]
}

type CommandKind = 'login' | 'push' | 'pull'

const allKinds: readonly CommandKind[] = ['login', 'push', 'pull']
/** Until something was pushed, no tag is better than another. */
const sampleTag = 'v1'

export function RepositoryCommands({ instance, path, only = allKinds }: RepositoryCommandsProps) {
  const { t } = useWords()
  const person = usePerson()
  const addresses = useRegistryAddresses(instance)
  const [kind, setKind] = useState<NamedAddress['kind']>('default')
  const address = addresses.find((one) => one.kind === kind) ?? addresses[0]
  const newest = useNewestTag(instance, path, only.includes('pull')) ?? sampleTag
  if (!address) return <Skeleton />
  return (
    <div className="stack">
      {addresses.length > 1 && (
        <label className="row">
          <span>{t('repositories.address')}</span>
          <select
            value={address.kind}
            onChange={(event) =>
              setKind(addresses.find((one) => one.kind === event.target.value)?.kind ?? 'default')
            }
          >
            {addresses.map((one) => (
              <option key={one.kind} value={one.kind}>
                {`${one.host} · ${t(addressWords[one.kind])}`}
              </option>
            ))}
          </select>
        </label>
      )}
      <ClientCommands
        label={path}
        among={clients}
        commandsOf={(client) => {
          const all = {
            login: {
              label: t('repositories.commandLogin'),
              lines: loginCommand(client, address, String(person.uin)),
            },
            push: {
              label: t('repositories.commandPush'),
              lines: pushCommand(client, address, `${path}:${sampleTag}`),
            },
            pull: {
              label: t('repositories.commandPull'),
              lines: pullCommand(client, address, `${path}:${newest}`),
            },
          }
          return only.map((one) => all[one])
        }}
      />
      {address.isPlain && !isLocal(address) && <PlainNote host={address.host} />}
    </div>
  )
}

/** A pull that works as it stands; undefined: nothing was pushed yet. */
function useNewestTag(instance: string, path: string, isWanted: boolean): string | undefined {
  const { namespace, name } = splitPath(path)
  const { data } = useRead(
    'DescribeRepositoryTags',
    { RegistryId: instance, NamespaceName: namespace, RepositoryName: name, Limit: 1 },
    { isEnabled: isWanted },
  )
  return data?.Tags[0]?.Tag
}

export const addressWords = {
  default: 'repositories.addressDefault',
  vpc: 'repositories.addressVpc',
  here: 'repositories.addressHere',
} as const

/** Docker refuses plain HTTP unless its daemon is told. */
export function PlainNote({ host }: { readonly host: string }) {
  const { t } = useWords()
  return (
    <Banner tone="warn">
      <p>{t('repositories.plainNote')}</p>
      <CommandBlock
        label="/etc/docker/daemon.json"
        lines={JSON.stringify({ 'insecure-registries': [host] })}
      />
    </Banner>
  )
}

interface QuickCommandsProps {
  readonly instance: string
  readonly path: string
  onClose(): void
}

export function QuickCommands({ onClose, ...rest }: QuickCommandsProps) {
  const { t } = useWords()
  return (
    <Dialog
      title={t('repositories.commandsOf', { name: rest.path })}
      form="wide"
      onClose={onClose}
      foot={<Button onClick={onClose}>{t('patterns.close')}</Button>}
    >
      <RepositoryCommands {...rest} />
    </Dialog>
  )
}
