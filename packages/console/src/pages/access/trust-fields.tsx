// Who may take on a role: an account, users, a service, an identity provider's tokens, or whatever a document says.

import { useRead } from '../../api/use-api.ts'
import { CommandBlock } from '../../patterns/commands.tsx'
import { AreaField, RadioField, SelectField, TextField } from '../../patterns/fields.tsx'
import type { FormState } from '../../patterns/form.tsx'
import { useWords } from '../../words/use-words.ts'
import { type TrustValues, trustDocument } from './trust.ts'

const exampleService = 'tke.cloud.tencent.com'
const exampleSubject = 'repo:team/*'

interface TrustFieldsProps<V extends TrustValues> {
  readonly form: FormState<V>
  readonly ownerUin: number
}

export function TrustFields<V extends TrustValues>({ form, ownerUin }: TrustFieldsProps<V>) {
  const { t } = useWords()
  const { trust } = form.values
  return (
    <>
      <RadioField
        name="trust"
        label={t('access.takenOnBy')}
        choices={[
          { value: 'account', label: t('access.trustAccount'), help: t('access.trustAccountHelp') },
          { value: 'user', label: t('access.trustUsers'), help: t('access.trustUsersHelp') },
          { value: 'service', label: t('access.trustService'), help: t('access.trustServiceHelp') },
          {
            value: 'provider',
            label: t('access.trustProvider'),
            help: t('access.trustProviderHelp'),
          },
          { value: 'json', label: t('access.trustJson') },
        ]}
      />
      {trust === 'account' && (
        <TextField
          name="uin"
          label={t('access.accountUins')}
          help={t('access.uinsHelp')}
          isRequired
        />
      )}
      {trust === 'user' && (
        <TextField name="uin" label={t('access.userUins')} help={t('access.uinsHelp')} isRequired />
      )}
      {trust === 'service' && (
        <TextField
          name="service"
          label={t('access.serviceName')}
          placeholder={exampleService}
          isRequired
        />
      )}
      {trust === 'provider' && <ProviderFields />}
      {trust === 'json' ? (
        <AreaField name="document" label={t('access.trustPolicy')} rows={12} isCode isRequired />
      ) : (
        <details>
          <summary>{t('access.asDocument')}</summary>
          <CommandBlock
            lines={trustDocument(form.values, ownerUin)}
            label={t('access.trustPolicy')}
          />
        </details>
      )}
    </>
  )
}

function ProviderFields() {
  const { t } = useWords()
  const { data } = useRead('DescribeOidcProviders', { Limit: 100 })
  const names = (data?.Providers ?? []).map(({ Name }) => Name)
  return (
    <>
      <SelectField
        name="provider"
        label={t('access.provider')}
        none={t('access.choose')}
        choices={names.map((name) => ({ value: name, label: name }))}
        help={names.length === 0 ? t('access.noProviderYet') : undefined}
        isRequired
      />
      <TextField
        name="subject"
        label={t('access.subject')}
        help={t('access.subjectHelp')}
        placeholder={exampleSubject}
      />
    </>
  )
}
