// Triggers of an instance: what is told to whom, and whether it arrives.

import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import { useChange, useList } from '../../api/use-api.ts'
import { useInstanceId } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { CommandBlock } from '../../patterns/commands.tsx'
import { type Filter, ListPage } from '../../patterns/list-page.tsx'
import { type ListState, useListState } from '../../patterns/list-state.ts'
import type { MenuEntry } from '../../patterns/menu.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { SecretDialog } from '../../patterns/secret.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import { DeadTargets } from './dead-targets.tsx'
import { type Ending, EndTrigger } from './end-trigger.tsx'
import { columnsOf } from './trigger-columns.tsx'
import { TriggerForm } from './trigger-form.tsx'
import { asInput, events, eventWords, type Trigger } from './trigger-words.ts'
import { useNamespaces } from './use-namespaces.ts'
import './triggers.css'

/** While one is shown that waits: it may have arrived. */
const everyMs = 10_000

export function TriggersPage() {
  const { t } = useWords()
  useTitle(t('triggers.title'))
  const instance = useInstanceId()
  const state = useListState()
  const [ending, setEnding] = useState<{ readonly trigger: Trigger; readonly how: Ending }>()
  const [secret, setSecret] = useState<{ readonly name: string; readonly text: string }>()
  const resource = `instance/${instance}`
  const rights = useRights([
    ['tcr:CreateWebhookTrigger', resource],
    ['tcr:ModifyWebhookTrigger', resource],
    ['tcr:DeleteWebhookTrigger', resource],
    ['tcr:DescribeWebhookTriggerLog', resource],
  ])
  const may = (what: string) => rights.may(`tcr:${what}`, resource)
  const list = useTriggers(instance, state)
  const { names } = useNamespaces(instance)
  const create = may('CreateWebhookTrigger') && (
    <Button theme="primary" icon={<AddIcon />} onClick={() => state.setOpen('new')}>
      {t('triggers.create')}
    </Button>
  )
  const edited = list.rows.find(({ Id }) => String(Id) === state.open)
  const menuOf = useMenu({ instance, may, edit: state.setOpen, end: setEnding })
  const isNew = state.open === 'new' && may('CreateWebhookTrigger')
  return (
    <ListPage
      title={t('triggers.title')}
      about={t('triggers.about')}
      help="webhooks"
      banner={
        <DeadTargets
          instance={instance}
          triggers={list.rows}
          mayFix={may('ModifyWebhookTrigger')}
        />
      }
      actions={create}
      list={list}
      state={state}
      searchFor={t('triggers.search')}
      filters={filtersOf(t, names)}
      columns={columnsOf(t, instance, may('DescribeWebhookTriggerLog'))}
      rowKey={({ Id }) => String(Id)}
      rowActions={{
        label: ({ Name }) => t('triggers.actionsOf', { name: Name }),
        menu: menuOf,
      }}
      countLabel={(n) => t('triggers.count', { n })}
      empty={
        <Empty title={t('triggers.none')} actions={create}>
          {t('triggers.noneAbout')}
          <div className="trigger-sample">
            <CommandBlock lines={sample} label={t('triggers.body')} />
          </div>
        </Empty>
      }
    >
      {(isNew || (edited && may('ModifyWebhookTrigger'))) && (
        <TriggerForm
          instance={instance}
          trigger={edited}
          onClose={() => state.setOpen('')}
          onSecret={(name, text) => setSecret({ name, text })}
        />
      )}
      {ending && (
        <EndTrigger
          instance={instance}
          {...ending}
          onSecret={(text) => setSecret({ name: ending.trigger.Name, text })}
          onClose={() => setEnding(undefined)}
        />
      )}
      {secret && (
        <SecretDialog
          title={t('triggers.secretTitle', { name: secret.name })}
          about={t('triggers.secretAbout')}
          parts={[{ label: t('triggers.secret'), value: secret.text, isSecret: true }]}
          fileName={`${secret.name}-webhook-secret.txt`}
          onClose={() => setSecret(undefined)}
        />
      )}
    </ListPage>
  )
}

