// One role: what it is, who may take it on, what it may do.

import { useParams } from '@tanstack/react-router'
import type { Reply } from '../../api/call.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { Facts, Panel } from '../../patterns/detail.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { useRights } from '../../patterns/rights.ts'
import { Chip, CopyButton, FreeText, Status, Time } from '../../patterns/shown.tsx'
import { Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { DeleteRole } from './delete-role.tsx'
import { FailedPage } from './failed-page.tsx'
import { HolderPage } from './holder-page.tsx'
import { RoleTrust } from './role-trust.tsx'

type Role = Reply<'GetRole'>['RoleInfo']

export function RolePage() {
  const { t } = useWords()
  const { id = '' } = useParams({ strict: false })
  const resource = `role/${id}`
  const { may } = useRights([['cam:DeleteRole', resource]])
  const { data, error, isPending, refetch } = useRead('GetRole', { RoleId: id })
  useTitle(data?.RoleInfo.RoleName ?? t('access.roles'))
  if (isPending) return <Skeleton />
  if (error) return <FailedPage title={t('access.roles')} error={error} retry={refetch} />
  const role = data.RoleInfo
  return (
    <HolderPage
      kind="role"
      id={id}
      name={role.RoleName}
      state={role.RoleType === 'service_linked' && <Chip>{t('access.ofService')}</Chip>}
      mayDelete={may('cam:DeleteRole', resource)}
      tabs={[
        { id: 'basic', label: t('access.basic'), show: () => <RoleFacts role={role} /> },
        {
          id: 'trust',
          label: t('access.trustPolicy'),
          show: () => <RoleTrust key={role.PolicyDocument} role={role} />,
        },
      ]}
      confirmDelete={(closing) => <DeleteRole role={role} {...closing} />}
    />
  )
}

function RoleFacts({ role }: { readonly role: Role }) {
  const { t } = useWords()
  const { RoleId, RoleName } = role
  const resource = `role/${RoleId}`
  const { may } = useRights([
    ['cam:UpdateRoleDescription', resource],
    ['cam:UpdateRoleSessionDuration', resource],
  ])
  const describe = useChange('UpdateRoleDescription')
  const limit = useChange('UpdateRoleSessionDuration')
  const duration = role.SessionDuration ?? 0
  return (
    <Panel title={t('access.basic')}>
      <Facts
        facts={[
          { label: t('access.roleName'), value: <bdi>{RoleName}</bdi> },
          { label: t('access.roleId'), value: RoleId },
          {
            label: t('access.description'),
            value: <FreeText text={role.Description} />,
            ...(may('cam:UpdateRoleDescription', resource) && {
              edit: {
                text: role.Description,
                save: (Description: string) => describe.mutateAsync({ RoleId, Description }),
              },
            }),
          },
          {
            label: t('access.duration'),
            value: duration === 0 ? t('access.noLimit') : t('access.seconds', { n: duration }),
            ...(may('cam:UpdateRoleSessionDuration', resource) && {
              edit: {
                text: String(duration),
                save: (text: string) =>
                  limit.mutateAsync({ RoleName, SessionDuration: Number(text) }),
              },
            }),
          },
          { label: t('access.consoleLogin'), value: <RoleConsole role={role} /> },
          {
            label: t('access.roleArn'),
            value: role.RoleArn ? (
              <>
                <code>{role.RoleArn}</code>
                <CopyButton text={role.RoleArn} what={t('access.roleArn')} />
              </>
            ) : (
              '–'
            ),
          },
          { label: t('access.created'), value: <Time at={role.AddTime} /> },
          { label: t('access.updated'), value: <Time at={role.UpdateTime} /> },
        ]}
      />
    </Panel>
  )
}

/** May whom an identity provider sends work in the console by it? */
function RoleConsole({ role }: { readonly role: Role }) {
  const { t } = useWords()
  const { tellError } = useNotices()
  const resource = `role/${role.RoleId}`
  const { may } = useRights([['cam:UpdateRoleConsoleLogin', resource]])
  const change = useChange('UpdateRoleConsoleLogin')
  const isOn = role.ConsoleLogin === 1
  return (
    <>
      <Status tone={isOn ? 'good' : 'off'}>{t(isOn ? 'access.allowed' : 'access.disabled')}</Status>{' '}
      {may('cam:UpdateRoleConsoleLogin', resource) && (
        <Button
          theme="text"
          isBusy={change.isPending}
          onClick={() =>
            change.mutate(
              { RoleName: role.RoleName, ConsoleLogin: isOn ? 0 : 1 },
              { onError: tellError },
            )
          }
        >
          {t(isOn ? 'access.disable' : 'access.enable')}
        </Button>
      )}
    </>
  )
}
