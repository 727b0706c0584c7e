// What helm is told, in both worlds: the chart repository of a namespace, and OCI.

import { type ReactNode, useState } from 'react'
import { usePerson } from '../../frame/person.ts'
import { useInstance } from '../../frame/use-instance.ts'
import type { ChartAt } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { CommandBlock } from '../../patterns/commands.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { loginCommand } from '../../patterns/registry-commands.ts'
import { Skeleton } from '../../patterns/states.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'
import { useRegistryAddresses } from '../repositories/registry-address.ts'
import { useChart } from './chart-input.ts'
import { type ChartSource, ociCommands, repositoryCommands } from './helm-commands.ts'

const worlds = ['repository', 'oci'] as const
type World = (typeof worlds)[number]
const worldWords = { repository: 'charts.worldRepository', oci: 'charts.worldOci' } as const

interface ChartCommandsProps {
  readonly at: ChartAt
  readonly version?: string
  /** False: only OCI clients reach it. */
  readonly isInIndex?: boolean
}

export function ChartCommands({ at, version, isInIndex = true }: ChartCommandsProps) {
  const { chart } = useChart(at)
  const { instance, namespace, chart: name } = at
  const shown = version ?? chart?.LatestVersion
  return <WorldCommands {...{ instance, namespace, name, version: shown, isInIndex }} />
}

/** Before there is a chart. */
export function NamespaceCommands(place: {
  readonly instance: string
  readonly namespace: string
}) {
  const { t } = useWords()
  if (place.namespace === '') return null
  return <WorldCommands {...place} name={t('charts.sampleName')} version={undefined} isInIndex />
}

interface WorldCommandsProps {
  readonly instance: string
  readonly namespace: string
  readonly name: string
  readonly version: string | undefined
  readonly isInIndex: boolean
}

function WorldCommands({ instance: id, isInIndex, ...source }: WorldCommandsProps) {
  const { t } = useWords()
  const person = usePerson()
  const { instance } = useInstance(id)
  const address = useRegistryAddresses(id)[0]
  const [chosen, setWorld] = useState<World>('repository')
  if (!address || !instance) return <Skeleton />
  const world = isInIndex ? chosen : 'oci'
  const whole: ChartSource = { ...source, address, instanceName: instance.RegistryName }
  const login = { login: loginCommand('helm', address, String(person.uin)) }
  const commands =
    world === 'oci'
      ? { ...login, ...ociCommands(whole) }
      : repositoryCommands(whole, String(person.uin))
  return (
    <div className="stack">
      {isInIndex && (
        <fieldset className="segments">
          <legend className="spoken">{t('charts.world')}</legend>
          {worlds.map((one) => (
            <label key={one} className="segment">
              <input
                type="radio"
                name={`world-${source.name}`}
                checked={world === one}
                onChange={() => setWorld(one)}
              />
              <span>{t(worldWords[one])}</span>
            </label>
          ))}
        </fieldset>
      )}
      {Object.entries(commands).map(([what, lines]) => (
        <div key={what}>
          <p className="command-label">{t(commandWords[what as keyof typeof commandWords])}</p>
          <CommandBlock label={t(commandWords[what as keyof typeof commandWords])} lines={lines} />
        </div>
      ))}
    </div>
  )
}

const commandWords = {
  login: 'charts.commandLogin',
  add: 'charts.commandAdd',
  push: 'charts.commandPush',
  pull: 'charts.commandPull',
  install: 'charts.commandInstall',
} as const satisfies Readonly<Record<string, WordKey>>

interface QuickCommandsProps {
  readonly name: string
  readonly children: ReactNode
  onClose(): void
}

export function QuickCommands({ name, children, onClose }: QuickCommandsProps) {
  const { t } = useWords()
  return (
    <Dialog
      title={t('charts.commandsOf', { name })}
      form="wide"
      onClose={onClose}
      foot={<Button onClick={onClose}>{t('patterns.close')}</Button>}
    >
      {children}
    </Dialog>
  )
}
