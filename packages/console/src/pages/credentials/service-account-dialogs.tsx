// What is done to service accounts: disabling, enabling, deleting, extending, a new password. One that was used
// lately is deleted only after its name was typed.

import { useState } from 'react'
import { call } from '../../api/call.ts'
import { useChange } from '../../api/use-api.ts'
import { useInstance } from '../../frame/use-instance.ts'
import { Confirm } from '../../patterns/confirm.tsx'
import { Facts } from '../../patterns/detail.tsx'
import { readTime } from '../../patterns/format.ts'
import { useNotices } from '../../patterns/notices.tsx'
import { useWords, type WordKey } from '../../words/use-words.ts'
import { ConfirmedWork } from '../repositories/bulk-work.tsx'
import { inDays, never } from './expiry.ts'
import { ExpiryText, formatDay } from './expiry-text.tsx'
import { LastUse } from './last-use.tsx'
import { ResetPassword } from './reset-password.tsx'
import type { ServiceAccount } from './service-account-columns.tsx'
import { useCredentialUse } from './use-credential-use.ts'

export interface OpenedAccounts {
  readonly kind: 'disable' | 'enable' | 'delete' | 'extend' | 'reset'
  readonly rows: readonly ServiceAccount[]
}

interface DialogsProps {
  readonly instance: string
  readonly opened: OpenedAccounts
  onClose(): void
  onDeleted?(): void
}

export function ServiceAccountDialogs({ opened, ...rest }: DialogsProps) {
  const { kind, rows } = opened
  const [account] = rows
  if (!account) return null
  if (kind === 'reset') return <ResetPassword {...rest} account={account} />
  if (kind === 'extend') return <ExtendAccounts {...rest} rows={rows} />
  if (rows.length > 1 || kind === 'enable') {
    return <ManyAccounts {...rest} kind={kind} rows={rows} />
  }
  return kind === 'delete' ? (
    <DeleteAccount {...rest} account={account} />
  ) : (
    <DisableAccount {...rest} account={account} />
  )
}

type Rest = Omit<DialogsProps, 'opened'>
type OneProps = Rest & { readonly account: ServiceAccount }

function DisableAccount({ instance, account, onClose }: OneProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const modify = useChange('ModifyServiceAccount')
  return (
    <Confirm
      title={t('credentials.disableTitle', { name: account.Name })}
      verb={t('credentials.disable')}
      run={() => modify.mutateAsync({ RegistryId: instance, Name: account.Name, Disable: true })}
      onClose={onClose}
      onDone={() => tell(t('credentials.wasDisabled', { name: account.Name }))}
    >
      <p>{t('credentials.disableAbout')}</p>
      <Facts facts={[{ label: t('credentials.lastUse'), value: <LastUse use={account.use} /> }]} />
    </Confirm>
  )
}

const recentMs = 30 * 86_400_000

function isRecent({ use }: ServiceAccount): boolean {
  const at = readTime(use?.LastUsedTime)
  return at !== undefined && Date.now() - at.getTime() < recentMs
}

function DeleteAccount({ instance, account: shown, onClose, onDeleted }: OneProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  // Asked anew: it may have been used since the page was opened.
  const { uses, isFetching } = useCredentialUse(instance, 'ServiceAccount')
  const account = { ...shown, use: uses.get(shown.Name) }
  const remove = useChange('DeleteServiceAccount')
  return (
    <Confirm
      title={t('credentials.deleteTitle', { name: account.Name })}
      verb={t('credentials.deleteAccountVerb')}
      typeName={isRecent(account) ? account.Name : undefined}
      isWaiting={isFetching}
      run={() => remove.mutateAsync({ RegistryId: instance, Name: account.Name })}
      onClose={onClose}
      onDone={() => {
        tell(t('credentials.wasDeleted', { name: account.Name }))
        onDeleted?.()
      }}
    >
      <p>{t('credentials.deleteAbout')}</p>
      <Facts
        facts={[
          { label: t('credentials.lastUse'), value: <LastUse use={account.use} /> },
          { label: t('credentials.expires'), value: <ExpiryText at={account.ExpiresAt} /> },
        ]}
      />
    </Confirm>
  )
}

