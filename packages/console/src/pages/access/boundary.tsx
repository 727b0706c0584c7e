// The permission boundary: whatever policies allow, nothing beyond it is.

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useChange, useRead } from '../../api/use-api.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Confirm } from '../../patterns/confirm.tsx'
import { Panel } from '../../patterns/detail.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { useWords } from '../../words/use-words.ts'
import type { Holder } from './attachments.ts'
import { type Pick, PolicyPicks } from './picks.tsx'

interface OfHolder {
  readonly of: Holder
}

const names = {
  user: { put: 'cam:PutUserPermissionsBoundary', drop: 'cam:DeleteUserPermissionsBoundary' },
  role: { put: 'cam:PutRolePermissionsBoundary', drop: 'cam:DeleteRolePermissionsBoundary' },
} as const

export function BoundaryPanel({ of }: OfHolder) {
  const { t } = useWords()
  const { tell } = useNotices()
  const [open, setOpen] = useState<'put' | 'drop'>()
  const { put, drop } = names[of.kind === 'role' ? 'role' : 'user']
  const resource = of.kind === 'role' ? `role/${of.id}` : `uin/${of.id}`
  const { may } = useRights([
    [put, resource],
    [drop, resource],
  ])
  const boundary = useBoundary(of)
  const change = useBoundaryChange(of)
  if (!boundary) return null
  const close = () => setOpen(undefined)
  return (
    <Panel
      title={t('access.boundary')}
      actions={
        <>
          {may(put, resource) && (
            <Button onClick={() => setOpen('put')}>
              {t(boundary.id === undefined ? 'access.setBoundary' : 'access.changeBoundary')}
            </Button>
          )}
          {boundary.id !== undefined && may(drop, resource) && (
            <Button theme="danger-text" onClick={() => setOpen('drop')}>
              {t('access.dropBoundary')}
            </Button>
          )}
        </>
      }
    >
      <p className="quiet">{t('access.boundaryAbout')}</p>
      {boundary.id === undefined ? (
        <p>{t('access.noBoundary')}</p>
      ) : (
        <p>
          <Link to={paths.accessDetail('policies', boundary.id)}>{boundary.name}</Link>
        </p>
      )}
      {open === 'put' && <SetBoundary of={of} onClose={close} />}
      {open === 'drop' && (
        <Confirm
          title={t('access.dropBoundaryTitle', { name: of.name })}
          verb={t('access.dropBoundary')}
          run={() => change(undefined)}
          onClose={close}
          onDone={() => tell(t('access.boundaryDropped', { name: of.name }))}
        >
          <p>{t('access.dropBoundaryAbout')}</p>
        </Confirm>
      )}
    </Panel>
  )
}

function SetBoundary({ of, onClose }: OfHolder & { readonly onClose: () => void }) {
  const { t } = useWords()
  const { tell } = useNotices()
  const change = useBoundaryChange(of)
  const form = useForm<{ readonly policies: readonly Pick[] }>({
    initial: { policies: [] },
    submit: ({ policies }) => change(Number(policies[0]?.id)),
  })
  const { policies } = form.values
  return (
    <FormDialog
      title={t('access.boundaryOf', { name: of.name })}
      verb={t('access.setBoundary')}
      form={form}
      blocked={policies.length === 0 ? t('access.chooseFirst') : undefined}
      onClose={onClose}
      onDone={() => {
        tell(t('access.boundarySet', { name: of.name }))
        onClose()
      }}
    >
      <p>{t('access.boundaryAbout')}</p>
      <PolicyPicks
        chosen={policies}
        // There is one: the last that was ticked.
        onChange={(chosen) => form.set('policies', chosen.slice(-1))}
      />
    </FormDialog>
  )
}

function useBoundary({ kind, id }: Holder) {
  const ofUser = useRead(
    'GetUserPermissionBoundary',
    { TargetUin: kind === 'user' ? Number(id) : 0 },
    { isEnabled: kind === 'user' },
  )
  const ofRole = useRead(
    'GetRolePermissionBoundary',
    { RoleId: id },
    { isEnabled: kind === 'role' },
  )
  const { data } = kind === 'role' ? ofRole : ofUser
  return data && { id: data.PolicyId ?? undefined, name: data.PolicyName ?? '' }
}

function useBoundaryChange({ kind, id }: Holder): (policy: number | undefined) => Promise<unknown> {
  const putUser = useChange('PutUserPermissionsBoundary')
  const dropUser = useChange('DeleteUserPermissionsBoundary')
  const putRole = useChange('PutRolePermissionsBoundary')
  const dropRole = useChange('DeleteRolePermissionsBoundary')
  return (PolicyId) => {
    if (kind === 'role') {
      return PolicyId === undefined
        ? dropRole.mutateAsync({ RoleId: id })
        : putRole.mutateAsync({ RoleId: id, PolicyId })
    }
    const TargetUin = Number(id)
    return PolicyId === undefined
      ? dropUser.mutateAsync({ TargetUin })
      : putUser.mutateAsync({ TargetUin, PolicyId })
  }
}
