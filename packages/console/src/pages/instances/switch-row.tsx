// A switch of an instance with what it means. Who may not turn it sees how it stands.

import { useId, useState } from 'react'
import { useNotices } from '../../patterns/notices.tsx'
import { Status } from '../../patterns/shown.tsx'
import { useWords } from '../../words/use-words.ts'

interface SwitchRowProps {
  readonly label: string
  readonly help: string
  readonly isOn: boolean
  readonly isReadOnly?: boolean
  readonly blocked?: string | undefined
  change?(isOn: boolean): Promise<unknown> | undefined
}

export function SwitchRow({ label, help, isOn, isReadOnly, blocked, change }: SwitchRowProps) {
  const { t } = useWords()
  const { tellError } = useNotices()
  const [isBusy, setBusy] = useState(false)
  const id = useId()
  const isOff = blocked !== undefined || isBusy
  const turn = (next: boolean) => {
    const work = change?.(next)
    if (!work) return
    setBusy(true)
    work.catch(tellError).finally(() => setBusy(false))
  }
  return (
    <div className="switch-row">
      <div>
        <span id={id} className="switch-label">
          {label}
        </span>
        <small id={`${id}-help`} className="field-help">
          {help}
          {blocked !== undefined && ` ${blocked}`}
        </small>
      </div>
      {isReadOnly ? (
        <Status tone={isOn ? 'good' : 'off'}>
          {t(isOn ? 'instances.isOn' : 'instances.isOff')}
        </Status>
      ) : (
        <span className="row">
          <span aria-hidden="true" className="quiet">
            {t(isOn ? 'instances.isOn' : 'instances.isOff')}
          </span>
          <input
            type="checkbox"
            role="switch"
            className="switch"
            checked={isOn}
            aria-checked={isOn}
            aria-labelledby={id}
            aria-describedby={`${id}-help`}
            aria-disabled={isOff || undefined}
            aria-busy={isBusy || undefined}
            onChange={(event) => {
              if (!isOff) turn(event.target.checked)
            }}
          />
        </span>
      )}
    </div>
  )
}
