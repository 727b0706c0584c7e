// Between the fields of the own actions and what is kept of a provider.

import type { ActionInput, ActionReply } from '@entrepot/contract/action.ts'
import type {
  createOidcProvider,
  describeOidcProviders,
  modifyOidcProvider,
} from '@entrepot/contract/entrepot/identity-providers.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { isoUtc } from '../actions/times.ts'
import { conditionsFromWire, conditionsToWire } from './condition-fields.ts'
import {
  type ClaimMapping,
  type LoginSettings,
  type Provider,
  type ProviderFields,
  parseKeys,
} from './providers.ts'

type Input = Omit<ActionInput<typeof modifyOidcProvider>, 'Name'> &
  Partial<Pick<ActionInput<typeof createOidcProvider>, 'IssuerUrl'>>

/** What the caller gave on top of what there is. Keys that are to be fetched are empty. */
export function applyInput(present: ProviderFields, input: Input): ProviderFields {
  const [clientId = '', ...audiences] = present.clientIds
  const keys = input.Keys === undefined ? undefined : givenKeys(input.Keys)
  const fields = {
    ...present,
    displayName: input.DisplayName ?? present.displayName,
    description: input.Description ?? present.description,
    issuer: input.IssuerUrl ?? present.issuer,
    clientIds: [...new Set([input.ClientId ?? clientId, ...(input.Audiences ?? audiences)])],
    settings: applySettings(present.settings, input),
    isForConsole: input.ConsoleLogin ?? present.isForConsole,
    isOn: input.Enabled ?? present.isOn,
    ...(keys !== undefined && { keys, rotatesKeys: keys === '', keysFetchedAt: null }),
  }
  const { createsUsers, userMatch } = fields.settings
  if (createsUsers && userMatch === 'uin') {
    throw invalidValue('CreateUsers', {
      en: 'a uin is given by this program: people can be made by name only',
      zh: 'uin 由系统分配，自动创建仅适用于按名称匹配',
    })
  }
  return fields
}

function applySettings(present: LoginSettings, input: Input): LoginSettings {
  const { Scopes: scopes, UserMatch: match } = input
  return {
    ...present,
    authorizationEndpoint: endpoint(input, 'AuthorizationEndpoint', present.authorizationEndpoint),
    tokenEndpoint: endpoint(input, 'TokenEndpoint', present.tokenEndpoint),
    userinfoEndpoint: endpoint(input, 'UserInfoEndpoint', present.userinfoEndpoint),
    scopes: scopes ? checkScopes(scopes) : present.scopes,
    userClaim: input.UserClaim ?? present.userClaim,
    userMatch: match === undefined ? present.userMatch : match === 'Uin' ? 'uin' : 'name',
    createsUsers: input.CreateUsers ?? present.createsUsers,
    mappings: input.Mappings?.map(mappingFromWire) ?? present.mappings,
  }
}

type EndpointField = 'AuthorizationEndpoint' | 'TokenEndpoint' | 'UserInfoEndpoint'

function endpoint(
  input: Input,
  field: EndpointField,
  present: string | undefined,
): string | undefined {
  const given = input[field]
  if (given === undefined) return present
  if (given === '') return undefined
  const url = URL.parse(given)
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (isWeb && url.username === '' && url.password === '' && url.hash === '') return given
  throw invalidValue(field, { en: 'must be an http or https URL', zh: '应为 http 或 https URL' })
}

/** RFC 6749, 3.3. */
function checkScopes(scopes: readonly string[]): readonly string[] {
  for (const [index, scope] of scopes.entries()) {
    if (/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)) continue
    throw invalidValue(`Scopes.${index}`, { en: 'must be one scope', zh: '应为单个授权范围' })
  }
  return [...new Set(['openid', ...scopes])]
}

function givenKeys(text: string): string {
  const keys = text === '' ? '' : parseKeys(text)
  if (keys !== undefined) return keys
  throw invalidValue('Keys', {
    en: 'must be a JWKS of public RSA, EC or OKP keys',
    zh: '应为 JWKS，仅含 RSA、EC 或 OKP 公钥',
  })
}

const targets = { User: 'user', Group: 'group', Role: 'role' } as const
const wireTargets = { user: 'User', group: 'Group', role: 'Role' } as const

type WireMapping = NonNullable<Input['Mappings']>[number]

function mappingFromWire(wire: WireMapping, index: number): ClaimMapping {
  const id = /^[1-9][0-9]{0,15}$/.test(wire.TargetId) ? Number(wire.TargetId) : Number.NaN
  if (!Number.isSafeInteger(id)) {
    throw invalidValue(`Mappings.${index}.TargetId`, { en: 'must be a number', zh: '应为数字' })
  }
  return {
    conditions: conditionsFromWire(wire.Conditions),
    target: targets[wire.TargetType],
    id,
  }
}

type WireProvider = ActionReply<typeof describeOidcProviders>['Providers'][number]

export function toWire(provider: Provider, redirectUri: string): WireProvider {
  const { settings, rotatesKeys } = provider
  const [clientId = '', ...audiences] = provider.clientIds
  return {
    ProviderId: provider.id,
    Name: provider.name,
    IssuerUrl: provider.issuer,
    DisplayName: provider.displayName,
    Description: provider.description,
    ClientId: clientId,
    Audiences: audiences,
    Scopes: [...settings.scopes],
    Keys: rotatesKeys ? null : provider.keys,
    ConsoleLogin: provider.isForConsole,
    AuthorizationEndpoint: settings.authorizationEndpoint ?? '',
    TokenEndpoint: settings.tokenEndpoint ?? '',
    UserInfoEndpoint: settings.userinfoEndpoint ?? '',
    UserClaim: settings.userClaim,
    UserMatch: settings.userMatch === 'uin' ? 'Uin' : 'Name',
    CreateUsers: settings.createsUsers,
    Mappings: settings.mappings.map(({ conditions, target, id }) => ({
      Conditions: conditionsToWire(conditions),
      TargetType: wireTargets[target],
      TargetId: String(id),
    })),
    Enabled: provider.isOn,
    HasClientSecret: provider.secretWrapped !== null,
    RedirectUri: redirectUri,
    KeysFetchTime: provider.keysFetchedAt === null ? null : isoUtc(provider.keysFetchedAt),
    KeysError: provider.keysError,
    CreateTime: isoUtc(provider.createdAt),
    UpdateTime: isoUtc(provider.updatedAt),
  }
}
