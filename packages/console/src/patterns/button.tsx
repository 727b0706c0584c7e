// Buttons. One that can't be pressed now says why, to eyes and to screen readers, and keeps its place in the order of
// keys.

import { Link } from '@tanstack/react-router'
import { type ButtonHTMLAttributes, type ReactNode, useId } from 'react'

type Theme = 'primary' | 'default' | 'danger' | 'text' | 'danger-text'

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> {
  readonly theme?: Theme
  readonly isBusy?: boolean
  /** Why it can't be pressed; undefined: it can. */
  readonly blocked?: string | undefined
  readonly icon?: ReactNode
}

export function Button(props: ButtonProps) {
  const { theme = 'default', isBusy = false, blocked, icon, children, onClick, ...rest } = props
  const id = useId()
  const isOff = blocked !== undefined || isBusy
  const button = (
    <button
      type="button"
      {...rest}
      className={`button button-${theme} ${rest.className ?? ''}`}
      aria-disabled={isOff || undefined}
      aria-busy={isBusy || undefined}
      aria-describedby={blocked === undefined ? rest['aria-describedby'] : id}
      onClick={(event) => {
        if (isOff) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {isBusy ? <span className="spinner" aria-hidden="true" /> : icon}
      {children}
    </button>
  )
  if (blocked === undefined) return button
  return (
    <span className="hinted">
      {button}
      <span role="tooltip" id={id} className="hint">
        {blocked}
      </span>
    </span>
  )
}

interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon'> {
  readonly icon: ReactNode
  /** What it does; shown when the pointer rests on it. */
  readonly label: string
}

export function IconButton({ icon, label, ...rest }: IconButtonProps) {
  return (
    <Button
      theme="text"
      {...rest}
      className={`icon-button ${rest.className ?? ''}`}
      aria-label={label}
      title={label}
    >
      {icon}
    </Button>
  )
}

interface LinkButtonProps {
  readonly to: string
  readonly theme?: Theme
  readonly icon?: ReactNode
  readonly children: ReactNode
}

/** A link that looks like a button: it goes somewhere. */
export function LinkButton({ to, theme = 'default', icon, children }: LinkButtonProps) {
  return (
    <Link to={to} className={`button button-${theme}`}>
      {icon}
      {children}
    </Link>
  )
}
