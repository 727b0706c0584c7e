// Whom the tokens of a rule stand for: a service account of an instance, or a role. Final once it is made.

import { useRead } from '../../api/use-api.ts'
import { FixedField, RadioField, SelectField } from '../../patterns/fields.tsx'
import { useWords } from '../../words/use-words.ts'
import type { ExchangeRule } from './exchange-rule.ts'

interface TargetFieldsProps {
  readonly rule: ExchangeRule | undefined
  /** As they are chosen. */
  readonly values: {
    readonly type: 'ServiceAccount' | 'Role'
    readonly instance: string
    readonly account: string
    readonly role: string
  }
}

export function TargetFields({ rule, values }: TargetFieldsProps) {
  const { t } = useWords()
  const isAccount = values.type === 'ServiceAccount'
  if (rule) {
    return (
      <FixedField label={t('access.logsInAs')}>
        {isAccount
          ? `${values.account} · ${values.instance}`
          : t('access.roleNumber', { id: values.role })}
      </FixedField>
    )
  }
  return (
    <>
      <RadioField
        name="type"
        label={t('access.logsInAs')}
        choices={[
          { value: 'ServiceAccount', label: t('access.serviceAccount') },
          { value: 'Role', label: t('access.trustRole') },
        ]}
      />
      {isAccount ? <AccountFields instance={values.instance} /> : <RoleField />}
    </>
  )
}

function AccountFields({ instance }: { readonly instance: string }) {
  const { t } = useWords()
  const { data: instances } = useRead('DescribeInstances', { AllRegion: true, Limit: 100 })
  const { data: accounts } = useRead(
    'DescribeServiceAccounts',
    { RegistryId: instance, All: true },
    { isEnabled: instance !== '' },
  )
  return (
    <>
      <SelectField
        name="instance"
        label={t('access.instance')}
        none={t('access.choose')}
        choices={(instances?.Registries ?? []).map(({ RegistryId, RegistryName }) => ({
          value: RegistryId,
          label: `${RegistryName} (${RegistryId})`,
        }))}
        isRequired
        isFinal
      />
      <SelectField
        name="account"
        label={t('access.serviceAccount')}
        none={t('access.choose')}
        choices={(accounts?.ServiceAccounts ?? []).map(({ Name }) => ({
          value: Name,
          label: Name,
        }))}
        isRequired
        isFinal
      />
    </>
  )
}

function RoleField() {
  const { t } = useWords()
  const { data } = useRead('DescribeRoleList', { Page: 1, Rp: 200 })
  return (
    <SelectField
      name="role"
      label={t('access.trustRole')}
      none={t('access.choose')}
      choices={(data?.List ?? []).map(({ RoleId, RoleName }) => ({
        value: RoleId,
        label: RoleName,
      }))}
      isRequired
      isFinal
    />
  )
}
