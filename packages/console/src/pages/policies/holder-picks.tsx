// Choosing users, groups and roles for a policy: a kind at a time, what is chosen above.

import { useState } from 'react'
import { CloseIcon } from 'tdesign-icons-react'
import { useRead } from '../../api/use-api.ts'
import { IconButton } from '../../patterns/button.tsx'
import { explainError } from '../../patterns/errors.tsx'
import { useRights } from '../../patterns/rights.ts'
import { useWords } from '../../words/use-words.ts'
import {
  attachRights,
  type Holder,
  type HolderKind,
  holderKinds,
  holderWords,
  keyOf,
} from './holders.ts'
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
  const { may, isKnown } = useRights(
    holderKinds.map((kind) => [attachRights[kind][0], attachRights[kind][2]]),
  )
  const kinds = holderKinds.filter((kind) => may(attachRights[kind][0], attachRights[kind][2]))
  const [wanted, setKind] = useState<HolderKind>('users')
  const kind = kinds.find((one) => one === wanted) ?? kinds[0] ?? 'users'
  const [text, setText] = useState('')
  const { holders, error } = useHolders(kind, useLater(text.trim(), restMs))
  const found = holders.filter((one) => !except.has(keyOf(one)))
  const isChosen = (one: Holder) => chosen.some((other) => keyOf(other) === keyOf(one))
  const drop = (one: Holder) => onChange(chosen.filter((other) => keyOf(other) !== keyOf(one)))
  if (isKnown && kinds.length === 0) return <p>{t('policies.mayNotAttach')}</p>
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
            choices={kinds.map((one) => ({ value: one, label: t(holderWords[one]) }))}
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
          {error && <div className="field-problem">{explainError(error, t)}</div>}
          {found.length === 0 && !error && <p className="quiet">{t('policies.noHolder')}</p>}
          {found.length > maxOffered && (
            <p className="quiet">{t('policies.moreHolders', { n: found.length - maxOffered })}</p>
          )}
        </div>
      </div>
    </fieldset>
  )
}

/** Groups are searched by the server, which knows more of them than one page; users come whole. */
function useHolders(
  kind: HolderKind,
  text: string,
): { readonly holders: readonly Holder[]; readonly error: Error | null } {
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
      return {
        error: users.error,
        holders: (users.data?.Data ?? [])
          .map(({ Uin, Name }): Holder => ({ kind, id: String(Uin), name: Name }))
          .filter(isFound),
      }
    case 'groups':
      return {
        error: groups.error,
        holders: (groups.data?.GroupInfo ?? []).map(({ GroupId, GroupName }) => ({
          kind,
          id: String(GroupId),
          name: GroupName,
        })),
      }
    case 'roles':
      return {
        error: roles.error,
        holders: (roles.data?.List ?? [])
          .map(({ RoleId, RoleName }): Holder => ({ kind, id: RoleId, name: RoleName }))
          .filter(isFound),
      }
  }
}
