// Where the audit log of the whole deployment is sent on to, and until when events have arrived there.

import { useState } from 'react'
import { AddIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { FreeText, Status, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { wholeList } from '../../patterns/whole-list.ts'
import { useWords, type Words } from '../../words/use-words.ts'
import { ForwardingForm } from './forwarding-form.tsx'

export type Forwarding = Reply<'DescribeAuditForwardings'>['Forwardings'][number]

/** As long as it is looked at. */
const liveMs = 5000
/** The API keeps no more. */
const mostForwardings = 10

export function Forwardings() {
  const words = useWords()
  const { t } = words
  const { tell, tellError } = useNotices()
  const state = useListState()
  const [deleting, setDeleting] = useState<string>()
  const { may } = useRights([
    ['entrepot:CreateAuditForwarding'],
    ['entrepot:ModifyAuditForwarding'],
    ['entrepot:DeleteAuditForwarding'],
  ])
  const reply = useRead('DescribeAuditForwardings', {}, { everyMs: liveMs })
  const modify = useChange('ModifyAuditForwarding')
  const remove = useChange('DeleteAuditForwarding')
  const rows = reply.data?.Forwardings
  const edited = rows?.find(({ Name }) => Name === state.open)
  const create = may('entrepot:CreateAuditForwarding') && (
    <Button
      theme="primary"
      icon={<AddIcon />}
      blocked={(rows?.length ?? 0) >= mostForwardings ? t('system.mostForwardings') : undefined}
      onClick={() => state.setOpen('new')}
    >
      {t('system.createForwarding')}
    </Button>
  )
  const turn = ({ Name, Enabled }: Forwarding): void => {
    modify
      .mutateAsync({ Name, Enabled: !Enabled })
      .then(
        () => tell(t(Enabled ? 'system.wasDisabled' : 'system.wasEnabled', { name: Name })),
        tellError,
      )
  }
  return (
    <ListPage
      isInner
      title={t('system.forwarding')}
      about={t('system.forwardingAbout')}
      help="audit"
      actions={create}
      list={wholeList(reply, rows)}
      state={state}
      columns={columnsOf(words)}
      rowKey={({ Name }) => Name}
      rowActions={{
        label: ({ Name }) => t('system.actionsOf', { name: Name }),
        menu: (forwarding) => [
          ...(may('entrepot:ModifyAuditForwarding')
            ? [
                {
                  id: 'edit',
                  label: t('system.edit'),
                  onSelect: () => state.setOpen(forwarding.Name),
                },
                {
                  id: 'turn',
                  label: t(forwarding.Enabled ? 'system.disable' : 'system.enable'),
                  onSelect: () => turn(forwarding),
                },
              ]
            : []),
          ...(may('entrepot:DeleteAuditForwarding')
            ? [
                {
                  id: 'delete',
                  label: t('system.delete'),
                  isDangerous: true,
                  onSelect: () => setDeleting(forwarding.Name),
                },
              ]
            : []),
        ],
      }}
      countLabel={(n) => t('system.forwardingCount', { n })}
      empty={
        <Empty title={t('system.noForwarding')} actions={create}>
          {t('system.noForwardingAbout')}
        </Empty>
      }
    >
      {state.open === 'new' && <ForwardingForm onClose={() => state.setOpen('')} />}
      {edited && (
        <ForwardingForm key={edited.Name} forwarding={edited} onClose={() => state.setOpen('')} />
      )}
      {deleting !== undefined && (
        <Confirm
          title={t('system.deleteForwardingTitle', { name: deleting })}
          verb={t('system.deleteForwarding')}
          run={() => remove.mutateAsync({ Name: deleting })}
          onClose={() => setDeleting(undefined)}
          onDone={() => tell(t('system.wasDeleted', { name: deleting }))}
        >
          <p>{t('system.deleteForwardingAbout')}</p>
        </Confirm>
      )}
    </ListPage>
  )
}

function columnsOf({ t }: Words): readonly Column<Forwarding>[] {
  return [
    { id: 'name', head: t('system.name'), cell: ({ Name }) => <bdi>{Name}</bdi> },
    {
      id: 'state',
      head: t('system.state'),
      cell: (forwarding) => <ForwardingState forwarding={forwarding} />,
    },
    {
      id: 'kind',
      head: t('system.kind'),
      cell: ({ Kind, Protocol }) =>
        Kind === 'File' ? t('system.file') : `syslog ${Protocol?.toUpperCase() ?? ''}`,
    },
    {
      id: 'target',
      head: t('system.target'),
      cell: ({ Kind, Address, Path }) => <FreeText text={Kind === 'File' ? Path : Address} />,
    },
    {
      id: 'sent',
      head: t('system.sentUntil'),
      cell: ({ SentUntil }) => <Time at={SentUntil} none={t('system.never')} />,
    },
  ]
}

function ForwardingState({ forwarding }: { readonly forwarding: Forwarding }) {
  const { t } = useWords()
  if (!forwarding.Enabled) return <Status tone="off">{t('system.disabled')}</Status>
  if (forwarding.Reason === null) return <Status tone="good">{t('system.sending')}</Status>
  return (
    <>
      <Status tone="bad">{t('system.heldUp')}</Status> <FreeText text={forwarding.Reason} />
    </>
  )
}
