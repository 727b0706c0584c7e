// Single keys: `/` searches the list, `c` is its primary button, `g` and a letter goes to a page, `?` shows them all.
// They can be turned off, for those who speak to their browser.

import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { paths } from '../paths.ts'
import { Dialog } from '../patterns/dialog.tsx'
import { useWords, type WordKey } from '../words/use-words.ts'
import { keepSingleKeys, usesSingleKeys } from './preferences.ts'

interface KeysProps {
  readonly instance: string | undefined
  openPalette(): void
}

/** After `g`; the letter counts for so long. */
const goMs = 1500

const goals = (instance: string | undefined): Readonly<Record<string, string>> => ({
  o: paths.overview(),
  i: paths.instances(),
  ...(instance !== undefined && {
    n: paths.namespaces(instance),
    r: paths.repositories(instance),
  }),
})

export function Keys({ instance, openPalette }: KeysProps) {
  const navigate = useNavigate()
  const [isShown, setShown] = useState(false)
  const wentAt = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isCommand = event.ctrlKey || event.metaKey
      if (isCommand && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        return openPalette()
      }
      if (isCommand || event.altKey || isTyping(event.composedPath()[0]) || !usesSingleKeys())
        return
      // A dialog has keys of its own.
      if (document.querySelector('dialog:modal')) return
      const isAfterG = event.timeStamp - wentAt.current < goMs
      wentAt.current = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY
      const goal = isAfterG ? goals(instance)[event.key] : undefined
      if (goal !== undefined) void navigate({ to: goal })
      else if (event.key === '/') press(event, '[data-list-search]', (found) => found.focus())
      else if (event.key === 'c') press(event, '.page .button-primary', (found) => found.click())
      else if (event.key === '?') setShown(true)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [instance, navigate, openPalette])
  return isShown ? <KeysDialog onClose={() => setShown(false)} /> : null
}

function press(event: KeyboardEvent, selector: string, act: (found: HTMLElement) => void): void {
  const found = document.querySelector<HTMLElement>(selector)
  if (!found) return
  event.preventDefault()
  act(found)
}

/** `target`: the innermost, also inside an editor that has a shadow root. */
function isTyping(target: EventTarget | undefined): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable]') !== null
  )
}

const keys: readonly (readonly [string, WordKey])[] = [
  ['Ctrl K', 'frame.search'],
  ['/', 'frame.keySearch'],
  ['c', 'frame.keyPrimary'],
  ['g o', 'frame.overview'],
  ['g i', 'frame.instances'],
  ['g n', 'frame.namespaces'],
  ['g r', 'frame.repositories'],
  ['↑ ↓', 'frame.keyRows'],
  ['.', 'frame.keyMenu'],
  ['?', 'frame.keys'],
]

function KeysDialog({ onClose }: { onClose(): void }) {
  const { t } = useWords()
  const [isOn, setOn] = useState(usesSingleKeys)
  return (
    <Dialog title={t('frame.keys')} onClose={onClose}>
      <label className="choice">
        <input
          type="checkbox"
          checked={isOn}
          onChange={(event) => {
            keepSingleKeys(event.target.checked)
            setOn(event.target.checked)
          }}
        />
        <span>{t('frame.singleKeys')}</span>
      </label>
      <dl className="facts">
        {keys.map(([key, label]) => (
          <div key={key} className="fact">
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(label)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
