// A service account: how it logs in, and what of it can be changed. Its end is a date here, never a number of days.

import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { KeyIcon } from 'tdesign-icons-react'
import { useRead } from '../../api/use-api.ts'
import { useInstance, useInstanceId } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Breadcrumb, DetailHead, Facts, Panel } from '../../patterns/detail.tsx'
import { CopyButton, FreeText, Time } from '../../patterns/shown.tsx'
import { Empty, Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { EditServiceAccount } from './edit-service-account.tsx'
import { ExceedsBanner } from './exceeds-banner.tsx'
import { ExpiryText } from './expiry-text.tsx'
import { LastUse } from './last-use.tsx'
import { LoginBlock } from './login-block.tsx'
import { AccountStatus, type ServiceAccount } from './service-account-columns.tsx'
import { type OpenedAccounts, ServiceAccountDialogs } from './service-account-dialogs.tsx'
import { otherSpelling } from './service-account-name.ts'
import { useAccountSwitch, useServiceAccountRights } from './service-account-rights.ts'
import { useCredentialUse } from './use-credential-use.ts'
import './credentials.css'

export function ServiceAccountPage() {
  const { t } = useWords()
  const instance = useInstanceId()
  const { account: name = '' } = useParams({ strict: false })
  useTitle(name)
  const { instance: shown } = useInstance(instance)
  const { data, error, refetch } = useRead('DescribeServiceAccounts', {
    RegistryId: instance,
    EmbedPermission: true,
    Filters: [{ Name: 'ServiceAccountName', Values: [name] }],
  })
  const { uses } = useCredentialUse(instance, 'ServiceAccount')
  const found = data?.ServiceAccounts[0]
  const account = found && { ...found, use: uses.get(found.Name) }
  return (
    <>
      <Breadcrumb
        crumbs={[
          { label: shown?.RegistryName ?? instance, to: paths.instance(instance) },
          { label: t('credentials.serviceTitle'), to: paths.serviceAccounts(instance) },
          { label: name },
        ]}
      />
      {!account && (
        <header className="page-head">
          <h1 tabIndex={-1}>
            <bdi>{name}</bdi>
          </h1>
        </header>
      )}
      {error && <Failed error={error} retry={() => void refetch()} />}
      {!error && !data && <Skeleton lines={8} />}
      {data && !account && <Empty title={t('credentials.noSuchAccount', { name })} />}
      {account && <Account instance={instance} account={account} />}
    </>
  )
}

interface AccountProps {
  readonly instance: string
  readonly account: ServiceAccount
}

function Account({ instance, account }: AccountProps) {
  const { t } = useWords()
  const rights = useServiceAccountRights(instance)
  return (
    <>
      <DetailHead
        name={account.Name}
        state={<AccountStatus account={account} />}
        facts={<ExpiryText at={account.ExpiresAt} />}
        actions={<AccountActions instance={instance} account={account} />}
      />
      <div className="columns">
        <Panel title={t('credentials.about')}>
          <Facts
            facts={[
              {
                label: t('credentials.alsoUser'),
                value: (
                  <span className="credential-id">
                    <code>{otherSpelling(account.Name)}</code>
                    <CopyButton
                      text={otherSpelling(account.Name)}
                      what={otherSpelling(account.Name)}
                    />
                  </span>
                ),
              },
              {
                label: t('credentials.description'),
                value: <FreeText text={account.Description} />,
              },
              { label: t('credentials.lastUse'), value: <LastUse use={account.use} /> },
              { label: t('credentials.created'), value: <Time at={account.CreateTime} /> },
              { label: t('credentials.updated'), value: <Time at={account.UpdateTime} /> },
            ]}
          />
        </Panel>
        <Panel title={t('credentials.logIn')}>
          <LoginBlock instance={instance} user={account.Name} />
        </Panel>
      </div>
      {rights.mayModify && (
        <>
          <ExceedsBanner />
          <Panel title={t('credentials.settings')}>
            {/* After it was saved the form begins anew, with what is there now. */}
            <EditServiceAccount
              key={`${account.Name} ${account.UpdateTime}`}
              instance={instance}
              account={account}
            />
          </Panel>
        </>
      )}
    </>
  )
}

function AccountActions({ instance, account }: AccountProps) {
  const { t } = useWords()
  const navigate = useNavigate()
  const rights = useServiceAccountRights(instance)
  const turn = useAccountSwitch(instance)
  const [opened, setOpened] = useState<OpenedAccounts>()
  const open = (kind: OpenedAccounts['kind']) => setOpened({ kind, rows: [account] })
  return (
    <>
      {rights.mayReset && (
        <Button icon={<KeyIcon />} onClick={() => open('reset')}>
          {t('credentials.resetPassword')}
        </Button>
      )}
      {rights.mayModify && (
        <Button onClick={() => (account.Disable ? turn(account.Name, true) : open('disable'))}>
          {t(account.Disable ? 'credentials.enable' : 'credentials.disable')}
        </Button>
      )}
      {rights.mayDelete && (
        <Button theme="danger-text" onClick={() => open('delete')}>
          {t('credentials.delete')}
        </Button>
      )}
      {opened && (
        <ServiceAccountDialogs
          instance={instance}
          opened={opened}
          onClose={() => setOpened(undefined)}
          onDeleted={() => void navigate({ to: paths.serviceAccounts(instance) })}
        />
      )}
    </>
  )
}
