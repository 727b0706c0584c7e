// From which addresses the account's users may log in to the console; says beforehand when that would hold out the one
// who sets it.

import { AddIcon, DeleteIcon } from 'tdesign-icons-react'
import type { Reply } from '../../api/call.ts'
import { useChange, useRead } from '../../api/use-api.ts'
import { Button, IconButton } from '../../patterns/button.tsx'
import { CheckField } from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Banner, Failed } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { newKey } from './conditions.ts'
import './access.css'

type Policy = Reply<'DescribeSubAccountLoginIpPolicy'>
type Effect = Policy['IpPolicies'][number]['Effect']

/** What the action takes at once. */
const mostRows = 100

interface Row {
  /** As long as the form is open. */
  readonly key: string
  readonly address: string
  readonly effect: Effect
}

interface Values {
  readonly enabled: boolean
  readonly rows: readonly Row[]
}

interface LoginAddressesProps {
  readonly onClose: () => void
}

export function LoginAddresses({ onClose }: LoginAddressesProps) {
  const { data, error } = useRead('DescribeSubAccountLoginIpPolicy', {})
  if (error) return <Failed error={error} />
  // The form begins with what holds.
  return data ? <EditAddresses policy={data} onClose={onClose} /> : null
}

function EditAddresses({ policy, onClose }: LoginAddressesProps & { readonly policy: Policy }) {
  const { t } = useWords()
  const { tell } = useNotices()
  const set = useChange('CreateSubAccountLoginIpPolicy')
  const form = useForm<Values>({
    initial: valuesOf(policy),
    check: ({ rows }) => ({
      rows: rows.some(({ address }) => address.trim() === '')
        ? t('access.addressMissing')
        : undefined,
    }),
    submit: ({ enabled, rows }) =>
      set.mutateAsync({ IpPolicies: wireOf(rows), DisablePolicy: enabled ? 0 : 1, PolicyType: 1 }),
    apiNames: { rows: 'IpPolicies' },
  })
  const { rows, enabled } = form.values
  const problem = form.shown.has('rows') ? form.problems.rows : undefined
  return (
    <FormDialog
      title={t('access.loginAddresses')}
      verb={t('patterns.save')}
      form={form}
      onClose={onClose}
      onDone={() => {
        tell(t('access.addressesSaved'))
        onClose()
      }}
    >
      <p>{t('access.loginAddressesAbout')}</p>
      <CheckField name="enabled" label={t('access.inUse')} isSwitch />
      <fieldset className="field">
        <legend className="field-label">{t('access.addresses')}</legend>
        <p className="field-help">{t('access.addressesHelp')}</p>
        <AddressRows rows={rows} onChange={(changed) => form.set('rows', changed)} />
        {problem !== undefined && (
          <p className="field-problem" role="alert">
            {problem}
          </p>
        )}
      </fieldset>
      {enabled && <LockOut rows={rows} policy={policy} />}
    </FormDialog>
  )
}

interface AddressRowsProps {
  readonly rows: readonly Row[]
  readonly onChange: (rows: readonly Row[]) => void
}

function AddressRows({ rows, onChange }: AddressRowsProps) {
  const { t } = useWords()
  const change = (key: string, changed: Partial<Row>) =>
    onChange(rows.map((one) => (one.key === key ? { ...one, ...changed } : one)))
  return (
    <div className="conditions">
      {rows.length === 0 && <p className="quiet">{t('access.fromEverywhere')}</p>}
      {rows.map(({ key, address, effect }, at) => (
        <div key={key} className="address-line">
          <select
            aria-label={t('access.effectOf', { n: at + 1 })}
            value={effect}
            onChange={({ target }) =>
              change(key, { effect: target.value === 'Deny' ? 'Deny' : 'Allow' })
            }
          >
            <option value="Allow">{t('access.addressAllowed')}</option>
            <option value="Deny">{t('access.addressDenied')}</option>
          </select>
          <span className="input">
            <input
              aria-label={t('access.addressOf', { n: at + 1 })}
              placeholder="192.0.2.0/24"
              maxLength={64}
              value={address}
              onChange={({ target }) => change(key, { address: target.value })}
            />
          </span>
          <IconButton
            icon={<DeleteIcon />}
            label={t('access.dropAddress', { n: at + 1 })}
            onClick={() => onChange(rows.filter((one) => one.key !== key))}
          />
        </div>
      ))}
      <Button
        theme="text"
        icon={<AddIcon />}
        blocked={rows.length >= mostRows ? t('access.addressesAtMost', { n: mostRows }) : undefined}
        onClick={() => onChange([...rows, { key: newKey(), address: '', effect: 'Allow' }])}
      >
        {t('access.addAddress')}
      </Button>
    </div>
  )
}

interface LockOutProps {
  readonly rows: readonly Row[]
  readonly policy: Policy
}

/** The server judges what is typed, as it will at the login. */
function LockOut({ rows, policy }: LockOutProps) {
  const { t } = useWords()
  const typed = rows.filter(({ address }) => address.trim() !== '')
  const { data } = useRead(
    'DescribeSubAccountLoginIpPolicy',
    { TriedPolicies: wireOf(typed) },
    { keepsPrevious: true },
  )
  const address = policy.CallerAddress ?? t('access.noAddress')
  if (data?.RefusesCaller) {
    return <Banner tone="warn">{t('access.locksYouOut', { address })}</Banner>
  }
  return <p className="quiet">{t('access.youComeFrom', { address })}</p>
}

function valuesOf({ Enabled, IpPolicies, UpdateTime }: Policy): Values {
  return {
    // Nobody has set any: what is typed now is meant to hold.
    enabled: Enabled || UpdateTime === null,
    rows: IpPolicies.map(({ IP, Effect }) => ({ key: newKey(), address: IP, effect: Effect })),
  }
}

const wireOf = (rows: readonly Row[]) =>
  rows.map(({ address, effect }) => ({ IP: address.trim(), Effect: effect }))
