// A button that opens a menu: of a row's rarer actions, of the person, of what can be chosen. Keys as the ARIA
// practices have them: arrows, Home, End, Esc.

import { Link } from '@tanstack/react-router'
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'

export interface MenuEntry {
  readonly id: string
  readonly label: ReactNode
  readonly icon?: ReactNode
  /** Goes to a page instead of doing something. */
  readonly to?: string
  readonly isDangerous?: boolean
  /** Why not now. */
  readonly blocked?: string | undefined
  /** One of several, and the one in force. */
  readonly isChosen?: boolean
  onSelect?(): void
}

interface MenuProps {
  readonly label: string
  readonly button: ReactNode
  readonly entries: readonly MenuEntry[]
  readonly className?: string
}

export function Menu({ label, button, entries, className = 'button button-text' }: MenuProps) {
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  const root = useRef<HTMLDivElement>(null)
  const opener = useRef<HTMLButtonElement>(null)
  const [isUp, setUp] = useState(false)
  // Above the button where there is no room below it; measured before it is seen.
  useLayoutEffect(() => {
    const menu = root.current?.querySelector('[role=menu]')?.getBoundingClientRect()
    const button = opener.current?.getBoundingClientRect()
    if (!isOpen || !menu || !button) return setUp(false)
    setUp(menu.bottom > window.innerHeight && button.top > menu.height)
  }, [isOpen])
  useEffect(() => {
    if (!isOpen) return
    root.current?.querySelector<HTMLElement>('[role^=menuitem]')?.focus({ preventScroll: true })
    const close = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', close)
    return () => document.removeEventListener('pointerdown', close)
  }, [isOpen])

  function leave(): void {
    setOpen(false)
    opener.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent): void {
    const items = [...(root.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])]
    const at = items.indexOf(document.activeElement as HTMLElement)
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    }
    const next = moves[event.key]
    if (next !== undefined) {
      event.preventDefault()
      items[next]?.focus()
    } else if (event.key === 'Escape') {
      event.stopPropagation()
      event.preventDefault()
      leave()
    } else if (event.key === 'Tab') setOpen(false)
  }

  return (
    <div className="menu-root" ref={root}>
      <button
        ref={opener}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' || isOpen) return
          event.preventDefault()
          setOpen(true)
        }}
      >
        {button}
      </button>
      {isOpen && (
        <div
          id={id}
          role="menu"
          tabIndex={-1}
          aria-label={label}
          className={isUp ? 'menu menu-up' : 'menu'}
          onKeyDown={onKeyDown}
        >
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} leave={leave} />
          ))}
        </div>
      )}
    </div>
  )
}

function Entry({ entry, leave }: { readonly entry: MenuEntry; leave(): void }) {
  const hintId = useId()
  const isOff = entry.blocked !== undefined
  const role = entry.isChosen === undefined ? 'menuitem' : 'menuitemradio'
  const inner = (
    <>
      {entry.icon}
      <span>
        {entry.label}
        {isOff && (
          <small id={hintId} className="menu-hint">
            {entry.blocked}
          </small>
        )}
      </span>
    </>
  )
  if (entry.to !== undefined && !isOff) {
    return (
      <Link to={entry.to} role="menuitem" tabIndex={-1} className="menu-entry" onClick={leave}>
        {inner}
      </Link>
    )
  }
  return (
    <button
      type="button"
      role={role}
      tabIndex={-1}
      {...(entry.isChosen !== undefined && { 'aria-checked': entry.isChosen })}
      aria-disabled={isOff || undefined}
      aria-describedby={isOff ? hintId : undefined}
      className={`menu-entry ${entry.isDangerous ? 'menu-danger' : ''}`}
      onClick={() => {
        if (isOff) return
        leave()
        entry.onSelect?.()
      }}
    >
      {inner}
    </button>
  )
}