type ManyProps = Rest & { readonly rows: readonly ServiceAccount[] }

interface ManyWords {
  readonly title: WordKey
  readonly verb: WordKey
  readonly about: WordKey
  readonly progress: WordKey
  /** While it runs. */
  readonly doing: WordKey
}

const manyWords: Readonly<Record<'disable' | 'enable' | 'delete', ManyWords>> = {
  disable: {
    title: 'credentials.disableAccountsTitle',
    verb: 'credentials.disable',
    about: 'credentials.disableAbout',
    progress: 'credentials.disabledSome',
    doing: 'credentials.disabling',
  },
  enable: {
    title: 'credentials.enableAccountsTitle',
    verb: 'credentials.enable',
    about: 'credentials.enableAbout',
    progress: 'credentials.enabledSome',
    doing: 'credentials.enabling',
  },
  delete: {
    title: 'credentials.deleteAccountsTitle',
    verb: 'credentials.deleteAccountsVerb',
    about: 'credentials.deleteAbout',
    progress: 'credentials.deletedSome',
    doing: 'credentials.deleting',
  },
}

function ManyAccounts({
  instance,
  kind,
  rows,
  onClose,
}: ManyProps & { readonly kind: keyof typeof manyWords }) {
  const { t } = useWords()
  const { instance: shown } = useInstance(instance)
  const words = manyWords[kind]
  const n = rows.length
  return (
    <ConfirmedWork
      title={t(words.title, { n })}
      workTitle={t(words.doing)}
      verb={t(words.verb, { n })}
      isSafe={kind === 'enable'}
      // Many at once have no one name: the instance's is typed.
      typeName={kind === 'delete' && rows.some(isRecent) ? shown?.RegistryName : undefined}
      isWaiting={shown === undefined}
      items={rows.map(({ Name }) => Name)}
      batchSize={1}
      run={([Name = '']) =>
        kind === 'delete'
          ? call('DeleteServiceAccount', { RegistryId: instance, Name })
          : call('ModifyServiceAccount', {
              RegistryId: instance,
              Name,
              Disable: kind === 'disable',
            })
      }
      progressLabel={(done, of) => t(words.progress, { done, of })}
      onClose={onClose}
    >
      <p>{t(words.about)}</p>
      <AccountUses rows={rows} />
    </ConfirmedWork>
  )
}

function AccountUses({ rows }: { readonly rows: readonly ServiceAccount[] }) {
  return (
    <ul className="uses">
      {rows.map((one) => (
        <li key={one.Name}>
          <bdi>{one.Name}</bdi>
          <LastUse use={one.use} />
        </li>
      ))}
    </ul>
  )
}

const extensions = [30, 90, 180, 365, never]

function ExtendAccounts({ instance, rows, onClose }: ManyProps) {
  const { t, locale } = useWords()
  const [days, setDays] = useState(extensions[0] ?? never)
  const label = (count: number) =>
    count === never
      ? t('credentials.never')
      : t('credentials.daysUntil', { n: count, date: formatDay(inDays(count, Date.now()), locale) })
  return (
    <ConfirmedWork
      title={t('credentials.extendTitle', { n: rows.length })}
      workTitle={t('credentials.extending')}
      verb={t('credentials.extend')}
      isSafe
      items={rows.map(({ Name }) => Name)}
      batchSize={1}
      run={([Name = '']) =>
        call('ModifyServiceAccount', { RegistryId: instance, Name, Duration: days })
      }
      progressLabel={(done, of) => t('credentials.extendedSome', { done, of })}
      onClose={onClose}
    >
      <p>{t('credentials.extendAbout')}</p>
      <label className="row">
        <span>{t('credentials.newExpiry')}</span>
        <select value={days} onChange={(event) => setDays(Number(event.target.value))}>
          {extensions.map((count) => (
            <option key={count} value={count}>
              {label(count)}
            </option>
          ))}
        </select>
      </label>
      <ul className="uses">
        {rows.map((one) => (
          <li key={one.Name}>
            <bdi>{one.Name}</bdi>
            <ExpiryText at={one.ExpiresAt} />
          </li>
        ))}
      </ul>
    </ConfirmedWork>
  )
}
