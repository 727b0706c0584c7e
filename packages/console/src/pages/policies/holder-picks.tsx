// Choosing users, groups and roles for a policy: a kind at a time, what is chosen above.

import { useState } from 'react'
import { CloseIcon } from 'tdesign-icons-react'
import { useRead } from '../../api/use-api.ts'
import { IconButton } from '../../patterns/button.tsx'
import { useWords } from '../../words/use-words.ts'
import { type Holder, type HolderKind, holderKinds, holderWords, keyOf } from './holders.ts'
import { Segments, Written } from './labelled.tsx'
import { useLater } from './use-later.ts'

interface HolderPicksProps {
  readonly chosen: readonly Holder[]
  /** Have it already. */
  readonly except?: ReadonlySet<string>
  onChange(chosen: readonly Holder[]): void
}

const maxOffered = 50
const pageRows = 200
const restMs = 250
const none: ReadonlySet<string> = new Set()

export function HolderPicks({ chosen, except = none, onChange }: HolderPicksProps) {
  const { t } = useWords()
  const [kind, setKind] = useState<HolderKind>('users')
  const [text, setText] = useState('')
  const found = useHolders(kind, useLater(text.trim(), restMs)).filter(
    (one) => !except.has(keyOf(one)),
  )
  const isChosen = (one: Holder) => chosen.some((other) => keyOf(other) === keyOf(one))
  const drop = (one: Holder) => onChange(chosen.filter((other) => keyOf(other) !== keyOf(one)))
  return (
    <fieldset className="field">
      <legend className="field-label">{t('policies.attachTo')}</legend>
      {chosen.length > 0 && (
        <ul className="policy-chips" aria-label={t('policies.chosenHolders')}>
          {chosen.map((one) => (
            <li key={keyOf(one)} className="policy-chip">
              <small>{t(holderWords[one.kind])}</small>
              <bdi>{one.name}</bdi>
              <IconButton
                icon={<CloseIcon />}
                label={t('policies.removeWhat', { what: one.name })}
                onClick={() => drop(one)}
              />
            </li>
          ))}
        </ul>
      )}
      <div className="policy-part">
        <div className="policy-add">
          <Segments<HolderKind>
            label={t('policies.kindOfHolder')}
            value={kind}
            choices={holderKinds.map((one) => ({ value: one, label: t(holderWords[one]) }))}
            onChange={setKind}
          />
          <Written label={t('policies.searchHolders')} value={text} onChange={setText} />
        </div>
        <div className="policy-holders">
          {found.slice(0, maxOffered).map((one) => (
            <label key={keyOf(one)} className="choice">
              <input
                type="checkbox"
                checked={isChosen(one)}
                onChange={() => (isChosen(one) ? drop(one) : onChange([...chosen, one]))}
              />
              <span>
                <bdi>{one.name}</bdi>
                {one.kind === 'users' && <small className="field-help">{one.id}</small>}
              </span>
            </label>
          ))}
          {found.length === 0 && <p className="quiet">{t('policies.noHolder')}</p>}
          {found.length > maxOffered && (
            <p className="quiet">{t('policies.moreHolders', { n: found.length - maxOffered })}</p>
          )}
        </div>
      </div>
    </fieldset>
  )
}

/** Groups are searched by the server, which knows more of them than one page; users come whole. */
function useHolders(kind: HolderKind, text: string): readonly Holder[] {
  const users = useRead('ListUsers', {}, { isEnabled: kind === 'users' })
  const groups = useRead(
    'ListGroups',
    { Page: 1, Rp: pageRows, ...(text !== '' && { Keyword: text }) },
    { isEnabled: kind === 'groups', keepsPrevious: true },
  )
  const roles = useRead(
    'DescribeRoleList',
    { Page: 1, Rp: pageRows },
    { isEnabled: kind === 'roles' },
  )
  const isFound = (one: Holder) =>
    `${one.name} ${one.id}`.toLowerCase().includes(text.toLowerCase())
  switch (kind) {
    case 'users':
      return (users.data?.Data ?? [])
        .map(({ Uin, Name }): Holder => ({ kind, id: String(Uin), name: Name }))
        .filter(isFound)
    case 'groups':
      return (groups.data?.GroupInfo ?? []).map(({ GroupId, GroupName }) => ({
        kind,
        id: String(GroupId),
        name: GroupName,
      }))
    case 'roles':
      return (roles.data?.List ?? [])
        .map(({ RoleId, RoleName }): Holder => ({ kind, id: RoleId, name: RoleName }))
        .filter(isFound)
  }
}
