// The palette (Ctrl-K): pages, and what the server finds of instances, namespaces, repositories, tags and digests. The
// focus stays in the box; arrows choose, Enter goes (ARIA practices, "combobox").

import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useDeferredValue, useId, useState } from 'react'
import { SearchIcon } from 'tdesign-icons-react'
import type { Reply } from '../api/call.ts'
import { useRead } from '../api/use-api.ts'
import { paths } from '../paths.ts'
import { Dialog } from '../patterns/dialog.tsx'
import { shortDigest } from '../patterns/format.ts'
import { useWords, type WordKey } from '../words/use-words.ts'
import { accountMenu, generalMenu, instanceMenu } from './menu.ts'
import { lastInstance } from './preferences.ts'

type Hit = Reply<'LookUpResources'>['Hits'][number]

interface Choice {
  readonly to: string
  readonly kind: WordKey
  readonly label: string
  readonly detail: string
}

const minSearchedChars = 2

export default function Palette({ onClose }: { onClose(): void }) {
  const { t } = useWords()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const navigate = useNavigate()
  const listId = useId()
  const query = useDeferredValue(text.trim())
  const { data } = useRead(
    'LookUpResources',
    { Query: query },
    { isEnabled: query.length >= minSearchedChars, keepsPrevious: true },
  )
  const hits = query.length >= minSearchedChars ? (data?.Hits ?? []) : []
  const choices = [...usePages(query), ...hits.map(choiceOf)]
  const chosen = choices[Math.min(at, choices.length - 1)]

  function go(choice: Choice | undefined): void {
    if (!choice) return
    onClose()
    void navigate({ to: choice.to })
  }
  function onKeyDown(event: KeyboardEvent): void {
    const moves: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }
    const step = moves[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setAt((now) => (now + step + choices.length) % Math.max(1, choices.length))
    } else if (event.key === 'Enter') go(chosen)
  }

  return (
    <Dialog title={t('frame.search')} onClose={onClose}>
      <span className="input search-box">
        <SearchIcon aria-hidden="true" />
        <input
          type="search"
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={chosen && `${listId}-${choices.indexOf(chosen)}`}
          aria-label={t('frame.searchAll')}
          placeholder={t('frame.searchAll')}
          value={text}
          onKeyDown={onKeyDown}
          onChange={(event) => {
            setText(event.target.value)
            setAt(0)
          }}
        />
      </span>
      <div id={listId} role="listbox" aria-label={t('frame.search')} className="choose">
        {choices.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the box's
          <div
            key={choice.to + choice.label}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={choice === chosen}
            className="choice-line"
            onClick={() => go(choice)}
          >
            <bdi>{choice.label}</bdi>
            <small>
              {t(choice.kind)}
              {choice.detail !== '' && ` · ${choice.detail}`}
            </small>
          </div>
        ))}
      </div>
      {choices.length === 0 && <p role="status">{t('patterns.nothingFound')}</p>}
    </Dialog>
  )
}

function usePages(query: string): readonly Choice[] {
  const { t } = useWords()
  const instance = lastInstance()
  const groups = [...generalMenu, ...(instance ? instanceMenu(instance) : []), ...accountMenu]
  return groups
    .flatMap(({ items }) => items)
    .map(({ label, to }) => ({ to, kind: 'frame.page' as const, label: t(label), detail: '' }))
    .filter(({ label }) => label.toLowerCase().includes(query.toLowerCase()))
}

function choiceOf(hit: Hit): Choice {
  const { RegistryId: instance, RegistryName, NamespaceName, RepositoryName, Tag, Digest } = hit
  const namespace = NamespaceName ?? ''
  const at = { instance, namespace, path: RepositoryName ?? '' }
  const full = `${namespace}/${RepositoryName ?? ''}`
  const detail = RegistryName
  switch (hit.Kind) {
    case 'Instance':
      return {
        to: paths.instance(instance),
        kind: 'frame.instance',
        label: RegistryName,
        detail: instance,
      }
    case 'Namespace':
      return {
        to: paths.namespace(instance, namespace),
        kind: 'frame.namespace',
        label: namespace,
        detail,
      }
    case 'Repository':
      return { to: paths.repository(at), kind: 'frame.repository', label: full, detail }
    case 'Tag':
      return { to: paths.image(at, Tag ?? ''), kind: 'frame.tag', label: `${full}:${Tag}`, detail }
    case 'Digest':
      return {
        to: paths.digest(at, Digest ?? ''),
        kind: 'frame.digest',
        label: `${full}@${shortDigest(Digest ?? '')}`,
        detail,
      }
  }
}
