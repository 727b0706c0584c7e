// The API's actions on service accounts.

import type { ActionInput, ActionReply } from '@entrepot/contract/action.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { InputEntry } from '@entrepot/contract/fields.ts'
import {
  createServiceAccount as createAction,
  deleteServiceAccount as deleteAction,
  describeServiceAccounts,
  modifyServiceAccount,
  modifyServiceAccountPassword,
  type permission,
} from '@entrepot/contract/tcr/credentials.ts'
import type { filter } from '@entrepot/contract/tcr/parameters.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { rfc3339 } from '../actions/times.ts'
import { hashHumanSecret } from '../crypto/secrets.ts'
import { type ListedServiceAccount, listServiceAccounts } from './queries.ts'
import { bareName, servicePrefix } from './service-account-name.ts'
import {
  findPermissions,
  type NamedPermission,
  toPermissions,
} from './service-account-permissions.ts'
import {
  createServiceAccount,
  dayMs,
  deleteServiceAccount,
  getServiceAccountId,
  resetServiceAccountSecret,
  updateServiceAccount,
} from './service-accounts.ts'

/** `ExpiresAt` and `Duration`. */
const never = -1

export const serviceAccountHandlers: readonly Handler[] = [
  change(
    createAction,
    async ({ tx, at, actor, origin, instance, input }) => {
      const expiresAt = expiryOf(input, at)
      if (expiresAt === undefined) throw expiryMissing()
      const made = await createServiceAccount(tx, instance, {
        name: bareName(input.Name),
        description: input.Description ?? '',
        expiresAt,
        isDisabled: input.Disable,
        permissions: await toPermissions(tx, instance.id, input.Permissions.map(fromWire)),
        createdBy: actor.uin,
        at,
        origin,
      })
      return {
        Name: made.name,
        Password: made.secret,
        ExpiresAt: made.expiresAt ?? never,
        CreateTime: rfc3339(at),
      }
    },
    undefined,
    nameInAudit,
  ),

  read(describeServiceAccounts, async ({ db, instance, input }) => {
    const { total, accounts } = await listServiceAccounts(
      db,
      instance.id,
      { names: (input.Filters ?? []).map(namesOf) },
      input.All ? undefined : pageRange(describeServiceAccounts.paging, input),
    )
    const ids = input.EmbedPermission ? accounts.map(({ id }) => id) : []
    const permissions = await findPermissions(db, ids)
    return {
      ServiceAccounts: accounts.map((one) => toWire(one, permissions.get(one.id) ?? [])),
      TotalCount: total,
    }
  }),

  change(
    modifyServiceAccount,
    async ({ tx, at, origin, instance, input }) => {
      const id = await getServiceAccountId(tx, instance.id, bareName(input.Name))
      const { Description: description, Disable: isDisabled, Permissions: named } = input
      const expiresAt = expiryOf(input, at)
      await updateServiceAccount(tx, instance, id, {
        ...(description !== undefined && { description }),
        ...(expiresAt !== undefined && { expiresAt }),
        ...(isDisabled !== undefined && { isDisabled }),
        ...(named && { permissions: await toPermissions(tx, instance.id, named.map(fromWire)) }),
        at,
        origin,
      })
      return {}
    },
    undefined,
    nameInAudit,
  ),

  change<typeof modifyServiceAccountPassword, string | undefined>(
    modifyServiceAccountPassword,
    async ({ tx, at, origin, instance, input, prepared: chosenHash }) => {
      const id = await getServiceAccountId(tx, instance.id, bareName(input.Name))
      const { secret } = await resetServiceAccountSecret(tx, instance, id, {
        ...(chosenHash !== undefined && { chosenHash }),
        at,
        origin,
      })
      return { Password: secret ?? input.Password ?? '' }
    },
    async ({ input }) => {
      if (input.Random) return undefined
      if (!input.Password) throw passwordMissing()
      return hashHumanSecret(input.Password)
    },
    nameInAudit,
  ),

  change(
    deleteAction,
    async ({ tx, at, origin, instance, input }) => {
      const id = await getServiceAccountId(tx, instance.id, bareName(input.Name))
      await deleteServiceAccount(tx, instance, id, { at, origin })
      return {}
    },
    undefined,
    nameInAudit,
  ),
]

function nameInAudit({ Name: name }: { readonly Name: string }) {
  return { reference: `${servicePrefix}${bareName(name)}` }
}

type Expiry = Pick<ActionInput<typeof modifyServiceAccount>, 'Duration' | 'ExpiresAt'>

/** Null: never; undefined: not told. */
function expiryOf({ Duration: days, ExpiresAt: time }: Expiry, at: number) {
  if (days === never) return null
  if (days === 0) {
    throw invalidValue('Duration', {
      en: 'must be 1 or more days, or -1 for ever',
      zh: '应为 1 天以上，或 -1 表示永久',
    })
  }
  if (days !== undefined) return at + days * dayMs
  if (time === undefined) return undefined
  if (time === never) return null
  if (time <= at) {
    throw invalidValue('ExpiresAt', { en: 'must lie in the future', zh: '应晚于当前时间' })
  }
  return time
}

function expiryMissing(): ApiError {
  return new ApiError('MISSING_PARAMETER', {
    message: {
      en: 'Duration: Duration or ExpiresAt is required; -1 is for ever',
      zh: 'Duration：Duration 和 ExpiresAt 至少填写一个，-1 表示永久',
    },
    detail: { parameter: 'Duration' },
  })
}

function passwordMissing(): ApiError {
  return new ApiError('MISSING_PARAMETER', {
    message: {
      en: 'Password: this parameter is required unless Random is true',
      zh: 'Password：Random 不为 true 时必填',
    },
    detail: { parameter: 'Password' },
  })
}

function fromWire({ Resource, Actions }: InputEntry<typeof permission>): NamedPermission {
  return { namespace: Resource, actions: Actions }
}

function namesOf({ Name, Values }: InputEntry<typeof filter>, index: number): string[] {
  if (Name === 'ServiceAccountName') return Values.map(bareName)
  throw invalidValue(`Filters.${index}.Name`, {
    en: 'must be ServiceAccountName',
    zh: '只能是 ServiceAccountName',
  })
}

type WireAccount = ActionReply<typeof describeServiceAccounts>['ServiceAccounts'][number]

function toWire(
  account: ListedServiceAccount,
  permissions: readonly NamedPermission[],
): WireAccount {
  return {
    Name: `${servicePrefix}${account.name}`,
    Description: account.description,
    Disable: account.isDisabled,
    ExpiresAt: account.expiresAt ?? never,
    CreateTime: rfc3339(account.createdAt),
    UpdateTime: rfc3339(account.updatedAt),
    Permissions: permissions.map(({ namespace, actions }) => ({
      Resource: namespace,
      Actions: actions,
    })),
  }
}
