// The log of a rule: its runs, newest first.

import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useList, useRead } from '../../api/use-api.ts'
import { useInstanceId } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Breadcrumb } from '../../patterns/detail.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { FreeText, Time } from '../../patterns/shown.tsx'
import { Empty, Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import { RunRule } from './rule-dialogs.tsx'
import { ruleInWords } from './rule-values.ts'
import { durationOf, durationText, type Run, RunState, RunType } from './run-words.tsx'

const lookAgainMs = 3000

export function RetentionRunsPage() {
  const { t } = useWords()
  const instance = useInstanceId()
  const { rule: id = '' } = useParams({ strict: false })
  const state = useListState()
  const [asked, setAsked] = useState<'run' | 'dry'>()
  const about = { RegistryId: instance, RetentionId: Number(id) }
  const { data, error, isPending } = useRead('DescribeNamespaceRetention', about)
  const list = useList('DescribeRetentionRuns', about, {
    rows: (reply) => reply.Runs,
    total: (reply) => reply.TotalCount,
    everyMs: lookAgainMs,
  })
  const resource = `instance/${instance}`
  const rights = useRights([['tcr:CreateTagRetentionExecution', resource]])
  const rule = data?.Rules[0]
  useTitle(t('retention.logOf', { name: rule?.NamespaceName ?? id }))
  if (isPending) return <Skeleton />
  if (!rule) return <Failed error={error} />
  const blocked = list.rows[0]?.Status === 'InProgress' ? t('retention.runsNow') : undefined
  return (
    <>
      <Breadcrumb
        crumbs={[
          { label: t('retention.title'), to: paths.retention(instance) },
          { label: rule.NamespaceName },
        ]}
      />
      <ListPage
        title={t('retention.logOf', { name: rule.NamespaceName })}
        about={ruleInWords(rule, t).join('; ')}
        actions={
          rights.may('tcr:CreateTagRetentionExecution', resource) && (
            <>
              <Button blocked={blocked} onClick={() => setAsked('run')}>
                {t('retention.runNow')}
              </Button>
              <Button blocked={blocked} onClick={() => setAsked('dry')}>
                {t('retention.dryRun')}
              </Button>
            </>
          )
        }
        list={list}
        state={state}
        columns={columnsOf(t, instance, id)}
        rowKey={({ ExecutionId }) => String(ExecutionId)}
        countLabel={(n) => t('retention.runCount', { n })}
        empty={<Empty title={t('retention.noRun')}>{t('retention.noRunAbout')}</Empty>}
      >
        {asked && (
          <RunRule
            instance={instance}
            rule={rule}
            isDry={asked === 'dry'}
            onClose={() => setAsked(undefined)}
          />
        )}
      </ListPage>
    </>
  )
}

function columnsOf(t: Words['t'], instance: string, rule: string): readonly Column<Run>[] {
  return [
    {
      id: 'id',
      head: t('retention.runId'),
      cell: ({ ExecutionId }) => (
        <Link to={paths.retentionRun(instance, rule, ExecutionId)}>{ExecutionId}</Link>
      ),
    },
    {
      id: 'state',
      head: t('retention.runState'),
      cell: ({ Status }) => <RunState state={Status} />,
    },
    {
      id: 'figures',
      head: t('retention.result'),
      cell: (run) =>
        t(run.DryRun ? 'retention.wouldRemove' : 'retention.removed', {
          n: run.Total - run.Retained,
          all: run.Total,
        }),
    },
    { id: 'type', head: t('retention.runType'), cell: (run) => <RunType run={run} /> },
    {
      id: 'trigger',
      head: t('retention.started'),
      cell: ({ Trigger }) =>
        t(Trigger === 'Manual' ? 'retention.startedByHand' : 'retention.startedByTime'),
    },
    {
      id: 'by',
      head: t('retention.by'),
      isMinor: true,
      cell: ({ CreatedBy }) => <FreeText text={CreatedBy} />,
    },
    {
      id: 'created',
      head: t('retention.created'),
      cell: ({ StartTime }) => <Time at={StartTime} />,
    },
    {
      id: 'duration',
      head: t('retention.duration'),
      isMinor: true,
      cell: (run) => durationText(durationOf(run), t),
    },
  ]
}
