// A control with its name above it, outside of forms: the editor's fields change a document, not a form's values.

import { type ReactNode, useId } from 'react'

interface LabelledProps {
  readonly label: string
  readonly help?: ReactNode
  /** Gets the id that the label is for. */
  readonly children: (id: string) => ReactNode
}

export function Labelled({ label, help, children }: LabelledProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id} className="field-label">
        {label}
      </label>
      {children(id)}
      {help !== undefined && <div className="field-help">{help}</div>}
    </div>
  )
}

interface ChooserProps {
  readonly label: string
  readonly value: string
  readonly choices: readonly { readonly value: string; readonly label: string }[]
  readonly none?: string
  onChange(value: string): void
}

export function Chooser({ label, value, choices, none, onChange }: ChooserProps) {
  return (
    <Labelled label={label}>
      {(id) => (
        <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
          {none !== undefined && <option value="">{none}</option>}
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  )
}

interface WrittenProps {
  readonly label: string
  readonly value: string
  readonly placeholder?: string
  readonly help?: ReactNode
  /** What is offered while one types. */
  readonly offers?: readonly string[]
  onChange(value: string): void
}

export function Written({ label, value, placeholder, help, offers, onChange }: WrittenProps) {
  return (
    <Labelled label={label} help={help}>
      {(id) => (
        <span className="input">
          <input
            id={id}
            value={value}
            placeholder={placeholder}
            autoComplete="off"
            list={offers && `${id}-offers`}
            onChange={(event) => onChange(event.target.value)}
          />
          {offers && (
            <datalist id={`${id}-offers`}>
              {offers.map((offer) => (
                <option key={offer} value={offer} />
              ))}
            </datalist>
          )}
        </span>
      )}
    </Labelled>
  )
}

interface SegmentsProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly choices: readonly { readonly value: T; readonly label: string }[]
  onChange(value: T): void
}

/** One of two or three, side by side. */
export function Segments<T extends string>({ label, value, choices, onChange }: SegmentsProps<T>) {
  const id = useId()
  return (
    <fieldset className="segments">
      <legend className="spoken">{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className="segment">
          <input
            type="radio"
            name={id}
            checked={value === choice.value}
            onChange={() => onChange(choice.value)}
          />
          <span>{choice.label}</span>
        </label>
      ))}
    </fieldset>
  )
}
