// An OIDC provider, new or changed: who it is, whether people log in by it, and what its claims mean here.

import { useState } from 'react'
import { useChange } from '../../api/use-api.ts'
import {
  AreaField,
  CheckField,
  FixedField,
  PasswordField,
  SelectField,
  TextField,
} from '../../patterns/fields.tsx'
import { useForm } from '../../patterns/form.tsx'
import { FormDialog } from '../../patterns/form-dialog.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Banner } from '../../patterns/states.tsx'
import { useWords, type Words } from '../../words/use-words.ts'
import { areWhole } from './conditions.ts'
import { MappingRows } from './mapping-rows.tsx'
import {
  emptyProvider,
  newProviderInput,
  type Provider,
  type ProviderValues,
  providerInput,
  providerValues,
} from './provider-values.ts'
import { RegisterAddress } from './register-address.tsx'

const exampleIssuer = 'https://login.example.com'
const exampleScopes = 'profile, email, groups'

interface ProviderFormProps {
  /** Undefined: a new one. */
  readonly provider: Provider | undefined
  readonly onClose: () => void
}

export function ProviderForm({ provider, onClose }: ProviderFormProps) {
  const { t } = useWords()
  const { tell } = useNotices()
  const [redirect, setRedirect] = useState<string>()
  const create = useChange('CreateOidcProvider')
  const modify = useChange('ModifyOidcProvider')
  const form = useForm<ProviderValues>({
    initial: provider ? providerValues(provider) : emptyProvider,
    check: (values) => problemsOf(values, t),
    submit: async (values) => {
      if (provider) {
        await modify.mutateAsync({ Name: provider.Name, ...providerInput(values) })
      } else setRedirect((await create.mutateAsync(newProviderInput(values))).RedirectUri)
    },
    ...(!provider && { draftKey: 'oidc-provider' }),
    secrets: ['clientSecret'],
    apiNames: {
      name: 'Name',
      issuer: 'IssuerUrl',
      clientId: 'ClientId',
      clientSecret: 'ClientSecret',
      keys: 'Keys',
      mappings: 'Mappings',
    },
  })
  const { name, consoleLogin, mappings } = form.values
  if (redirect !== undefined) {
    return <RegisterAddress name={name} address={redirect} onClose={onClose} />
  }
  return (
    <FormDialog
      title={provider ? t('access.editProvider', { name }) : t('access.createProvider')}
      verb={provider ? t('patterns.save') : t('access.createProvider')}
      form={form}
      onClose={onClose}
      onDone={() => {
        tell(t(provider ? 'access.providerSaved' : 'access.providerMade', { name }))
        if (provider) onClose()
      }}
    >
      <IdentityFields provider={provider} />
      <CheckField
        name="consoleLogin"
        label={t('access.forConsole')}
        help={t('access.forConsoleHelp')}
        isSwitch
      />
      {consoleLogin && <ConsoleFields />}
      {consoleLogin && (
        <MappingRows mappings={mappings} onChange={(changed) => form.set('mappings', changed)} />
      )}
      {form.shown.has('mappings') && form.problems.mappings !== undefined && (
        <p className="field-problem" role="alert">
          {form.problems.mappings}
        </p>
      )}
      <MoreFields />
    </FormDialog>
  )
}

function problemsOf(values: ProviderValues, t: Words['t']) {
  const missing = (text: string) => (text.trim() === '' ? t('access.fillIn') : undefined)
  const isWhole = values.mappings.every(
    ({ conditions, target }) => target !== '' && areWhole(conditions),
  )
  return {
    name: /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(values.name)
      ? undefined
      : t('access.providerNameRule'),
    issuer: /^https?:\/\/./.test(values.issuer) ? undefined : t('access.issuerRule'),
    clientId: missing(values.clientId),
    userClaim: values.consoleLogin ? missing(values.userClaim) : undefined,
    mappings: values.consoleLogin && !isWhole ? t('access.mappingsRule') : undefined,
  }
}

function IdentityFields({ provider }: { readonly provider: Provider | undefined }) {
  const { t } = useWords()
  return (
    <>
      {provider ? (
        <>
          <FixedField label={t('access.providerName')}>{provider.Name}</FixedField>
          <FixedField label={t('access.issuer')}>{provider.IssuerUrl}</FixedField>
        </>
      ) : (
        <>
          <TextField
            name="name"
            label={t('access.providerName')}
            help={t('access.providerNameRule')}
            maxLength={128}
            isRequired
            isFinal
            hasFocus
          />
          <TextField
            name="issuer"
            label={t('access.issuer')}
            help={t('access.issuerHelp')}
            placeholder={exampleIssuer}
            type="url"
            isRequired
            isFinal
          />
        </>
      )}
      <TextField name="clientId" label={t('access.clientId')} maxLength={256} isRequired />
      <PasswordField
        name="clientSecret"
        label={t('access.clientSecret')}
        help={t(provider?.HasClientSecret ? 'access.secretStays' : 'access.clientSecretHelp')}
        autoComplete="new-password"
      />
      <TextField name="description" label={t('access.description')} maxLength={1024} />
    </>
  )
}

function ConsoleFields() {
  const { t } = useWords()
  return (
    <>
      <TextField
        name="displayName"
        label={t('access.displayName')}
        help={t('access.displayNameHelp')}
        maxLength={128}
      />
      <TextField
        name="scopes"
        label={t('access.scopes')}
        help={t('access.scopesHelp')}
        placeholder={exampleScopes}
      />
      <TextField
        name="userClaim"
        label={t('access.userClaim')}
        help={t('access.userClaimHelp')}
        isRequired
      />
      <Banner tone="warn">{t('access.userClaimWarning')}</Banner>
      <SelectField
        name="userMatch"
        label={t('access.userMatch')}
        choices={[
          { value: 'Name', label: t('access.matchName') },
          { value: 'Uin', label: t('access.matchUin') },
        ]}
      />
      <CheckField
        name="createUsers"
        label={t('access.createUsers')}
        help={t('access.createUsersHelp')}
      />
    </>
  )
}

/** What the issuer says by itself, as a rule. */
function MoreFields() {
  const { t } = useWords()
  return (
    <details>
      <summary>{t('access.moreSettings')}</summary>
      <CheckField name="enabled" label={t('access.inUse')} isSwitch />
      <TextField name="audiences" label={t('access.audiences')} help={t('access.audiencesHelp')} />
      <TextField
        name="authorizationEndpoint"
        label={t('access.authorizationEndpoint')}
        type="url"
      />
      <TextField name="tokenEndpoint" label={t('access.tokenEndpoint')} type="url" />
      <TextField name="userInfoEndpoint" label={t('access.userInfoEndpoint')} type="url" />
      <AreaField name="keys" label={t('access.jwks')} help={t('access.jwksHelp')} rows={5} isCode />
    </details>
  )
}
