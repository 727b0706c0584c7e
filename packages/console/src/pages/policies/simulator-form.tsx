// What a simulation asks: who, what, on what, from where.

import { permissions } from '../../api/permissions.ts'
import { useRead } from '../../api/use-api.ts'
import { usePerson } from '../../frame/person.ts'
import { Button } from '../../patterns/button.tsx'
import { useWords } from '../../words/use-words.ts'
import { Chooser, Written } from './labelled.tsx'
import { type Pick, type PickKind, PlaceFields } from './place-fields.tsx'

export interface Question {
  /** `user:<uin>` or `role:<id>`. */
  readonly who: string
  readonly action: string
  readonly pick: Pick
  readonly address: string
  readonly hasFactor: boolean
  readonly isDrafted: boolean
}

interface SimulatorFormProps {
  readonly question: Question
  /** What the resource may be; empty: the action is about none. */
  readonly kinds: readonly PickKind[]
  readonly hasDraft: boolean
  /** Why it can't be asked yet. */
  readonly missing: string | undefined
  readonly isBusy: boolean
  onChange(changed: Partial<Question>): void
  onAsk(): void
}

const roleRows = 200
const actionNames = permissions.filter(({ on }) => on !== 'self').map(({ name }) => name)

export function SimulatorForm(props: SimulatorFormProps) {
  const { question, kinds, hasDraft, missing, isBusy, onChange, onAsk } = props
  const { t } = useWords()
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (missing === undefined) onAsk()
      }}
    >
      <WhoField value={question.who} onChange={(who) => onChange({ who })} />
      <Written
        label={t('policies.action')}
        value={question.action}
        offers={actionNames}
        onChange={(action) => onChange({ action })}
      />
      {kinds.length === 0 ? (
        <p className="quiet">{t('policies.onNothing')}</p>
      ) : (
        <PlaceFields pick={question.pick} kinds={kinds} onPick={(pick) => onChange({ pick })} />
      )}
      <Written
        label={t('policies.address')}
        value={question.address}
        placeholder="10.0.0.7"
        help={t('policies.addressHelp')}
        onChange={(address) => onChange({ address })}
      />
      <Box
        label={t('policies.withFactor')}
        isOn={question.hasFactor}
        onChange={(hasFactor) => onChange({ hasFactor })}
      />
      {hasDraft && (
        <Box
          label={t('policies.withDraft')}
          isOn={question.isDrafted}
          onChange={(isDrafted) => onChange({ isDrafted })}
        />
      )}
      <div>
        <Button theme="primary" type="submit" blocked={missing} isBusy={isBusy}>
          {t('policies.test')}
        </Button>
      </div>
    </form>
  )
}

interface BoxProps {
  readonly label: string
  readonly isOn: boolean
  onChange(isOn: boolean): void
}

function Box({ label, isOn, onChange }: BoxProps) {
  return (
    <label className="choice">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.target.checked)} />
      <span>{label}</span>
    </label>
  )
}

/** What a resource of this action may be; empty: it is about none. */
export function kindsFor(action: string): readonly PickKind[] {
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
