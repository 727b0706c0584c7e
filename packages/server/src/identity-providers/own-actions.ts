// Own actions on OIDC providers, several of an account. Whoever sets one up decides who its people are here, so that he
// must be allowed to hand out what they get.

import type { Action } from '@entrepot/contract/action.ts'
import {
  createOidcProvider,
  deleteOidcProvider,
  describeOidcProviders,
  modifyOidcProvider,
} from '@entrepot/contract/entrepot/identity-providers.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { lockMainAccount } from '../accounts/accounts.ts'
import { askForPersonOrSelf } from '../accounts/asked-person.ts'
import { assertMayDo, reachFor } from '../actions/authority.ts'
import {
  type ActionCall,
  type ActionGround,
  change,
  type Handler,
  read,
} from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import type { Queryable } from '../db/database.ts'
import { getGroup } from '../groups/groups.ts'
import { mayReach } from '../policies/reach.ts'
import { oidcCallbackPath } from '../provider-logins/console-login.ts'
import { askForRole } from '../roles/asked-role.ts'
import { assertMayExchange } from '../token-exchange/authority.ts'
import { listRules } from '../token-exchange/rules.ts'
import { ProviderProblem } from './metadata.ts'
import { applyInput, toWire } from './own-settings.ts'
import { sealSecret } from './provider-secret.ts'
import {
  assertIssuer,
  createProvider,
  defaultSettings,
  deleteProvider,
  type Fetched,
  getProvider,
  listProviders,
  type ProviderFields,
  updateProvider,
} from './providers.ts'

type Asking = Pick<ActionCall<Action>, 'actor' | 'region' | 'nowMs' | 'client' | 'ground'>

const blank: ProviderFields = {
  displayName: '',
  issuer: '',
  clientIds: [],
  secretWrapped: null,
  keys: '',
  rotatesKeys: true,
  description: '',
  settings: defaultSettings,
  isForConsole: false,
  isOn: true,
  metadata: undefined,
  keysFetchedAt: null,
}

const own = (name: string) => ({ kind: 'own', name }) as const

export const ownProviderHandlers: readonly Handler[] = [
  change<typeof createOidcProvider, Fetched | undefined>(
    createOidcProvider,
    async (call) => {
      const { tx, at, actor, input, ground, prepared } = call
      const given = applyInput(blank, input)
      const secretWrapped = sealSecret(ground.vault, input.ClientSecret ?? '')
      const fields = { ...withFetched(given, prepared), secretWrapped }
      await assertMayHandOut(tx, call, fields)
      const { ownerUin } = actor
      const ProviderId = await createProvider(tx, ownerUin, own(input.Name), { ...fields, at })
      return { ProviderId, RedirectUri: redirectUri(call) }
    },
    async ({ input, ground }) => {
      assertIssuer(input.IssuerUrl, 'IssuerUrl')
      return fetchLacking(ground, applyInput(blank, input))
    },
  ),

  read(describeOidcProviders, async (call) => {
    const { db, actor, input } = call
    const reach = await reachFor(call, describeOidcProviders.permission, 'oidc-provider/')
    const all = await listProviders(db, actor.ownerUin, ['own'])
    const reached = all.filter(
      ({ name }) => mayReach(reach, name) && (!input.Name || name === input.Name),
    )
    const { offset, limit } = pageRange(describeOidcProviders.paging, input)
    return {
      Providers: reached
        .slice(offset, offset + limit)
        .map((provider) => toWire(provider, redirectUri(call))),
      TotalCount: reached.length,
    }
  }),

  change<typeof modifyOidcProvider, Fetched | undefined>(
    modifyOidcProvider,
    async (call) => {
      const { tx, at, actor, input, ground, prepared } = call
      const { ownerUin } = actor
      await lockMainAccount(tx, ownerUin)
      const present = await getProvider(tx, ownerUin, { kind: ['own'], name: input.Name })
      const given = applyInput(present, input)
      const { ClientSecret: secret } = input
      const secretWrapped =
        secret === undefined ? present.secretWrapped : sealSecret(ground.vault, secret)
      const fields = { ...withFetched(given, prepared), secretWrapped }
      await assertMayHandOut(tx, call, fields)
      // Whose keys it has decides who its rules let in.
      for (const { target } of await listRules(tx, ownerUin, { providerId: present.id })) {
        await assertMayExchange(call, target)
      }
      await updateProvider(tx, ownerUin, own(input.Name), { ...fields, at })
      return {}
    },
    async ({ input, actor, ground }) => {
      const key = { kind: ['own'], name: input.Name } as const
      const present = await getProvider(ground.db.read, actor.ownerUin, key)
      return fetchLacking(ground, applyInput(present, input))
    },
  ),

  change(deleteOidcProvider, async ({ tx, actor, input }) => {
    await deleteProvider(tx, actor.ownerUin, own(input.Name))
    return {}
  }),
]

/** Asks the issuer for what was not given, so that a mistake shows at once. Throws OPERATION_FAILED. */
async function fetchLacking(
  { providerKeys }: Pick<ActionGround, 'providerKeys'>,
  { settings, isForConsole, issuer, rotatesKeys, keys, metadata }: ProviderFields,
): Promise<Fetched | undefined> {
  const { authorizationEndpoint, tokenEndpoint } = settings
  const hasEndpoints = metadata || (authorizationEndpoint && tokenEndpoint)
  const lacksKeys = rotatesKeys && keys === ''
  if (!lacksKeys && !(isForConsole && !hasEndpoints)) return undefined
  try {
    return await providerKeys.fetch(issuer)
  } catch (error) {
    if (!(error instanceof ProviderProblem)) throw error
    throw new ApiError('OPERATION_FAILED', {
      message: {
        en: `IssuerUrl: asking the issuer failed: ${error.message}`,
        zh: `IssuerUrl：访问身份提供商失败：${error.message}`,
      },
      cause: error,
    })
  }
}

function withFetched(fields: ProviderFields, fetched: Fetched | undefined): ProviderFields {
  if (!fetched) return fields
  const { metadata, keys, at: keysFetchedAt } = fetched
  return { ...fields, metadata, ...(fields.rotatesKeys && { keys, keysFetchedAt }) }
}

/** Throws UNAUTHORIZED_OPERATION, USER_NOT_FOUND, GROUP_NOT_FOUND, ROLE_NOT_FOUND. */
async function assertMayHandOut(
  db: Queryable,
  call: Asking,
  { isForConsole, settings }: ProviderFields,
): Promise<void> {
  // Its user claim speaks for everybody below the main account, as whoever sets their passwords does.
  if (isForConsole) await assertMayDo(call, 'cam:UpdateUser', ['uin/*'])
  for (const { target, id } of settings.mappings) {
    switch (target) {
      case 'user':
        await askForPersonOrSelf(db, call, 'cam:UpdateUser', id)
        break
      case 'group':
        await assertMayDo(call, 'cam:AddUserToGroup', [`groupid/${id}`])
        await getGroup(db, call.actor.ownerUin, id)
        break
      case 'role':
        await askForRole(db, call, 'cam:UpdateAssumeRolePolicy', { id })
        break
    }
  }
}

/** Where the caller reached us is where browsers do, as far as can be known. */
function redirectUri({ client, ground }: Asking): string {
  const host = client.host ?? ground.baseDomain ?? 'localhost'
  return `${client.scheme}://${host}${oidcCallbackPath}`
}
