// One run: its figures, what it did in each repository, and what became of each tag.

import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useChange, useList, useRead } from '../../api/use-api.ts'
import { useInstanceId } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { Breadcrumb, DetailHead, Facts, Panel } from '../../patterns/detail.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useRights } from '../../patterns/rights.ts'
import { Rows } from '../../patterns/rows.tsx'
import { Count, FreeText, Time } from '../../patterns/shown.tsx'
import { Banner, Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { Fates } from './fates.tsx'
import { durationOf, durationText, type Run, RunState, RunType } from './run-words.tsx'

const lookAgainMs = 2000

export function RetentionRunPage() {
  const { t } = useWords()
  const instance = useInstanceId()
  const { rule = '', run: id = '' } = useParams({ strict: false })
  const { task }: { readonly task?: unknown } = useSearch({ strict: false })
  const about = { RegistryId: instance, RetentionId: Number(rule) }
  const { data, error, isPending } = useRead(
    'DescribeRetentionRuns',
    { ...about, ExecutionId: Number(id) },
    { everyMs: (reply) => (reply?.Runs[0]?.Status === 'InProgress' ? lookAgainMs : undefined) },
  )
  useTitle(t('retention.runTitleOf', { id }))
  if (isPending) return <Skeleton />
  const run = data?.Runs[0]
  if (!run) return <Failed error={error} />
  return (
    <>
      <Breadcrumb
        crumbs={[
          { label: t('retention.title'), to: paths.retention(instance) },
          { label: t('retention.log'), to: paths.retentionRuns(instance, rule) },
          { label: id },
        ]}
      />
      <DetailHead
        name={t('retention.runTitleOf', { id })}
        copy={id}
        state={<RunState state={run.Status} />}
        facts={<RunType run={run} />}
        actions={<StopRun instance={instance} run={run} />}
      />
      {run.DryRun && <Banner>{t('retention.nothingRemoved')}</Banner>}
      {run.Reason !== null && <Banner tone="warn">{run.Reason}</Banner>}
      <RunFacts run={run} />
      <Tasks instance={instance} rule={rule} run={run} />
      {task !== undefined && (
        <Fates instance={instance} run={run} task={Number(task)} key={String(task)} />
      )}
    </>
  )
}

function RunFacts({ run }: { readonly run: Run }) {
  const { t } = useWords()
  return (
    <Panel title={t('retention.result')}>
      <Facts
        facts={[
          {
            label: t(run.DryRun ? 'retention.wouldGo' : 'retention.gone'),
            value: <Count value={run.Total - run.Retained} />,
          },
          { label: t('retention.kept'), value: <Count value={run.Retained} /> },
          { label: t('retention.repositories'), value: <Count value={run.Repositories} /> },
          { label: t('retention.untouchedCount'), value: <Count value={run.Untouched} /> },
          {
            label: t('retention.started'),
            value: t(
              run.Trigger === 'Manual' ? 'retention.startedByHand' : 'retention.startedByTime',
            ),
          },
          { label: t('retention.by'), value: <FreeText text={run.CreatedBy} /> },
          { label: t('retention.created'), value: <Time at={run.StartTime} /> },
          { label: t('retention.duration'), value: durationText(durationOf(run), t) },
        ]}
      />
    </Panel>
  )
}

function StopRun({ instance, run }: { readonly instance: string; readonly run: Run }) {
  const { t } = useWords()
  const [isAsking, setAsking] = useState(false)
  const resource = `instance/${instance}`
  const { may } = useRights([['tcr:CreateTagRetentionExecution', resource]])
  const stop = useChange('StopTagRetentionExecution')
  if (run.Status !== 'InProgress' || !may('tcr:CreateTagRetentionExecution', resource)) return null
  return (
    <>
      <Button theme="danger-text" onClick={() => setAsking(true)}>
        {t('retention.stop')}
      </Button>
      {isAsking && (
        <Confirm
          title={t('retention.stopTitle')}
          verb={t('retention.stop')}
          run={() => stop.mutateAsync({ RegistryId: instance, ExecutionId: run.ExecutionId })}
          onClose={() => setAsking(false)}
        >
          <p>{t('retention.stopAbout')}</p>
        </Confirm>
      )}
    </>
  )
}

interface TasksProps {
  readonly instance: string
  readonly rule: string
  readonly run: Run
}

function Tasks({ instance, rule, run }: TasksProps) {
  const { t } = useWords()
  const state = useListState()
  const list = useList(
    'DescribeTagRetentionExecutionTask',
    { RegistryId: instance, RetentionId: Number(rule), ExecutionId: run.ExecutionId },
    {
      rows: (reply) => reply.RetentionTaskList,
      total: (reply) => reply.TotalCount,
      everyMs: run.Status === 'InProgress' ? lookAgainMs : undefined,
    },
  )
  return (
    <Panel title={t('retention.tasks')}>
      {list.total === 0 ? (
        <p className="quiet">{t('retention.noTask')}</p>
      ) : (
        <Rows
          label={t('retention.tasks')}
          list={list}
          state={state}
          rowKey={({ TaskId }) => String(TaskId)}
          columns={[
            {
              id: 'repository',
              head: t('retention.repository'),
              cell: ({ Repository, TaskId }) => (
                <Link
                  to={paths.retentionRun(instance, rule, run.ExecutionId)}
                  search={() => ({ task: TaskId })}
                  resetScroll={false}
                >
                  {Repository}
                </Link>
              ),
            },
            {
              id: 'total',
              head: t('retention.total'),
              isNumber: true,
              cell: ({ Total }) => <Count value={Total} />,
            },
            {
              id: 'retained',
              head: t('retention.kept'),
              isNumber: true,
              cell: ({ Retained }) => <Count value={Retained} />,
            },
            {
              id: 'gone',
              head: t(run.DryRun ? 'retention.wouldGo' : 'retention.gone'),
              isNumber: true,
              cell: ({ Total, Retained }) => <Count value={Total - Retained} />,
            },
            {
              id: 'state',
              head: t('retention.runState'),
              cell: ({ Status }) => <RunState state={Status} />,
            },
          ]}
        />
      )}
    </Panel>
  )
}
