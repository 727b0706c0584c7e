// Which tags of an instance stay: a rule for each namespace, run by hand or by time.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import { useList, useRead } from '../../api/use-api.ts'
import { useInstanceId } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Status, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import { DeleteRule, RunRule } from './rule-dialogs.tsx'
import { RuleForm } from './rule-form.tsx'
import { type Rule, ruleInWords } from './rule-values.ts'
import { scheduleWord } from './run-words.tsx'
import { Untagged } from './untagged.tsx'

/** While something runs. */
const lookAgainMs = 2000

type Asked = { readonly rule: Rule; readonly what: 'run' | 'dry' | 'delete' }

export function RetentionPage() {
  const { t } = useWords()
  useTitle(t('retention.title'))
  const instance = useInstanceId()
  const state = useListState()
  const [asked, setAsked] = useState<Asked>()
  const resource = `instance/${instance}`
  const rights = useRights([
    ['tcr:CreateTagRetentionRule', resource],
    ['tcr:ModifyTagRetentionRule', resource],
    ['tcr:DeleteTagRetentionRule', resource],
    ['tcr:CreateTagRetentionExecution', resource],
    ['tcr:ModifyNamespace', `repository/${instance}/*`],
  ])
  const may = (name: string) => rights.may(`tcr:${name}`, resource)
  const list = useList(
    'DescribeNamespaceRetention',
    { RegistryId: instance },
    { rows: (reply) => reply.Rules, total: (reply) => reply.TotalCount, everyMs: lookAgainMs * 5 },
  )
  const { data } = useRead('DescribeNamespaceRetention', { RegistryId: instance, Limit: 1 })
  const free = data?.Namespaces.filter(({ HasRule }) => !HasRule) ?? []
  const edited = list.rows.find(({ RetentionId }) => String(RetentionId) === state.open)
  const create = may('CreateTagRetentionRule') && (
    <Button
      theme="primary"
      icon={<AddIcon />}
      blocked={data && free.length === 0 ? t('retention.allRuled') : undefined}
      onClick={() => state.setOpen('new')}
    >
      {t('retention.create')}
    </Button>
  )
  const mayEdit = edited ? may('ModifyTagRetentionRule') : may('CreateTagRetentionRule')
  return (
    <ListPage
      title={t('retention.title')}
      about={t('retention.about')}
      help="retention"
      actions={
        <>
          {create}
          {rights.may('tcr:ModifyNamespace', `repository/${instance}/*`) && (
            <Button onClick={() => state.setOpen('untagged')}>{t('retention.untagged')}</Button>
          )}
        </>
      }
      list={list}
      state={state}
      columns={columnsOf(t, instance)}
      rowKey={({ RetentionId }) => String(RetentionId)}
      rowActions={{
        label: ({ NamespaceName }) => t('retention.actionsOf', { name: NamespaceName }),
        menu: (rule) => menuOf(rule, { t, may, setAsked, edit: state.setOpen }),
      }}
      countLabel={(n) => t('retention.count', { n })}
      empty={
        <Empty title={t('retention.none')} actions={create}>
          {t('retention.noneAbout')}
        </Empty>
      }
    >
      {(state.open === 'new' || edited) && mayEdit && data && (
        <RuleForm
          key={state.open}
          instance={instance}
          rule={edited}
          namespaces={free}
          timeZone={data.TimeZone}
          onClose={() => state.setOpen('')}
        />
      )}
      {state.open === 'untagged' && data && (
        <Untagged
          instance={instance}
          namespaces={data.Namespaces}
          onClose={() => state.setOpen('')}
        />
      )}
      {asked?.what === 'delete' && (
        <DeleteRule instance={instance} rule={asked.rule} onClose={() => setAsked(undefined)} />
      )}
      {(asked?.what === 'run' || asked?.what === 'dry') && (
        <RunRule
          instance={instance}
          rule={asked.rule}
          isDry={asked.what === 'dry'}
          onClose={() => setAsked(undefined)}
        />
      )}
    </ListPage>
  )
}

interface MenuGround {
  readonly t: Words['t']
  readonly may: (name: string) => boolean
  readonly setAsked: (asked: Asked) => void
  readonly edit: (id: string) => void
}

function menuOf(rule: Rule, { t, may, setAsked, edit }: MenuGround) {
  const isRunning = rule.LastRun?.Status === 'InProgress'
  const blocked = isRunning ? t('retention.runsNow') : undefined
  return [
    ...(may('CreateTagRetentionExecution')
      ? [
          {
            id: 'run',
            label: t('retention.runNow'),
            blocked,
            onSelect: () => setAsked({ rule, what: 'run' }),
          },
          {
            id: 'dry',
            label: t('retention.dryRun'),
            blocked,
            onSelect: () => setAsked({ rule, what: 'dry' }),
          },
        ]
      : []),
    ...(may('ModifyTagRetentionRule')
      ? [
          {
            id: 'edit',
            label: t('retention.configure'),
            onSelect: () => edit(String(rule.RetentionId)),
          },
        ]
      : []),
    ...(may('DeleteTagRetentionRule')
      ? [
          {
            id: 'delete',
            label: t('retention.delete'),
            isDangerous: true,
            onSelect: () => setAsked({ rule, what: 'delete' }),
          },
        ]
      : []),
  ]
}

function columnsOf(t: Words['t'], instance: string): readonly Column<Rule>[] {
  return [
    {
      id: 'namespace',
      head: t('retention.namespace'),
      cell: ({ NamespaceName, RetentionId }) => (
        <Link to={paths.retentionRuns(instance, RetentionId)}>{NamespaceName}</Link>
      ),
    },
    {
      id: 'policy',
      head: t('retention.policy'),
      cell: (rule) => ruleInWords(rule, t).map((line) => <div key={line}>{line}</div>),
    },
    {
      id: 'schedule',
      head: t('retention.schedule'),
      cell: ({ CronSetting }) => t(scheduleWord(CronSetting)),
    },
    {
      id: 'next',
      head: t('retention.next'),
      cell: ({ NextExecutionTime }) => <Time at={NextExecutionTime} />,
    },
    {
      id: 'last',
      head: t('retention.last'),
      cell: ({ LastRun: run }) => (run ? lastInWords(run, t) : '–'),
    },
    {
      id: 'state',
      head: t('retention.state'),
      cell: ({ Disabled }) => (
        <Status tone={Disabled ? 'off' : 'good'}>
          {t(Disabled ? 'retention.off' : 'retention.on')}
        </Status>
      ),
    },
  ]
}

function lastInWords(run: NonNullable<Rule['LastRun']>, t: Words['t']): string {
  if (run.Status === 'InProgress') return t('retention.running')
  if (run.Status === 'Failed') return t('retention.failed')
  const figures = { n: run.Total - run.Retained, all: run.Total }
  return t(run.DryRun ? 'retention.wouldRemove' : 'retention.removed', figures)
}
