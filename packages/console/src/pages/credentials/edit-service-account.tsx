// All of a service account but its name and password.

import { useChange } from '../../api/use-api.ts'
import { Button } from '../../patterns/button.tsx'
import { TextField } from '../../patterns/fields.tsx'
import { Form, useForm } from '../../patterns/form.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Failed, Skeleton } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { AccountFields } from './account-fields.tsx'
import { dayText, endOf, endOfDay, never } from './expiry.ts'
import { InWords } from './in-words.tsx'
import { PermissionGrid } from './permission-grid.tsx'
import { everyNamespace, type Grants, grantsOf, permissionsOf } from './permissions.ts'
import type { ServiceAccount } from './service-account-columns.tsx'
import { useNamespaceNames } from './use-namespace-names.ts'

interface EditServiceAccountProps {
  readonly instance: string
  readonly account: ServiceAccount
}

interface EditedValues {
  readonly description: string
  readonly ends: string
  readonly day: string
  readonly grants: Grants
}

export function EditServiceAccount({ instance, account }: EditServiceAccountProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const { names, error, refetch } = useNamespaceNames(instance)
  const form = useEditForm(instance, account)
  const { ends, grants } = form.values
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!names) return <Skeleton lines={8} />
  // Also those that this person may not list.
  const granted = Object.keys(grantsOf(account.Permissions))
  const known = granted.filter((name) => name !== everyNamespace && !names.includes(name))
  return (
    <div className="beside">
      <Form form={form} onDone={() => tell(t('credentials.wasChanged', { name: account.Name }))}>
        <AccountFields
          ends={{ value: 'day', label: t('credentials.onDay') }}
          end={
            ends === 'day' && (
              <TextField
                name="day"
                type="date"
                label={t('credentials.lastDay')}
                help={t('credentials.lastDayHelp')}
                isRequired
              />
            )
          }
        />
        <PermissionGrid namespaces={[...names, ...known]} />
        <div className="form-foot">
          <Button
            theme="primary"
            type="submit"
            isBusy={form.isBusy}
            blocked={form.isChanged ? undefined : t('credentials.nothingChanged')}
          >
            {t('patterns.save')}
          </Button>
        </div>
      </Form>
      <InWords
        grants={grants}
        endsAt={ends === 'never' ? null : endDayOf(form.values, account)}
        isDisabled={account.Disable}
      />
    </div>
  )
}

function useEditForm(instance: string, account: ServiceAccount) {
  const { t } = useWords()
  const modify = useChange('ModifyServiceAccount')
  const end = endOf(account.ExpiresAt)
  return useForm<EditedValues>({
    initial: {
      description: account.Description,
      ends: end ? 'day' : 'never',
      day: end ? dayText(end) : '',
      grants: grantsOf(account.Permissions),
    },
    check: (values) => ({
      day: values.ends === 'day' && isPast(values, account) ? t('credentials.dayRule') : undefined,
      grants:
        Object.keys(values.grants).length === 0 ? t('credentials.permissionsRule') : undefined,
    }),
    submit: (values) =>
      modify.mutateAsync({
        RegistryId: instance,
        Name: account.Name,
        Description: values.description,
        ExpiresAt:
          values.ends === 'never' ? never : (endDayOf(values, account)?.getTime() ?? never),
        Permissions: permissionsOf(values.grants),
      }),
    apiNames: { description: 'Description', day: 'ExpiresAt', grants: 'Permissions' },
  })
}

/** The day as it was keeps its hour. */
function endDayOf({ day }: EditedValues, { ExpiresAt }: ServiceAccount): Date | undefined {
  const end = endOf(ExpiresAt)
  return end && dayText(end) === day ? end : endOfDay(day)
}

/** An account that has ended stays as it is until its day is changed. */
function isPast(values: EditedValues, account: ServiceAccount): boolean {
  const end = endDayOf(values, account)
  return !end || (end.getTime() <= Date.now() && end.getTime() !== account.ExpiresAt)
}
