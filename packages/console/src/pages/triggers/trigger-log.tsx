// What a trigger sent: each delivery with its state; one opened shows the request, what came back, and sends it again.

import { useParams } from '@tanstack/react-router'
import { useChange, useList, useRead } from '../../api/use-api.ts'
import { useInstance, useInstanceId } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Breadcrumb, Facts } from '../../patterns/detail.tsx'
import { Dialog } from '../../patterns/dialog.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Chip, Count, Status, Time } from '../../patterns/shown.tsx'
import { Empty, Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import { AttemptDetail, Block, readable } from './attempt-detail.tsx'
import { DeadTargets } from './dead-targets.tsx'
import { type Delivery, eventWords, stateTones, stateWords } from './trigger-words.ts'
import './triggers.css'

const states: readonly Delivery['State'][] = ['pending', 'finished', 'error', 'stopped']
const everyMs = 5000

export function TriggerLogPage() {
  const { t } = useWords()
  const instance = useInstanceId()
  const { namespace = '', trigger = '' } = useParams({ strict: false })
  const { instance: shown } = useInstance(instance)
  const of = { RegistryId: instance, Namespace: namespace, Id: Number(trigger) }
  const { data } = useRead('DescribeWebhookTriggerDetails', of, { everyMs })
  const name = data?.Triggers[0]?.Name ?? trigger
  const title = t('triggers.logTitle', { name })
  useTitle(title)
  const state = useListState()
  const resource = `instance/${instance}`
  const rights = useRights([['tcr:ModifyWebhookTrigger', resource]])
  const mayModify = rights.may('tcr:ModifyWebhookTrigger', resource)
  const wanted = states.find((one) => one === state.filter('state'))
  const list = useList(
    'DescribeWebhookDeliveries',
    { ...of, ...(wanted && { State: wanted }) },
    { rows: (reply) => reply.Deliveries, total: (reply) => reply.TotalCount, everyMs },
  )
  return (
    <>
      <Breadcrumb
        crumbs={[
          { label: shown?.RegistryName ?? instance, to: paths.instance(instance) },
          { label: t('triggers.title'), to: paths.triggers(instance) },
          { label: name },
        ]}
      />
      <ListPage
        title={title}
        about={t('triggers.logAbout')}
        banner={
          <DeadTargets instance={instance} triggers={data?.Triggers ?? []} mayFix={mayModify} />
        }
        list={list}
        state={state}
        filters={[
          {
            name: 'state',
            label: t('triggers.state'),
            choices: states.map((value) => ({ value, label: t(stateWords[value]) })),
          },
        ]}
        columns={columnsOf(t, (id) => state.setOpen(String(id)))}
        rowKey={({ Id }) => String(Id)}
        countLabel={(n) => t('triggers.deliveries', { n })}
        empty={<Empty title={t('triggers.noLog')}>{t('triggers.noLogAbout')}</Empty>}
      >
        {/^\d+$/.test(state.open) && (
          <DeliveryDrawer
            of={{ RegistryId: instance, Namespace: namespace, DeliveryId: Number(state.open) }}
            mayRedeliver={mayModify}
            onClose={() => state.setOpen('')}
          />
        )}
      </ListPage>
    </>
  )
}

function columnsOf(t: Words['t'], open: (id: number) => void): readonly Column<Delivery>[] {
  return [
    {
      id: 'id',
      head: t('triggers.id'),
      cell: ({ Id }) => (
        <Button theme="text" aria-label={t('triggers.show', { id: Id })} onClick={() => open(Id)}>
          {Id}
        </Button>
      ),
    },
    {
      id: 'event',
      head: t('triggers.event'),
      cell: ({ EventType, IsTest }) => (
        <>
          {t(eventWords[EventType])} {IsTest && <Chip>{t('triggers.isTest')}</Chip>}
        </>
      ),
    },
    {
      id: 'repository',
      head: t('triggers.pathColumn'),
      cell: ({ Repository, Tag }) => (Tag === '' ? Repository : `${Repository}:${Tag}`),
    },
    {
      id: 'state',
      head: t('triggers.state'),
      cell: ({ State }) => <Status tone={stateTones[State]}>{t(stateWords[State])}</Status>,
    },
    {
      id: 'created',
      head: t('triggers.created'),
      cell: ({ CreationTime }) => <Time at={CreationTime} />,
    },
    {
      id: 'attempts',
      head: t('triggers.attempts'),
      isNumber: true,
      cell: ({ AttemptCount }) => <Count value={AttemptCount} />,
    },
    {
      id: 'status',
      head: t('triggers.status'),
      isNumber: true,
      cell: ({ HttpStatus }) => <Count value={HttpStatus} />,
    },
    {
      id: 'duration',
      head: t('triggers.duration'),
      isNumber: true,
      isMinor: true,
      cell: ({ DurationMs }) =>
        DurationMs === null ? (
          <Count value={null} />
        ) : (
          t('triggers.milliseconds', { n: DurationMs })
        ),
    },
  ]
}

interface DeliveryDrawerProps {
  readonly of: {
    readonly RegistryId: string
    readonly Namespace: string
    readonly DeliveryId: number
  }
  readonly mayRedeliver: boolean
  onClose(): void
}

function DeliveryDrawer({ of, mayRedeliver, onClose }: DeliveryDrawerProps) {
  const { t } = useWords()
  const { tell, tellError } = useNotices()
  const id = of.DeliveryId
  const { data, error } = useRead('DescribeWebhookDelivery', of, { everyMs })
  const redeliver = useChange('RedeliverWebhook')
  const run = () =>
    redeliver.mutateAsync(of).then(() => tell(t('triggers.redelivered', { id })), tellError)
  return (
    <Dialog
      title={t('triggers.delivery', { id })}
      form="drawer"
      onClose={onClose}
      foot={
        <>
          <Button data-first-focus="" onClick={onClose}>
            {t('patterns.close')}
          </Button>
          {mayRedeliver && (
            <Button theme="primary" isBusy={redeliver.isPending} onClick={() => void run()}>
              {t('triggers.redeliver')}
            </Button>
          )}
        </>
      }
    >
      {error && <Failed error={error} />}
      {!data && !error && <Skeleton lines={6} />}
      {data && (
        <>
          <DeliveryFacts delivery={data.Delivery} />
          <Block label={t('triggers.body')} text={readable(data.Body)} />
          {data.Attempts.map((attempt) => (
            <section key={attempt.Number} className="attempt-of">
              <h3>
                {t('triggers.attempt', { n: attempt.Number })}
                {attempt.IsByHand && <Chip>{t('triggers.byHand')}</Chip>}
              </h3>
              <p>
                <Time at={attempt.Time} />{' '}
                {attempt.Problem === null ? (
                  <Status tone="good">{attempt.HttpStatus}</Status>
                ) : (
                  <Status tone="bad">{attempt.Problem}</Status>
                )}
              </p>
              <AttemptDetail attempt={attempt} />
            </section>
          ))}
        </>
      )}
    </Dialog>
  )
}

function DeliveryFacts({ delivery }: { readonly delivery: Delivery }) {
  const { t } = useWords()
  const { State, EventType, EventId, Address, NextAttemptTime, Problem } = delivery
  return (
    <Facts
      facts={[
        {
          label: t('triggers.state'),
          value: <Status tone={stateTones[State]}>{t(stateWords[State])}</Status>,
        },
        { label: t('triggers.event'), value: t(eventWords[EventType]) },
        { label: t('triggers.address'), value: <code>{Address}</code> },
        { label: t('triggers.eventId'), value: <code>{EventId}</code> },
        NextAttemptTime === null
          ? undefined
          : { label: t('triggers.nextAttempt'), value: <Time at={NextAttemptTime} /> },
        Problem === null ? undefined : { label: t('triggers.problem'), value: Problem },
      ]}
    />
  )
}
