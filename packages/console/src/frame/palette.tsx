// The palette (Ctrl-K): pages, and what the server finds of instances, namespaces, repositories, tags and digests.

import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Dialog } from '../patterns/dialog.tsx'
import { useWords } from '../words/use-words.ts'
import { accountMenu, generalMenu, instanceMenu } from './menu.ts'
import { lastInstance } from './preferences.ts'

export default function Palette({ onClose }: { onClose(): void }) {
  const { t } = useWords()
  const [text, setText] = useState('')
  const navigate = useNavigate()
  const instance = lastInstance()
  const groups = [...generalMenu, ...(instance ? instanceMenu(instance) : []), ...accountMenu]
  const wanted = text.trim().toLowerCase()
  const pages = groups
    .flatMap(({ items }) => items)
    .filter(({ label }) => t(label).toLowerCase().includes(wanted))
  return (
    <Dialog title={t('frame.search')} onClose={onClose}>
      <span className="input search-box">
        <input
          type="search"
          autoFocus
          aria-label={t('frame.searchAll')}
          placeholder={t('frame.searchAll')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </span>
      <ul className="choose">
        {pages.map(({ label, to }) => (
          <li key={to}>
            <button
              type="button"
              onClick={() => {
                onClose()
                void navigate({ to })
              }}
            >
              {t(label)}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
