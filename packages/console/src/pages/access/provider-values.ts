// An OIDC provider as it is typed, and as the API takes it.

import type { Reply } from '../../api/call.ts'
import { listOf, newKey, typedConditions, wireConditions } from './conditions.ts'
import type { TypedMapping } from './mapping-rows.tsx'

export type Provider = NonNullable<Reply<'DescribeOidcProviders'>['Providers']>[number]

export interface ProviderValues {
  readonly name: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly description: string
  readonly consoleLogin: boolean
  readonly displayName: string
  readonly scopes: string
  readonly userClaim: string
  readonly userMatch: 'Name' | 'Uin'
  readonly createUsers: boolean
  readonly mappings: readonly TypedMapping[]
  readonly enabled: boolean
  readonly audiences: string
  readonly authorizationEndpoint: string
  readonly tokenEndpoint: string
  readonly userInfoEndpoint: string
  readonly keys: string
}

export const emptyProvider: ProviderValues = {
  name: '',
  issuer: '',
  clientId: '',
  clientSecret: '',
  description: '',
  consoleLogin: false,
  displayName: '',
  scopes: 'profile, email',
  userClaim: 'sub',
  userMatch: 'Name',
  createUsers: false,
  mappings: [],
  enabled: true,
  audiences: '',
  authorizationEndpoint: '',
  tokenEndpoint: '',
  userInfoEndpoint: '',
  keys: '',
}

export function providerValues(provider: Provider): ProviderValues {
  return {
    name: provider.Name,
    issuer: provider.IssuerUrl,
    clientId: provider.ClientId,
    clientSecret: '',
    description: provider.Description,
    consoleLogin: provider.ConsoleLogin,
    displayName: provider.DisplayName,
    scopes: provider.Scopes.join(', '),
    userClaim: provider.UserClaim,
    userMatch: provider.UserMatch,
    createUsers: provider.CreateUsers,
    mappings: provider.Mappings.map(({ Conditions, TargetType, TargetId }) => ({
      key: newKey(),
      conditions: typedConditions(Conditions),
      type: TargetType,
      target: TargetId,
    })),
    enabled: provider.Enabled,
    audiences: provider.Audiences.join(', '),
    authorizationEndpoint: provider.AuthorizationEndpoint,
    tokenEndpoint: provider.TokenEndpoint,
    userInfoEndpoint: provider.UserInfoEndpoint,
    keys: provider.Keys ?? '',
  }
}

/** What may change. An empty secret is left out: the one that is set stays. */
export function providerInput(values: ProviderValues) {
  return {
    ClientId: values.clientId.trim(),
    ...(values.clientSecret !== '' && { ClientSecret: values.clientSecret }),
    Description: values.description,
    DisplayName: values.displayName,
    Audiences: listOf(values.audiences),
    Scopes: listOf(values.scopes.replaceAll(' ', ',')),
    Keys: values.keys.trim(),
    ConsoleLogin: values.consoleLogin,
    AuthorizationEndpoint: values.authorizationEndpoint.trim(),
    TokenEndpoint: values.tokenEndpoint.trim(),
    UserInfoEndpoint: values.userInfoEndpoint.trim(),
    UserClaim: values.userClaim.trim() || 'sub',
    UserMatch: values.userMatch,
    CreateUsers: values.createUsers && values.userMatch === 'Name',
    Mappings: values.mappings.map(({ conditions, type, target }) => ({
      Conditions: wireConditions(conditions),
      TargetType: type,
      TargetId: target,
    })),
    Enabled: values.enabled,
  }
}

export function newProviderInput(values: ProviderValues) {
  return { Name: values.name, IssuerUrl: values.issuer.trim(), ...providerInput(values) }
}
