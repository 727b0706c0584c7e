// The actions of a statement, by service and group: all, what reads, or some. What a pattern already covers is ticked
// and says so.

import { useId, useState } from 'react'
import { CloseIcon } from 'tdesign-icons-react'
import { type Permission, type PermissionGroup, permissions } from '../../api/permissions.ts'
import { IconButton } from '../../patterns/button.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'
import {
  allows,
  grantable,
  isOlder,
  matchesAction,
  meaningsOf,
  readPatternsOf,
  serviceOf,
} from './action-names.ts'
import { Chooser, Written } from './labelled.tsx'
import { serviceWords } from './service-words.ts'

interface ActionPickerProps {
  readonly actions: readonly string[]
  onChange(actions: readonly string[]): void
}

const offered = grantable(permissions)
const services = [...new Set(offered.map(({ name }) => serviceOf(name)))].sort(
  (a, b) => Number(b === 'tcr') - Number(a === 'tcr') || (a < b ? -1 : 1),
)

const groupWords: Readonly<Record<PermissionGroup, WordKey>> = {
  instances: 'policies.ofInstances',
  network: 'policies.ofNetwork',
  namespaces: 'policies.ofNamespaces',
  contents: 'policies.ofContents',
  credentials: 'policies.ofCredentials',
  tagRules: 'policies.ofTagRules',
  triggers: 'policies.ofTriggers',
  replication: 'policies.ofReplication',
  security: 'policies.ofSecurity',
  personal: 'policies.ofPersonal',
  work: 'policies.ofWork',
  users: 'policies.ofUsers',
  groups: 'policies.ofGroups',
  roles: 'policies.ofRoles',
  policies: 'policies.ofPolicies',
  keys: 'policies.ofKeys',
  providers: 'policies.ofProviders',
  other: 'policies.ofOther',
}

/** What the registry is about before what it runs by. */
const groupOrder: readonly PermissionGroup[] = [
  ...(['contents', 'namespaces', 'instances', 'credentials', 'tagRules', 'triggers'] as const),
  ...(['network', 'security', 'replication', 'personal', 'work'] as const),
  ...(['users', 'groups', 'roles', 'policies', 'keys', 'providers', 'other'] as const),
]

export function ActionPicker({ actions, onChange }: ActionPickerProps) {
  const { t } = useWords()
  const [service, setService] = useState(() => serviceOf(actions[0] ?? 'tcr:') || 'tcr')
  const [search, setSearch] = useState('')
  const shown = services.includes(service) ? service : 'tcr'
  const all = `${shown}:*`
  const reading = readPatternsOf(shown)
  const isAll = actions.includes('*') || actions.includes(all)
  const isReading = reading.every((pattern) => actions.includes(pattern))
  const found = offered.filter(
    ({ name }) =>
      serviceOf(name) === shown && name.toLowerCase().includes(search.trim().toLowerCase()),
  )
  const groups = Map.groupBy(found, ({ group }) => group)
  const without = (gone: readonly string[]) => actions.filter((one) => !gone.includes(one))
  return (
    <fieldset className="field">
      <legend className="field-label">{t('policies.action')}</legend>
      <ChosenActions actions={actions} onChange={onChange} />
      <div className="policy-part">
        <div className="policy-add">
          <Chooser
            label={t('policies.service')}
            value={shown}
            choices={services.map((one) => ({
              value: one,
              label: serviceWords[one] ? `${one} · ${t(serviceWords[one])}` : one,
            }))}
            onChange={setService}
          />
          <Written label={t('policies.searchActions')} value={search} onChange={setSearch} />
        </div>
        <div className="row">
          <Tick
            label={t('policies.allActions')}
            detail={all}
            isOn={isAll}
            isOff={actions.includes('*')}
            onChange={(isOn) =>
              onChange(isOn ? [...withoutService(actions, shown), all] : without([all]))
            }
          />
          <Tick
            label={t('policies.readActions')}
            detail={reading.join(' ')}
            isOn={isAll || isReading}
            isOff={isAll}
            onChange={(isOn) =>
              onChange(isOn ? [...without(reading), ...reading] : without(reading))
            }
          />
        </div>
        <div className="policy-groups">
          {groupOrder.map((group) => {
            const list = groups.get(group)
            return (
              list && (
                <Group
                  key={group}
                  label={t(groupWords[group])}
                  list={list}
                  isOpen={search.trim() !== ''}
                  actions={actions}
                  onChange={onChange}
                />
              )
            )
          })}
        </div>
        {found.length === 0 && <p className="quiet">{t('policies.noAction')}</p>}
      </div>
    </fieldset>
  )
}

