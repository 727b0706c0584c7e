// What the claims of a provider give: a user, a role, membership of a group. In their order; groups are all given.

import { AddIcon, DeleteIcon } from 'tdesign-icons-react'
import { useRead } from '../../api/use-api.ts'
import { Button, IconButton } from '../../patterns/button.tsx'
import { useWords } from '../../words/use-words.ts'
import { ConditionRows } from './condition-rows.tsx'
import { emptyCondition, newKey, type TypedCondition } from './conditions.ts'
import './access.css'

export const targetTypes = ['Group', 'Role', 'User'] as const
export type TargetType = (typeof targetTypes)[number]

export interface TypedMapping {
  readonly key: string
  readonly conditions: readonly TypedCondition[]
  readonly type: TargetType
  readonly target: string
}

interface MappingRowsProps {
  readonly mappings: readonly TypedMapping[]
  readonly onChange: (mappings: readonly TypedMapping[]) => void
}

export function MappingRows({ mappings, onChange }: MappingRowsProps) {
  const { t } = useWords()
  const targets = useTargets()
  const typeWords = {
    Group: t('access.mapGroup'),
    Role: t('access.mapRole'),
    User: t('access.mapUser'),
  }
  const change = (key: string, changed: Partial<TypedMapping>) =>
    onChange(mappings.map((one) => (one.key === key ? { ...one, ...changed } : one)))
  const add = () =>
    onChange([
      ...mappings,
      { key: newKey(), conditions: [emptyCondition('groups')], type: 'Group', target: '' },
    ])
  return (
    <fieldset className="field">
      <legend className="field-label">{t('access.mappings')}</legend>
      <p className="field-help">{t('access.mappingsHelp')}</p>
      {mappings.map((mapping, at) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset within a fieldset says its legend twice
        <section
          key={mapping.key}
          className="conditions"
          role="group"
          aria-label={t('access.mappingOf', { n: at + 1 })}
        >
          <ConditionRows
            conditions={mapping.conditions}
            onChange={(conditions) => change(mapping.key, { conditions })}
          />
          <div className="target-line">
            <span>{t('access.gives')}</span>
            <select
              aria-label={t('access.givesTypeOf', { n: at + 1 })}
              value={mapping.type}
              onChange={(event) =>
                change(mapping.key, {
                  type: targetTypes.find((one) => one === event.target.value) ?? 'Group',
                  target: '',
                })
              }
            >
              {targetTypes.map((type) => (
                <option key={type} value={type}>
                  {typeWords[type]}
                </option>
              ))}
            </select>
            <select
              aria-label={t('access.givesOf', { n: at + 1 })}
              value={mapping.target}
              onChange={(event) => change(mapping.key, { target: event.target.value })}
            >
              <option value="">{t('access.choose')}</option>
              {targets[mapping.type].map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
            <IconButton
              icon={<DeleteIcon />}
              label={t('access.dropMapping', { n: at + 1 })}
              onClick={() => onChange(mappings.filter((one) => one.key !== mapping.key))}
            />
          </div>
        </section>
      ))}
      <Button icon={<AddIcon />} onClick={add}>
        {t('access.addMapping')}
      </Button>
    </fieldset>
  )
}

interface Target {
  readonly id: string
  readonly name: string
}

function useTargets(): Readonly<Record<TargetType, readonly Target[]>> {
  const groups = useRead('ListGroups', { Page: 1, Rp: 200 }).data?.GroupInfo
  const roles = useRead('DescribeRoleList', { Page: 1, Rp: 200 }).data?.List
  const users = useRead('ListUsers', {}).data?.Data
  return {
    Group: (groups ?? []).map(({ GroupId, GroupName }) => ({
      id: String(GroupId),
      name: GroupName,
    })),
    Role: (roles ?? []).map(({ RoleId, RoleName }) => ({ id: RoleId, name: RoleName })),
    User: (users ?? []).map(({ Uin, Name }) => ({ id: String(Uin), name: Name })),
  }
}
