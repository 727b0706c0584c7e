// Which tags of an instance stay as they are: one rule for each namespace.

import { useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { useChange, useList, useRead } from '../../api/use-api.ts'
import { useInstanceId } from '../../frame/use-instance.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { type Rights, useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Status } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import { RuleForm } from './rule-form.tsx'

export type Rule = NonNullable<Reply<'DescribeImmutableTagRules'>['Rules']>[number]

export function ImmutabilityPage() {
  const { t } = useWords()
  useTitle(t('immutability.title'))
  const instance = useInstanceId()
  const state = useListState()
  const [ending, setEnding] = useState<{ readonly rule: Rule; readonly isDelete: boolean }>()
  const resource = `instance/${instance}`
  const rights = useRights([
    ['tcr:CreateImmutableTagRules', resource],
    ['tcr:ModifyImmutableTagRules', resource],
    ['tcr:DeleteImmutableTagRules', resource],
  ])
  const list = useList(
    'DescribeImmutableTagRules',
    { RegistryId: instance },
    { rows: (reply) => reply.Rules, total: (reply) => reply.Total },
  )
  const free = list.last?.EmptyNs
  const create = rights.may('tcr:CreateImmutableTagRules', resource) && (
    <Button
      theme="primary"
      icon={<AddIcon />}
      blocked={free?.length === 0 ? t('immutability.allRuled') : undefined}
      onClick={() => state.setOpen('new')}
    >
      {t('immutability.create')}
    </Button>
  )
  const edited = list.rows.find(({ NsName }) => NsName === state.open)
  const turn = useTurn(instance)
  return (
    <ListPage
      title={t('immutability.title')}
      about={t('immutability.about')}
      help="immutability"
      actions={create}
      list={list}
      state={state}
      columns={columnsOf(t)}
      rowKey={({ NsName }) => NsName}
      rowActions={{
        label: ({ NsName }) => t('immutability.actionsOf', { name: NsName }),
        menu: (rule) => [
          ...(rights.may('tcr:ModifyImmutableTagRules', resource)
            ? [
                {
                  id: 'edit',
                  label: t('immutability.configure'),
                  onSelect: () => state.setOpen(rule.NsName),
                },
                {
                  id: 'turn',
                  label: t(rule.Disabled ? 'immutability.turnOn' : 'immutability.turnOff'),
                  onSelect: () =>
                    rule.Disabled ? turn(rule, false) : setEnding({ rule, isDelete: false }),
                },
              ]
            : []),
          ...(rights.may('tcr:DeleteImmutableTagRules', resource)
            ? [
                {
                  id: 'delete',
                  label: t('immutability.delete'),
                  isDangerous: true,
                  onSelect: () => setEnding({ rule, isDelete: true }),
                },
              ]
            : []),
        ],
      }}
      countLabel={(n) => t('immutability.count', { n })}
      empty={
        <Empty title={t('immutability.none')} actions={create}>
          {t('immutability.noneAbout')}
        </Empty>
      }
    >
      {(state.open === 'new' || edited) && mayOpen(rights, resource, edited) && (
        <RuleForm
          instance={instance}
          rule={edited}
          namespaces={free ?? []}
          onClose={() => state.setOpen('')}
        />
      )}
      {ending && <EndRule instance={instance} {...ending} onClose={() => setEnding(undefined)} />}
    </ListPage>
  )
}

function mayOpen(rights: Rights, resource: string, edited: Rule | undefined): boolean {
  return rights.may(`tcr:${edited ? 'Modify' : 'Create'}ImmutableTagRules`, resource)
}

function columnsOf(t: Words['t']): readonly Column<Rule>[] {
  return [
    { id: 'namespace', head: t('immutability.namespace'), cell: ({ NsName }) => NsName },
    { id: 'rule', head: t('immutability.rule'), cell: (rule) => ruleInWords(rule, t) },
    {
      id: 'state',
      head: t('immutability.state'),
      cell: ({ Disabled }) => (
        <Status tone={Disabled ? 'off' : 'good'}>
          {t(Disabled ? 'immutability.off' : 'immutability.on')}
        </Status>
      ),
    },
  ]
}

function ruleInWords(rule: Rule, t: Words['t']): string {
  const shown = (pattern: string) => (pattern === '' ? '**' : pattern)
  const repositories = t(
    rule.RepositoryDecoration === 'repoExcludes'
      ? 'immutability.otherRepositories'
      : 'immutability.theseRepositories',
    { pattern: shown(rule.RepositoryPattern) },
  )
  const tags = t(
    rule.TagDecoration === 'excludes' ? 'immutability.otherTags' : 'immutability.theseTags',
    { pattern: shown(rule.TagPattern) },
  )
  return t('immutability.inWords', { repositories, tags })
}

/** Turning on needs no question: it takes nothing away. */
function useTurn(instance: string): (rule: Rule, isOff: boolean) => Promise<unknown> {
  const { t } = useWords()
  const { tell, tellError } = useNotices()
  const modify = useChange('ModifyImmutableTagRules')
  return (rule, isOff) =>
    modify
      .mutateAsync({
        RegistryId: instance,
        NamespaceName: rule.NsName,
        RuleId: rule.RuleId,
        Rule: { ...rule, Disabled: isOff },
      })
      .then(() => tell(t('immutability.saved', { name: rule.NsName })), tellError)
}

interface EndRuleProps {
  readonly instance: string
  readonly rule: Rule
  readonly isDelete: boolean
  onClose(): void
}

/** Turning off and deleting: both let tags be overwritten, which says how many. */
function EndRule({ instance, rule, isDelete, onClose }: EndRuleProps) {
  const { t } = useWords()
  const namespace = { RegistryId: instance, NamespaceName: rule.NsName }
  const { data, isPending } = useRead('DescribeImmutabilityCoverage', { ...namespace, Rule: rule })
  const modify = useChange('ModifyImmutableTagRules')
  const remove = useChange('DeleteImmutableTagRules')
  const key = { ...namespace, RuleId: rule.RuleId }
  return (
    <Confirm
      title={t(isDelete ? 'immutability.deleteTitle' : 'immutability.turnOffTitle', {
        name: rule.NsName,
      })}
      verb={t(isDelete ? 'immutability.deleteVerb' : 'immutability.turnOff')}
      isWaiting={isPending}
      run={() =>
        isDelete
          ? remove.mutateAsync(key)
          : modify.mutateAsync({ ...key, Rule: { ...rule, Disabled: true } })
      }
      onClose={onClose}
    >
      <p>{ruleInWords(rule, t)}</p>
      <p>{data && t('immutability.freed', { n: data.CoveredTagCount })}</p>
    </Confirm>
  )
}
