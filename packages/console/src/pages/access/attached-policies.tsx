// The policies of a user, a group or a role: attached, detached, and the boundary that they can't go beyond.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { ListPage } from '../../patterns/list-page.tsx'
import { useListState } from '../../patterns/list-state.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import type { Column } from '../../patterns/rows.tsx'
import { Chip, FreeText, Time } from '../../patterns/shown.tsx'
import { Empty } from '../../patterns/states.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import {
  type Attached,
  attachRights,
  type Holder,
  useAttach,
  useAttached,
  useDetach,
} from './attachments.ts'
import { BoundaryPanel } from './boundary.tsx'
import { type Pick, PolicyPicks } from './picks.tsx'

interface OfHolder {
  readonly of: Holder
}

export function AttachedPolicies({ of }: OfHolder) {
  const { t } = useWords()
  const state = useListState()
  const { tell } = useNotices()
  const [detaching, setDetaching] = useState<Attached>()
  const names = attachRights(of)
  const { may } = useRights([
    [names.attach, names.resource],
    [names.detach, names.resource],
  ])
  const list = useAttached(of)
  const detach = useDetach(of)
  const attachButton = may(names.attach, names.resource) && (
    <Button theme="primary" onClick={() => state.setOpen('attach')}>
      {t('access.attach')}
    </Button>
  )
  return (
    <div className="access-section">
      <ListPage
        isInner
        title={t('access.policies')}
        about={t('access.attachedAbout')}
        help="access"
        actions={attachButton}
        list={list}
        state={state}
        columns={columnsOf(t)}
        rowKey={({ id, groups }) => `${id} ${groups.map((group) => group.id).join(' ')}`}
        rowActions={{
          label: ({ name }) => t('access.actionsOf', { name }),
          direct: (policy) =>
            policy.isOwn &&
            may(names.detach, names.resource) && (
              <Button theme="danger-text" onClick={() => setDetaching(policy)}>
                {t('access.detach')}
              </Button>
            ),
        }}
        countLabel={(n) => t('access.policyCount', { n })}
        empty={
          <Empty title={t('access.noPolicies')} actions={attachButton}>
            {t('access.noPoliciesAbout')}
          </Empty>
        }
      >
        {state.open === 'attach' && (
          <AttachPolicies
            of={of}
            except={new Set(list.rows.filter(({ isOwn }) => isOwn).map(({ id }) => String(id)))}
            onClose={() => state.setOpen('')}
          />
        )}
        {detaching && (
          <Confirm
            title={t('access.detachTitle', { policy: detaching.name, name: of.name })}
            verb={t('access.detachVerb')}
            run={() => detach(detaching.id)}
            onClose={() => setDetaching(undefined)}
            onDone={() => tell(t('access.detached', { policy: detaching.name }))}
          >
            <p>{t('access.detachAbout')}</p>
          </Confirm>
        )}
      </ListPage>
      {of.kind !== 'group' && <BoundaryPanel of={of} />}
    </div>
  )
}

function columnsOf(t: Words['t']): readonly Column<Attached>[] {
  return [
    {
      id: 'name',
      head: t('access.policy'),
      cell: ({ id, name }) => <Link to={paths.accessDetail('policies', id)}>{name}</Link>,
    },
    {
      id: 'type',
      head: t('access.policyType'),
      cell: ({ isPreset }) => (
        <Chip>{t(isPreset ? 'access.presetPolicy' : 'access.customPolicy')}</Chip>
      ),
    },
    {
      id: 'about',
      head: t('access.description'),
      isMinor: true,
      cell: ({ about }) => <FreeText text={about} />,
    },
    {
      id: 'by',
      head: t('access.attachedBy'),
      cell: ({ isOwn, groups }) => (
        <div>
          {isOwn && <div>{t('access.directly')}</div>}
          {groups.map(({ id, name }) => (
            <div key={id} className="by-group">
              <span className="quiet">{t('access.byGroup')} </span>
              <Link to={paths.accessDetail('groups', id)}>{name}</Link>
            </div>
          ))}
        </div>
      ),
    },
    {
      id: 'time',
      head: t('access.attachTime'),
      isMinor: true,
      cell: ({ at }) => <Time at={at} />,
    },
  ]
}

interface AttachPoliciesProps extends OfHolder {
  readonly except: ReadonlySet<string>
  readonly onClose: () => void
}

function AttachPolicies({ of, except, onClose }: AttachPoliciesProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const attach = useAttach(of)
  const form = useForm<{ readonly policies: readonly Pick[] }>({
    initial: { policies: [] },
    submit: async ({ policies }) => {
      for (const { id } of policies) await attach(Number(id))
    },
  })
  const { policies } = form.values
  return (
    <FormDialog
      title={t('access.attachTo', { name: of.name })}
      verb={t('access.attach')}
      form={form}
      blocked={policies.length === 0 ? t('access.chooseFirst') : undefined}
      onClose={onClose}
      onDone={() => {
        tell(t('access.attached', { n: policies.length, name: of.name }))
        onClose()
      }}
    >
      <PolicyPicks
        chosen={policies}
        except={except}
        onChange={(chosen) => form.set('policies', chosen)}
      />
    </FormDialog>
  )
}