interface MenuParts {
  readonly instance: string
  may(what: string): boolean
  edit(id: string): void
  end(ending: { readonly trigger: Trigger; readonly how: Ending }): void
}

function useMenu({ instance, may, edit, end }: MenuParts) {
  const { t } = useWords()
  const navigate = useNavigate()
  const turn = useTurn(instance)
  return (trigger: Trigger): readonly MenuEntry[] => {
    const modify: readonly MenuEntry[] = [
      {
        id: 'edit',
        label: t('triggers.configure'),
        onSelect: () => edit(String(trigger.Id)),
      },
      {
        id: 'turn',
        label: t(trigger.Enabled ? 'triggers.turnOff' : 'triggers.turnOn'),
        onSelect: () => (trigger.Enabled ? end({ trigger, how: 'off' }) : void turn(trigger, true)),
      },
      {
        id: 'secret',
        label: t('triggers.newSecret'),
        onSelect: () => end({ trigger, how: 'secret' }),
      },
    ]
    const remove: MenuEntry = {
      id: 'delete',
      label: t('triggers.delete'),
      isDangerous: true,
      onSelect: () => end({ trigger, how: 'delete' }),
    }
    const log: MenuEntry = {
      id: 'log',
      label: t('triggers.log'),
      onSelect: () =>
        void navigate({ to: paths.triggerLog(instance, trigger.NamespaceName, trigger.Id) }),
    }
    return [
      ...(may('DescribeWebhookTriggerLog') ? [log] : []),
      ...(may('ModifyWebhookTrigger') ? modify : []),
      ...(may('DeleteWebhookTrigger') ? [remove] : []),
    ]
  }
}

function useTriggers(instance: string, state: ListState) {
  const event = state.filter('event')
  const namespace = state.filter('namespace')
  const known = events.find((one) => one === event)
  return useList(
    'DescribeWebhookTriggerDetails',
    {
      RegistryId: instance,
      ...(state.q !== '' && { Search: state.q }),
      ...(namespace !== '' && { Namespace: namespace }),
      ...(known && { EventType: known }),
      ...(state.filter('state') === 'failing' && { OnlyFailing: true }),
    },
    { rows: (reply) => reply.Triggers, total: (reply) => reply.TotalCount, everyMs },
  )
}

function filtersOf(t: Words['t'], namespaces: readonly string[]): readonly Filter[] {
  return [
    {
      name: 'namespace',
      label: t('triggers.namespace'),
      choices: namespaces.map((name) => ({ value: name, label: name })),
    },
    {
      name: 'event',
      label: t('triggers.events'),
      choices: events.map((value) => ({ value, label: t(eventWords[value]) })),
    },
    {
      name: 'state',
      label: t('triggers.filterFailing'),
      choices: [{ value: 'failing', label: t('triggers.onlyFailing') }],
    },
  ]
}

/** Turning on needs no question: it takes nothing away. */
function useTurn(instance: string): (trigger: Trigger, isOn: boolean) => Promise<unknown> {
  const { t } = useWords()
  const { tell, tellError } = useNotices()
  const modify = useChange('ModifyWebhookTrigger')
  return (trigger, isOn) =>
    modify
      .mutateAsync({
        RegistryId: instance,
        Namespace: trigger.NamespaceName,
        Trigger: { ...asInput(trigger), Enabled: isOn },
      })
      .then(() => tell(t('triggers.saved', { name: trigger.Name })), tellError)
}

/** No words: it is what goes over the wire. */
const sample = JSON.stringify(
  {
    type: 'pushImage',
    occur_at: 1589106605,
    event_data: {
      resources: [
        {
          digest: `sha256:${'89a42c3b'.repeat(8)}`,
          tag: 'v1.10.0',
          resource_url: 'registry.example.com/public/nginx:v1.10.0',
        },
      ],
      repository: {
        date_created: 1587119137,
        name: 'nginx',
        namespace: 'public',
        repo_full_name: 'public/nginx',
        repo_type: 'public',
      },
    },
    operator: '100000000001',
  },
  null,
  2,
)
