// Blocks to copy: the commands of each client, filled in. A secret is never an argument.

import { useState } from 'react'
import { useWords } from '../words/use-words.ts'
import { CopyButton } from './shown.tsx'

export const clients = ['docker', 'podman', 'nerdctl', 'skopeo', 'crane', 'helm'] as const
export type Client = (typeof clients)[number]

const storageKey = 'entrepot.client'

/** The one that was chosen last, where it is among them. */
export function chosenClient(among: readonly Client[]): Client {
  const kept = localStorage.getItem(storageKey)
  return among.find((one) => one === kept) ?? among[0] ?? 'docker'
}

/** Remembers it for the next block. */
export function chooseClient(client: Client): void {
  localStorage.setItem(storageKey, client)
}

export function CommandBlock({ lines, label }: { readonly lines: string; readonly label: string }) {
  return (
    <section className="command" aria-label={label}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways can be scrolled by keys */}
      <pre tabIndex={0}>
        <code>{lines}</code>
      </pre>
      <CopyButton text={lines} what={label} />
    </section>
  )
}

interface ClientCommandsProps {
  readonly label: string
  /** Those that can do it. */
  readonly among?: readonly Client[]
  commandsOf(client: Client): readonly { readonly label: string; readonly lines: string }[]
}

/** The client that was chosen is remembered. */
export function ClientCommands({ label, among = clients, commandsOf }: ClientCommandsProps) {
  const { t } = useWords()
  const [client, setClient] = useState(() => chosenClient(among))
  return (
    <div className="client-commands">
      <fieldset className="segments">
        <legend className="spoken">{t('patterns.client')}</legend>
        {among.map((one) => (
          <label key={one} className="segment">
            <input
              type="radio"
              name={`client-${label}`}
              checked={client === one}
              onChange={() => {
                chooseClient(one)
                setClient(one)
              }}
            />
            <span>{one}</span>
          </label>
        ))}
      </fieldset>
      {commandsOf(client).map(({ label: what, lines }) => (
        <div key={what}>
          <p className="command-label">{what}</p>
          <CommandBlock lines={lines} label={what} />
        </div>
      ))}
    </div>
  )
}
