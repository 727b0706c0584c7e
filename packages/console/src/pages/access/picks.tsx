// Choosing several of many: what is found as boxes, what is chosen above it, as long as the form is open.

import { useEffect, useState } from 'react'
import { CloseIcon } from 'tdesign-icons-react'
import { useRead } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { explainError } from '../../patterns/errors.tsx'
import { useWords } from '../../words/use-words.ts'
import { isFound } from './whole-list.ts'
import './access.css'

export interface Pick {
  readonly id: string
  readonly name: string
  readonly about?: string | undefined
}

interface PicksProps {
  readonly chosen: readonly Pick[]
  onChange(chosen: readonly Pick[]): void
  /** Not offered: those that are there already. */
  readonly except?: ReadonlySet<string>
}

interface PickListProps extends PicksProps {
  readonly label: string
  readonly searchFor: string
  readonly found: readonly Pick[]
  readonly text: string
  readonly error?: unknown
  setText(text: string): void
}

/** More are found by searching. */
const maxOffered = 50

function PickList(props: PickListProps) {
  const { label, searchFor, found, chosen, onChange, except, text, setText, error } = props
  const { t } = useWords()
  const isChosen = (id: string) => chosen.some((one) => one.id === id)
  const offered = found.filter(({ id }) => !except?.has(id)).slice(0, maxOffered)
  const drop = (id: string) => onChange(chosen.filter((one) => one.id !== id))
  return (
    <fieldset className="field picks">
      <legend className="field-label">{label}</legend>
      {chosen.length > 0 && (
        <ul className="picks-chosen">
          {chosen.map(({ id, name }) => (
            <li key={id}>
              <Button
                theme="text"
                icon={<CloseIcon />}
                aria-label={t('access.unpick', { name })}
                onClick={() => drop(id)}
              >
                <bdi>{name}</bdi>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <span className="input">
        <input
          type="search"
          aria-label={searchFor}
          placeholder={searchFor}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            // Enter would send the form.
            if (event.key === 'Enter') event.preventDefault()
          }}
        />
      </span>
      {error !== undefined && error !== null && (
        <div className="field-problem">{explainError(error, t)}</div>
      )}
      <div className="picks-found">
        {offered.map((one) => (
          <label key={one.id} className="choice">
            <input
              type="checkbox"
              checked={isChosen(one.id)}
              onChange={() => (isChosen(one.id) ? drop(one.id) : onChange([...chosen, one]))}
            />
            <span>
              <bdi>{one.name}</bdi>
              {one.about && <small className="field-help">{one.about}</small>}
            </span>
          </label>
        ))}
        {offered.length === 0 && <p className="quiet">{t('access.nothingToPick')}</p>}
        {found.length > maxOffered && <p className="quiet">{t('access.searchForMore')}</p>}
      </div>
    </fieldset>
  )
}

const searchAfterMs = 250

/** The text once the typing rests. */
export function useRested(text: string): string {
  const [rested, setRested] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), searchAfterMs)
    return () => clearTimeout(timer)
  }, [text])
  return rested
}

export function PolicyPicks(props: PicksProps) {
  const { t } = useWords()
  const [text, setText] = useState('')
  const Keyword = useRested(text)
  const { data, error } = useRead(
    'ListPolicies',
    { Page: 1, Rp: 100, ...(Keyword !== '' && { Keyword }) },
    { keepsPrevious: true },
  )
  const found = (data?.List ?? []).map(({ PolicyId, PolicyName, Description }) => ({
    id: String(PolicyId),
    name: PolicyName,
    about: Description ?? undefined,
  }))
  return (
    <PickList
      {...props}
      label={t('access.policies')}
      searchFor={t('access.searchPolicies')}
      found={found}
      text={text}
      setText={setText}
      error={error}
    />
  )
}

export function GroupPicks(props: PicksProps) {
  const { t } = useWords()
  const [text, setText] = useState('')
  const Keyword = useRested(text)
  const { data, error } = useRead(
    'ListGroups',
    { Page: 1, Rp: 100, ...(Keyword !== '' && { Keyword }) },
    { keepsPrevious: true },
  )
  const found = (data?.GroupInfo ?? []).map(({ GroupId, GroupName, Remark }) => ({
    id: String(GroupId),
    name: GroupName,
    about: Remark,
  }))
  return (
    <PickList
      {...props}
      label={t('access.groups')}
      searchFor={t('access.searchGroups')}
      found={found}
      text={text}
      setText={setText}
      error={error}
    />
  )
}

export function UserPicks(props: PicksProps) {
  const { t } = useWords()
  const [text, setText] = useState('')
  const { data, error } = useRead('ListUsers', {})
  const found = (data?.Data ?? [])
    .filter(({ Name, Uin, Remark }) => isFound(text, Name, Uin, Remark))
    .map(({ Uin, Name, Remark }) => ({ id: String(Uin), name: Name, about: Remark || String(Uin) }))
  return (
    <PickList
      {...props}
      label={t('access.users')}
      searchFor={t('access.searchUsers')}
      found={found}
      text={text}
      setText={setText}
      error={error}
    />
  )
}
