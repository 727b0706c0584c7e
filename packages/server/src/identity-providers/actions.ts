// The API's actions on OIDC providers, in Tencent's form: many for roles, one for the console. SAML is not to be had.

import {
  createOidcConfig,
  createUserOidcConfig,
  deleteOidcConfig,
  describeOidcConfig,
  describeUserOidcConfig,
  disableUserSso,
  updateOidcConfig,
  updateUserOidcConfig,
} from '@entrepot/contract/cam/identity-providers.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { change, type Handler, read } from '../actions/define.ts'
import {
  createProvider,
  defaultSettings,
  deleteProvider,
  findProvider,
  getProvider,
  type Provider,
  type ProviderFields,
  parseKeys,
  turnOffLogin,
  updateProvider,
} from './providers.ts'

/** `ProviderType` and `Status` of the reference. */
const forRoles = 11
const forUsers = 12
const notSet = 0
const on = 11
const off = 2

/** There is one of these in Tencent's form. */
const consoleProvider = { kind: 'user', name: 'console' } as const

export const identityProviderHandlers: readonly Handler[] = [
  change(createOidcConfig, async ({ tx, at, actor, input }) => {
    const key = { kind: 'role', name: input.Name } as const
    await createProvider(tx, actor.ownerUin, key, { ...forRole(input), at })
    return {}
  }),

  read(describeOidcConfig, async ({ db, actor, input }) => {
    const provider = await getProvider(db, actor.ownerUin, { kind: ['role'], name: input.Name })
    return {
      ProviderType: forRoles,
      IdentityUrl: provider.issuer,
      IdentityKey: encodeKeys(provider),
      ClientId: provider.clientIds,
      Status: provider.isOn ? on : off,
      Description: provider.description,
      Name: provider.name,
      AutoRotateKey: provider.rotatesKeys ? 1 : 0,
    }
  }),

  change(updateOidcConfig, async ({ tx, at, actor, input }) => {
    const key = { kind: 'role', name: input.Name } as const
    await updateProvider(tx, actor.ownerUin, key, { ...forRole(input), at })
    return {}
  }),

  change(deleteOidcConfig, async ({ tx, actor, input }) => {
    await deleteProvider(tx, actor.ownerUin, { kind: 'role', name: input.Name })
    return {}
  }),

  change(createUserOidcConfig, async ({ tx, at, actor, input }) => {
    await createProvider(tx, actor.ownerUin, consoleProvider, { ...forConsole(input), at })
    return {}
  }),

  read(describeUserOidcConfig, async ({ db, actor }) => {
    const provider = await findProvider(db, actor.ownerUin, { ...consoleProvider, kind: ['user'] })
    const { settings } = provider ?? {}
    return {
      ProviderType: forUsers,
      IdentityUrl: provider?.issuer ?? '',
      IdentityKey: provider ? encodeKeys(provider) : '',
      ClientId: provider?.clientIds[0] ?? '',
      Status: provider ? (provider.isOn ? on : off) : notSet,
      AuthorizationEndpoint: settings?.authorizationEndpoint ?? '',
      // Written from the declared values only.
      Scope: (settings?.scopes ?? []) as ('openid' | 'email' | 'profile')[],
      ResponseType: settings?.responseType ?? '',
      ResponseMode: settings?.responseMode ?? '',
      MappingFiled: settings?.userClaim ?? '',
      Description: provider?.description ?? '',
      AutoRotateKey: provider?.rotatesKeys ? 1 : 0,
    }
  }),

  change(updateUserOidcConfig, async ({ tx, at, actor, input }) => {
    await updateProvider(tx, actor.ownerUin, consoleProvider, { ...forConsole(input), at })
    return {}
  }),

  change(disableUserSso, async ({ tx, actor }) => {
    await turnOffLogin(tx, actor.ownerUin, consoleProvider.name)
    return {}
  }),
]

interface CommonInput {
  readonly IdentityUrl: string
  readonly IdentityKey: string
  readonly Description?: string | undefined
  readonly AutoRotateKey?: number | undefined
}

function common(input: CommonInput) {
  return {
    displayName: '',
    issuer: input.IdentityUrl,
    keys: decodeKeys(input.IdentityKey),
    secretWrapped: null,
    isOn: true,
    metadata: undefined,
    keysFetchedAt: null,
    rotatesKeys: input.AutoRotateKey === 1,
    description: input.Description ?? '',
  }
}

function forRole(input: CommonInput & { readonly ClientId: readonly string[] }): ProviderFields {
  return {
    ...common(input),
    clientIds: input.ClientId,
    settings: defaultSettings,
    isForConsole: false,
  }
}

interface ConsoleInput extends CommonInput {
  readonly ClientId: string
  readonly AuthorizationEndpoint: string
  readonly ResponseType: string
  readonly ResponseMode: string
  readonly MappingFiled: string
  readonly Scope?: readonly string[] | undefined
}

function forConsole(input: ConsoleInput): ProviderFields {
  return {
    ...common(input),
    clientIds: [input.ClientId],
    isForConsole: true,
    settings: {
      ...defaultSettings,
      authorizationEndpoint: input.AuthorizationEndpoint,
      scopes: [...new Set(['openid', ...(input.Scope ?? [])])],
      responseType: input.ResponseType,
      responseMode: input.ResponseMode,
      userClaim: input.MappingFiled,
    },
  }
}

/** Throws INVALID_PARAMETER_VALUE. */
function decodeKeys(encoded: string): string {
  const keys = parseKeys(Buffer.from(encoded, 'base64').toString('utf8'))
  if (keys !== undefined) return keys
  throw invalidValue('IdentityKey', {
    en: 'must be a JWKS of public RSA, EC or OKP keys in base64',
    zh: '应为 base64 编码的 JWKS，仅含 RSA、EC 或 OKP 公钥',
  })
}

function encodeKeys({ keys }: Provider): string {
  return Buffer.from(keys).toString('base64')
}
