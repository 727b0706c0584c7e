// Dialogs and drawers on the browser's own <dialog>: it keeps the focus, closes on Esc, gives the focus back, and
// hides the rest of the page from screen readers.

import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { CloseIcon } from 'tdesign-icons-react'
import { useWords } from '../words/use-words.ts'
import { IconButton } from './button.tsx'

interface DialogProps {
  readonly title: string
  readonly children: ReactNode
  /** Buttons, the one that does it last. */
  readonly foot?: ReactNode
  /** `dialog` at most 480 px wide, `wide` for two columns, `drawer` at the right with the list in view. */
  readonly form?: 'dialog' | 'wide' | 'drawer'
  /** Without it nothing but a button in it closes the dialog. */
  onClose?(): void
}

const firstFocus =
  '[data-first-focus], .dialog-body :is(input:not([type=hidden], [readonly]), select, textarea)'

export function Dialog({ title, children, foot, form = 'dialog', onClose }: DialogProps) {
  const { t } = useWords()
  const ref = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  // Before it leaves the page: afterwards the browser would not give the focus back.
  useLayoutEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    // The first field, not the button that closes; else what is marked as the safe answer.
    dialog?.querySelector<HTMLElement>(firstFocus)?.focus()
    return () => dialog?.close()
  }, [])
  // What had the focus may be gone with an answer that came: then it would be nowhere, and keys did nothing.
  const focused = useRef<Element>(null)
  useLayoutEffect(() => {
    if (focused.current === null || focused.current.isConnected) return
    ref.current?.querySelector<HTMLElement>(`${firstFocus}, .dialog-foot button`)?.focus()
  })
  return (
    <dialog
      ref={ref}
      onFocus={(event) => {
        focused.current = event.target
      }}
      className={`dialog dialog-${form}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        // An inner <dialog> or file box cancels, too, and the event bubbles.
        if (event.target !== event.currentTarget) return
        event.preventDefault()
        onClose?.()
      }}
    >
      <div className="dialog-frame">
        <header className="dialog-head">
          <h2 id={titleId}>{title}</h2>
          {onClose && (
            <IconButton icon={<CloseIcon />} label={t('patterns.close')} onClick={onClose} />
          )}
        </header>
        <div className="dialog-body">{children}</div>
        {foot && <footer className="dialog-foot">{foot}</footer>}
      </div>
    </dialog>
  )
}