const withoutService = (actions: readonly string[], service: string): readonly string[] =>
  actions.filter((one) => serviceOf(one) !== service)

function ChosenActions({ actions, onChange }: ActionPickerProps) {
  const { t } = useWords()
  if (actions.length === 0) return <p className="quiet">{t('policies.noActionYet')}</p>
  return (
    <ul className="policy-chips" aria-label={t('policies.chosenActions')}>
      {actions.map((action) => (
        <li key={action} className="policy-chip">
          <code>{action}</code>
          {isOlder(action) && <small>= {meaningsOf(action).join(', ')}</small>}
          <IconButton
            icon={<CloseIcon />}
            label={t('policies.removeWhat', { what: action })}
            onClick={() => onChange(actions.filter((one) => one !== action))}
          />
        </li>
      ))}
    </ul>
  )
}

interface GroupProps extends ActionPickerProps {
  readonly label: string
  readonly list: readonly Permission[]
  readonly isOpen: boolean
}

function Group({ label, list, isOpen, actions, onChange }: GroupProps) {
  const { t } = useWords()
  const names = list.map(({ name }) => name)
  const count = names.filter((name) => allows(actions, name)).length
  const plain = names.filter((name) => actions.includes(name))
  const rest = names.filter((name) => !allows(actions, name))
  return (
    <details className="policy-group" open={isOpen || undefined}>
      <summary>
        {label}
        <span className="quiet">{t('policies.chosenOf', { n: count, all: names.length })}</span>
      </summary>
      {(rest.length > 0 || plain.length > 0) && (
        <Tick
          label={t('policies.allOfGroup', { group: label })}
          isOn={rest.length === 0}
          onChange={(isOn) =>
            onChange(isOn ? [...actions, ...rest] : actions.filter((one) => !names.includes(one)))
          }
        />
      )}
      <ul className="policy-actions">
        {list.map((permission) => (
          <li key={permission.name}>
            <ActionTick permission={permission} actions={actions} onChange={onChange} />
          </li>
        ))}
      </ul>
    </details>
  )
}

function ActionTick({
  permission,
  actions,
  onChange,
}: ActionPickerProps & { readonly permission: Permission }) {
  const { t, language } = useWords()
  const { name, kind } = permission
  const cover = actions.find((one) => one !== name && matchesAction(one, name))
  const isOn = actions.includes(name) || cover !== undefined
  const about = cover === undefined ? permission[language] : t('policies.coveredBy', { by: cover })
  return (
    <Tick
      label={name.slice(name.indexOf(':') + 1)}
      mark={kind === 'write' ? undefined : t('policies.reads')}
      detail={about}
      isOn={isOn}
      isOff={cover !== undefined}
      onChange={(next) =>
        onChange(next ? [...actions, name] : actions.filter((one) => one !== name))
      }
    />
  )
}

interface TickProps {
  readonly label: string
  readonly mark?: string | undefined
  readonly detail?: string
  readonly isOn: boolean
  readonly isOff?: boolean
  onChange(isOn: boolean): void
}

function Tick({ label, mark, detail, isOn, isOff = false, onChange }: TickProps) {
  const id = useId()
  return (
    <label className="choice">
      <input
        type="checkbox"
        checked={isOn}
        disabled={isOff}
        aria-describedby={detail === undefined ? undefined : id}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        {label} {mark !== undefined && <span className="policy-mark">{mark}</span>}
        {detail !== undefined && (
          <small id={id} className="field-help">
            {detail}
          </small>
        )}
      </span>
    </label>
  )
}
