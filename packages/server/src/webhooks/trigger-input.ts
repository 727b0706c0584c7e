// A trigger as somebody sends it: checked, its headers sealed. A masked value stands for the one that is stored.

import { maskedHeader } from '@entrepot/contract/entrepot/webhooks.ts'
import type { InputEntry } from '@entrepot/contract/fields.ts'
import type { webhookTarget, webhookTrigger } from '@entrepot/contract/tcr/webhooks.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Queryable } from '../db/database.ts'
import type { AddressSet } from '../http/addresses.ts'
import { parseAddress } from '../http/addresses.ts'
import { mayReach } from '../http/outbound-address.ts'
import { compileCondition } from './condition.ts'
import { openHeaders, sealHeaders } from './secrets.ts'
import { headerProblem } from './signature.ts'
import { listTargets, type TriggerText } from './triggers.ts'
import type { Header } from './webhooks.ts'

type TargetInput = InputEntry<typeof webhookTarget>
type TriggerInput = InputEntry<typeof webhookTrigger>

/** By address: what masked values of a trigger's targets stand for. */
export type StoredHeaders = ReadonlyMap<string, readonly Header[]>

export async function openStoredHeaders(
  db: Queryable,
  vault: Pick<Vault, 'open'>,
  triggerId: string,
): Promise<StoredHeaders> {
  const stored = new Map<string, readonly Header[]>()
  for (const { address, headers } of await listTargets(db, [triggerId])) {
    stored.set(address, await openHeaders(vault, headers))
  }
  return stored
}

export interface Checks {
  readonly vault: Pick<Vault, 'seal'>
  /** Inner addresses that the operator allows. */
  readonly allowed: AddressSet
  readonly stored: StoredHeaders
}

/** Throws INVALID_PARAMETER_VALUE. */
export function checkTrigger(input: TriggerInput, checks: Checks): TriggerText {
  compileCondition(input.Condition, 'Trigger.Condition')
  const targets = input.Targets.map((target, n) => {
    const at = `Trigger.Targets.${n}`
    const { address, headers } = checkTarget(target, checks, at)
    if (input.Targets.findIndex(({ Address }) => Address === target.Address) !== n) {
      throw invalidValue(`${at}.Address`, {
        en: 'is there twice: an event is sent once to each target',
        zh: '重复，同一目标只投递一次',
      })
    }
    return { address, headers: sealHeaders(checks.vault, headers) }
  })
  return {
    name: input.Name,
    description: input.Description ?? '',
    events: input.EventTypes,
    condition: input.Condition,
    isOn: input.Enabled,
    targets,
  }
}

/** Throws INVALID_PARAMETER_VALUE. */
export function checkTarget(
  { Address, Headers = [] }: TargetInput,
  { allowed, stored }: Omit<Checks, 'vault'>,
  at: string,
): { readonly address: string; readonly headers: readonly Header[] } {
  checkAddress(Address, allowed, `${at}.Address`)
  const known = stored.get(Address) ?? []
  const headers = Headers.map(({ Key, Values }, n): Header => {
    const own = known.find((header) => header.Key.toLowerCase() === Key.toLowerCase())
    const values = Values.map((value, nth) =>
      value === maskedHeader ? (own?.Values[nth] ?? value) : value,
    )
    const problem = headerProblem({ Key, Values: values })
    if (problem) throw invalidValue(`${at}.Headers.${n}`, problem)
    return { Key, Values: values }
  })
  return { address: Address, headers }
}

function checkAddress(text: string, allowed: AddressSet, parameter: string): void {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw invalidValue(parameter, {
      en: 'must be an http or https URL',
      zh: '必须是 http 或 https 地址',
    })
  }
  if (url.username !== '' || url.password !== '') {
    throw invalidValue(parameter, {
      en: 'must not hold a user name or password: give them as a header',
      zh: '不能包含用户名或密码，请使用请求头',
    })
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // What a name leads to is looked at whenever something is sent.
  if (parseAddress(host) === undefined || mayReach(host, allowed)) return
  throw invalidValue(parameter, {
    en: `${host} is no public address; the operator can allow its range (ENTREPOT_OUTBOUND_ALLOW)`,
    zh: `${host} 不是公网地址，可由运维人员通过 ENTREPOT_OUTBOUND_ALLOW 放行`,
  })
}
