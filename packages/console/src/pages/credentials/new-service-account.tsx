// A new login for machines: its rights by namespace beside what they mean, then what is shown once.

import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useChange } from '../../api/use-api.ts'
import { useInstance, useInstanceId } from '../../frame/use-instance.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../patterns/button.tsx'
import { Breadcrumb } from '../../patterns/detail.tsx'
import { CheckField, FixedField, TextField } from '../../patterns/fields.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { useWords } from '../../words/use-words.ts'
import { WhomToAsk } from '../overview/whom-to-ask.tsx'
import { AccountFields } from './account-fields.tsx'
import { ExceedsBanner } from './exceeds-banner.tsx'
import { inDays, maxDays, never } from './expiry.ts'
import { formatDay } from './expiry-text.tsx'
import { InWords } from './in-words.tsx'
import { PermissionGrid } from './permission-grid.tsx'
import { type Grants, permissionsOf } from './permissions.ts'
import { SavedCredential } from './saved-credential.tsx'
import { maxNameChars, namePattern, otherSpelling, servicePrefix } from './service-account-name.ts'
import { useServiceAccountRights } from './service-account-rights.ts'
import { useNamespaceNames } from './use-namespace-names.ts'
import './credentials.css'

export function NewServiceAccountPage() {
  const { t } = useWords()
  useTitle(t('credentials.createService'))
  const instance = useInstanceId()
  const { instance: shown } = useInstance(instance)
  const [made, setMade] = useState<Reply<'CreateServiceAccount'>>()
  const navigate = useNavigate()
  return (
    <>
      <Breadcrumb
        crumbs={[
          { label: shown?.RegistryName ?? instance, to: paths.instance(instance) },
          { label: t('credentials.serviceTitle'), to: paths.serviceAccounts(instance) },
          { label: t('credentials.createService') },
        ]}
      />
      <header className="page-head">
        <h1 tabIndex={-1}>{t('credentials.createService')}</h1>
      </header>
      <AllowedTo instance={instance}>
        <ExceedsBanner />
        <NewAccountForm instance={instance} onMade={setMade} />
      </AllowedTo>
      {made && (
        <SavedCredential
          title={t('credentials.saveTitle')}
          about={t('credentials.saveServiceAbout')}
          instance={instance}
          user={made.Name}
          alsoUser={otherSpelling(made.Name)}
          password={made.Password}
          onClose={() => void navigate({ to: paths.serviceAccounts(instance) })}
        />
      )}
    </>
  )
}

interface AllowedToProps {
  readonly instance: string
  readonly children: ReactNode
}

function AllowedTo({ instance, children }: AllowedToProps) {
  const { t } = useWords()
  const { mayCreate, isKnown } = useServiceAccountRights(instance)
  if (!isKnown) return <Skeleton lines={8} />
  if (mayCreate) return children
  const statement = {
    effect: 'allow',
    action: ['tcr:CreateServiceAccount'],
    resource: [`qcs::tcr:::instance/${instance}`],
  }
  return <WhomToAsk about={t('credentials.mayNotCreate')} statement={statement} />
}

interface AccountValues {
  readonly name: string
  readonly description: string
  readonly ends: string
  readonly days: string
  readonly grants: Grants
  readonly isDisabled: boolean
}

const initial: AccountValues = {
  name: '',
  description: '',
  ends: 'days',
  days: '30',
  grants: {},
  isDisabled: false,
}

interface NewAccountFormProps {
  readonly instance: string
  onMade(made: Reply<'CreateServiceAccount'>): void
}

function NewAccountForm({ instance, onMade }: NewAccountFormProps) {
  const { t, locale } = useWords()
  const navigate = useNavigate()
  const { instance: shown } = useInstance(instance)
  const { names, error, refetch } = useNamespaceNames(instance)
  const form = useNewAccountForm(instance, onMade)
  const { name, ends, grants, isDisabled } = form.values
  const days = daysOf(form.values)
  const lastDay = days === undefined ? undefined : inDays(days, Date.now())
  const endsAt = ends === 'never' ? null : lastDay
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!names) return <Skeleton lines={8} />
  const login = `${servicePrefix}${name === '' ? t('credentials.sampleName') : name}`
  return (
    <div className="beside">
      <div className="panel">
        <Form form={form}>
          <FixedField label={t('credentials.instance')}>
            {shown === undefined ? instance : `${shown.RegistryName} (${instance})`}
          </FixedField>
          <TextField
            name="name"
            label={t('credentials.name')}
            prefix={servicePrefix}
            help={t('credentials.logsInAs', { name: login, other: otherSpelling(login) })}
            maxLength={maxNameChars}
            isRequired
            isFinal
          />
          <AccountFields
            ends={{ value: 'days', label: t('credentials.afterDays') }}
            end={
              ends === 'days' && (
                <TextField
                  name="days"
                  type="number"
                  label={t('credentials.days')}
                  min={1}
                  max={maxDays}
                  suffix={endsAt ? `→ ${formatDay(endsAt, locale)}` : undefined}
                  isRequired
                />
              )
            }
          />
          <PermissionGrid namespaces={names} />
          <CheckField
            name="isDisabled"
            label={t('credentials.createDisabled')}
            help={t('credentials.createDisabledHelp')}
          />
          <div className="form-foot">
            <Button theme="primary" type="submit" isBusy={form.isBusy}>
              {t('credentials.createService')}
            </Button>
            <Button onClick={() => void navigate({ to: paths.serviceAccounts(instance) })}>
              {t('patterns.cancel')}
            </Button>
          </div>
        </Form>
      </div>
      <InWords grants={grants} endsAt={endsAt} isDisabled={isDisabled} />
    </div>
  )
}

function useNewAccountForm(instance: string, onMade: NewAccountFormProps['onMade']) {
  const { t } = useWords()
  const create = useChange('CreateServiceAccount')
  return useForm<AccountValues>({
    initial,
    check: (values) => ({
      name: namePattern.test(values.name) ? undefined : t('credentials.nameRule'),
      days: values.ends === 'days' && !daysOf(values) ? t('credentials.daysRule') : undefined,
      grants:
        Object.keys(values.grants).length === 0 ? t('credentials.permissionsRule') : undefined,
    }),
    submit: async (values) =>
      onMade(
        await create.mutateAsync({
          RegistryId: instance,
          Name: values.name,
          Description: values.description,
          Duration: values.ends === 'never' ? never : (daysOf(values) ?? never),
          Permissions: permissionsOf(values.grants),
          Disable: values.isDisabled,
        }),
      ),
    draftKey: `service-account-of-${instance}`,
    apiNames: {
      name: 'Name',
      description: 'Description',
      days: 'Duration',
      grants: 'Permissions',
      isDisabled: 'Disable',
    },
  })
}

/** Undefined: no number of days. */
function daysOf({ days }: AccountValues): number | undefined {
  const count = Number(days)
  return Number.isInteger(count) && count >= 1 && count <= maxDays ? count : undefined
}
