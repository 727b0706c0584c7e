// Namespaces and what a service account may do in each: one choice a row. Granted ones come first; of many only some
// are drawn until all are asked for.

import { useId, useState } from 'react'
import { Button } from '../../patterns/button.tsx'
import { useFormState } from '../../patterns/form.tsx'
import { Banner } from '../../patterns/states.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'
import {
  everyNamespace,
  type Grants,
  type Level,
  levelOf,
  mayDelete,
  withDelete,
  withLevel,
} from './permissions.ts'

interface PermissionGridProps {
  readonly namespaces: readonly string[]
}

const levels = ['none', 'read', 'write'] as const
const levelWords: Readonly<Record<(typeof levels)[number], WordKey>> = {
  none: 'credentials.levelNone',
  read: 'credentials.levelRead',
  write: 'credentials.levelWrite',
}
const shownAtFirst = 10

/** Of the form around it: its field `grants`. */
export function PermissionGrid({ namespaces }: PermissionGridProps) {
  const { t } = useWords()
  const form = useFormState()
  const grants: Grants = form.values.grants
  const [first] = useState(() => Object.keys(grants))
  const [search, setSearch] = useState('')
  const [isWhole, setWhole] = useState(false)
  const id = useId()
  const ordered = [
    ...namespaces.filter((name) => first.includes(name)),
    ...namespaces.filter((name) => !first.includes(name)),
  ]
  const found = ordered.filter((name) => name.includes(search.toLowerCase()))
  const shown = isWhole ? found : found.slice(0, Math.max(shownAtFirst, first.length))
  const problem = form.shown.has('grants') ? form.problems.grants : undefined
  const isWidest = levelOf(grants[everyNamespace] ?? []) !== 'none'
  return (
    <fieldset className={`field ${problem === undefined ? '' : 'field-wrong'}`}>
      <legend className="field-label" id={`${id}-label`}>
        {t('credentials.permissions')}
        <span className="field-mark">{t('patterns.required')}</span>
      </legend>
      <div className="field-foot">
        {problem !== undefined && (
          <div className="field-problem" role="alert">
            {problem}
          </div>
        )}
        <div className="field-help">{t('credentials.permissionsHelp')}</div>
      </div>
      {namespaces.length > shownAtFirst && (
        <span className="input">
          <input
            type="search"
            aria-label={t('credentials.searchNamespace')}
            placeholder={t('credentials.searchNamespace')}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            onKeyDown={(event) => {
              // Searching doesn't send the form.
              if (event.key === 'Enter') event.preventDefault()
            }}
          />
        </span>
      )}
      <div className="table-frame">
        <table className="table grid" aria-labelledby={`${id}-label`}>
          <thead>
            <tr>
              <th scope="col">{t('credentials.namespace')}</th>
              {levels.map((level) => (
                <th scope="col" key={level}>
                  {t(levelWords[level])}
                </th>
              ))}
              <th scope="col">{t('credentials.mayDelete')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((name) => (
              <GridRow key={name} namespace={name} label={name} />
            ))}
            <GridRow namespace={everyNamespace} label={t('credentials.everyNamespace')} />
          </tbody>
        </table>
      </div>
      {shown.length < found.length && (
        <div>
          <Button theme="text" onClick={() => setWhole(true)}>
            {t('credentials.showAllNamespaces', { n: found.length })}
          </Button>
        </div>
      )}
      {isWidest && <Banner tone="warn">{t('credentials.everyWarning')}</Banner>}
    </fieldset>
  )
}

interface GridRowProps {
  readonly namespace: string
  readonly label: string
}

function GridRow({ namespace, label }: GridRowProps) {
  const { t } = useWords()
  const form = useFormState()
  const group = useId()
  const grants: Grants = form.values.grants
  const actions = grants[namespace] ?? []
  const level: Level = levelOf(actions)
  const set = (next: Grants[string]) => {
    const { [namespace]: _, ...others } = grants
    form.set('grants', next.length === 0 ? others : { ...others, [namespace]: next })
  }
  return (
    <tr>
      <td className="cell-name">
        <bdi>{label}</bdi>
        {level === 'custom' && (
          <small className="custom-actions">{actions.map(plainName).join(', ')}</small>
        )}
      </td>
      {levels.map((one) => (
        <td key={one} data-head={t(levelWords[one])}>
          <label className="grid-choice">
            <input
              type="radio"
              name={group}
              aria-label={`${label}: ${t(levelWords[one])}`}
              checked={level === one}
              onChange={() => set(withLevel(actions, one))}
            />
          </label>
        </td>
      ))}
      <td data-head={t('credentials.mayDelete')}>
        {level === 'write' ? (
          <label className="grid-choice">
            <input
              type="checkbox"
              aria-label={`${label}: ${t('credentials.mayDelete')}`}
              checked={mayDelete(actions)}
              onChange={(event) => set(withDelete(actions, event.target.checked))}
            />
          </label>
        ) : (
          <span className="quiet">–</span>
        )}
      </td>
    </tr>
  )
}

/** `tcr:PullRepository` is PullRepository. */
const plainName = (action: string): string => action.slice(action.indexOf(':') + 1)
