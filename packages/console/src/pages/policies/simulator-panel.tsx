// May somebody do this, and which statement decides? Beside the editor it tries the draft with each change.

import { useEffect, useState } from 'react'
import { permissions } from '../../api/permissions.ts'
import { useRead } from '../../api/use-api.ts'
import { usePerson } from '../../frame/person.ts'
import { Button } from '../../patterns/button.tsx'
import { Failed } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import type { Statement } from './document.ts'
import { newStatement } from './document.ts'
import { Chooser, Written } from './labelled.tsx'
import { noPick, type Pick, type PickKind, PlaceFields, pickedOf } from './place-fields.tsx'
import { exactResource, inSixSegments, writeResource } from './resource-names.ts'
import { type Asked, type Draft, type Marked, markedBy } from './simulation.ts'
import { SimulationResult } from './simulation-result.tsx'
import { Tries } from './tries.tsx'
import { useLater } from './use-later.ts'

interface SimulatorPanelProps {
  readonly draft?: Draft
  /** The draft can't be tried as it is. */
  readonly isWrong?: boolean
  onMarked?(marked: Marked | undefined): void
  /** Into the draft. */
  onAdd?(statement: Statement): void
}

const restMs = 400
const roleRows = 200

export function SimulatorPanel({ draft, isWrong = false, onMarked, onAdd }: SimulatorPanelProps) {
  const { t } = useWords()
  const me = usePerson()
  const [who, setWho] = useState(me.roleName ? '' : `user:${me.uin}`)
  const [action, setAction] = useState('tcr:PullRepository')
  const [pick, setPick] = useState<Pick>(noPick)
  const [address, setAddress] = useState('')
  const [hasFactor, setFactor] = useState(false)
  const [isDrafted, setDrafted] = useState(true)
  const [isLive, setLive] = useState(false)
  const kinds = kindsFor(action)
  const shownPick = {
    ...pick,
    kind: kinds.find((kind) => kind === pick.kind) ?? kinds[0] ?? 'other',
  }
  const picked = pickedOf(shownPick)
  const resource = picked && inSixSegments(exactResource(picked))
  const isOnNothing = kinds.length === 0
  const common = {
    ...whoAsked(who),
    ...(address.trim() !== '' && { Address: address.trim() }),
    ...(hasFactor && { MfaUsed: true }),
    ...(draft &&
      isDrafted && {
        PolicyDocument: draft.document,
        ...(draft.policyId !== undefined && { PolicyId: draft.policyId }),
      }),
  }
  const request = JSON.stringify({
    ...common,
    Action: action,
    ...(!isOnNothing && { Resources: [resource ?? ''] }),
  })
  const asked: Asked = JSON.parse(useLater(request, restMs))
  const missing = whatIsMissing()
  const isAsking = isLive && missing === undefined
  const { data, error, isFetching } = useRead('SimulatePolicy', asked, {
    isEnabled: isAsking,
    keepsPrevious: true,
  })
  const marked = isAsking ? markedBy(data) : undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it marks, not the object that says so
  useEffect(() => onMarked?.(marked), [marked?.index, marked?.effect])

  function whatIsMissing(): string | undefined {
    if (who === '') return t('policies.chooseWho')
    if (!/^[a-z]+:[A-Za-z0-9]+$/.test(action)) return t('policies.writeAction')
    if (!isOnNothing && resource === undefined) return t('policies.pickFirst')
    return isWrong && isDrafted && draft ? t('policies.mendFirst') : undefined
  }

  const toAdd = {
    ...newStatement,
    actions: [action],
    resources: [picked ? inSixSegments(writeResource(picked)) : '*'],
  }
  return (
    <section className="panel policy-simulator" aria-label={t('policies.simulator')}>
      {/* Alone on its page the title above says it. */}
      <h2 className={draft ? '' : 'spoken'}>{t('policies.simulator')}</h2>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          setLive(true)
        }}
      >
        <WhoField value={who} onChange={setWho} />
        <Written
          label={t('policies.action')}
          value={action}
          offers={actionNames}
          onChange={setAction}
        />
        {isOnNothing ? (
          <p className="quiet">{t('policies.onNothing')}</p>
        ) : (
          <PlaceFields pick={shownPick} kinds={kinds} onPick={setPick} />
        )}
        <Written
          label={t('policies.address')}
          value={address}
          placeholder="10.0.0.7"
          help={t('policies.addressHelp')}
          onChange={setAddress}
        />
        <label className="choice">
          <input
            type="checkbox"
            checked={hasFactor}
            onChange={(event) => setFactor(event.target.checked)}
          />
          <span>{t('policies.withFactor')}</span>
        </label>
        {draft && (
          <label className="choice">
            <input
              type="checkbox"
              checked={isDrafted}
              onChange={(event) => setDrafted(event.target.checked)}
            />
            <span>{t('policies.withDraft')}</span>
          </label>
        )}
        <div>
          <Button
            theme="primary"
            type="submit"
            blocked={missing}
            isBusy={isAsking && isFetching && !data}
          >
            {t('policies.test')}
          </Button>
        </div>
      </form>
      <div role="status" className={isFetching ? 'policy-old' : ''}>
        {isAsking && error && <Failed error={error} />}
        {isAsking && data && !error && (
          <SimulationResult
            reply={data}
            draft={draft}
            toAdd={toAdd}
            onAdd={isDrafted ? onAdd : undefined}
          />
        )}
      </div>
      {isAsking && !error && picked && <Tries picked={picked} common={commonOf(asked)} />}
    </section>
  )
}

const actionNames = permissions.filter(({ on }) => on !== 'self').map(({ name }) => name)

function commonOf({ Action: _, Resources: __, ...common }: Asked): Omit<Asked, 'Action'> {
  return common
}

/** What a resource of this action may be; empty: it is about none. */
function kindsFor(action: string): readonly PickKind[] {
  const on = permissions.find(({ name }) => name.toLowerCase() === action.toLowerCase())?.on
  switch (on) {
    case 'none':
    case 'self':
      return []
    case 'instance':
      return ['instance', 'other']
    case 'repo':
      return ['personalRepository', 'personalNamespace', 'other']
    case 'repository':
      return ['repository', 'namespace', 'contents', 'other']
    default:
      return ['other']
  }
}

function whoAsked(who: string): Holder {
  const [kind, id = ''] = who.split(':')
  if (kind === 'role') return { RoleId: id }
  return kind === 'user' ? { TargetUin: Number(id) } : {}
}
type Holder = { readonly TargetUin?: number; readonly RoleId?: string }

function WhoField({ value, onChange }: { readonly value: string; onChange(value: string): void }) {
  const { t } = useWords()
  const me = usePerson()
  const users = useRead('ListUsers', {})
  const roles = useRead('DescribeRoleList', { Page: 1, Rp: roleRows })
  const others = (users.data?.Data ?? []).filter(({ Uin }) => Uin !== me.uin)
  return (
    <Chooser
      label={t('policies.who')}
      value={value}
      {...(me.roleName && { none: t('policies.choose') })}
      choices={[
        ...(me.roleName
          ? []
          : [{ value: `user:${me.uin}`, label: t('policies.me', { name: me.name }) }]),
        ...others.map(({ Uin, Name }) => ({ value: `user:${Uin}`, label: `${Name} (${Uin})` })),
        ...(roles.data?.List ?? []).map(({ RoleId, RoleName }) => ({
          value: `role:${RoleId}`,
          label: t('policies.roleNamed', { name: RoleName }),
        })),
      ]}
      onChange={onChange}
    />
  )
}
