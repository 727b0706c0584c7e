// From the attributes that a caller looks up by to what stands in rows.

import { productVersions } from '@entrepot/contract/action.ts'
import type { lookupAttribute } from '@entrepot/contract/cloudaudit/audit.ts'
import type { InputEntry } from '@entrepot/contract/fields.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import type { Queryable } from '../db/database.ts'
import { type EventFacts, factsNamed } from './events.ts'
import { listEventNames, type Wanted } from './search.ts'

type Attribute = InputEntry<typeof lookupAttribute>
type Key = Attribute['AttributeKey']

/** An instance's tags are few, and so are an account's instances. */
const maxTaggedInstances = 100

/** Throws INVALID_PARAMETER_VALUE. `db`: heavy. */
export async function wantedBy(
  db: Queryable,
  owners: readonly number[],
  attributes: readonly Attribute[],
): Promise<Wanted> {
  const values = new Map<Key, string>()
  for (const [index, { AttributeKey: key, AttributeValue: value }] of attributes.entries()) {
    const field = `LookupAttributes.${index}`
    if (!value) {
      throw invalidValue(`${field}.AttributeValue`, { en: 'must be given', zh: '不能为空' })
    }
    if (values.has(key)) {
      throw invalidValue(`${field}.AttributeKey`, {
        en: `${key} may be given once`,
        zh: `${key} 只能出现一次`,
      })
    }
    checkValue(key, value, `${field}.AttributeValue`)
    values.set(key, value)
  }
  return { ...plainOf(values), ...(await askedOf(db, owners, values)) }
}

const choices: Partial<Record<Key, readonly string[]>> = {
  ActionType: ['Read', 'Write'],
  SensitiveAction: ['0', '1'],
}

function checkValue(key: Key, value: string, field: string): void {
  const allowed = choices[key]
  if (allowed && !allowed.includes(value)) {
    const list = allowed.join(', ')
    throw invalidValue(field, { en: `must be one of ${list}`, zh: `只能是 ${list} 之一` })
  }
  if (key === 'Tags' && !value.includes(':')) {
    throw invalidValue(field, { en: 'must be key:value', zh: '应为 key:value' })
  }
}

/** What rows hold as it was asked for. */
function plainOf(values: ReadonlyMap<Key, string>): Wanted {
  const at = (key: Key) => values.get(key)
  const [requestId, address, actor] = [at('RequestId'), at('SourceIPAddress'), at('PrincipalId')]
  const resourceName = at('ResourceName') ?? nameOf(at('ResourceId'))
  const accessKey = at('AccessKeyId')
  const error = at('ApiErrorCode') ?? at('CamErrorCode')
  return {
    ...(requestId !== undefined && { requestId }),
    ...(address !== undefined && { address }),
    ...(actor !== undefined && { actor }),
    ...(resourceName !== undefined && { resourceName }),
    ...(isInstanceId(at('ResourceId')) && { instanceIds: [at('ResourceId') ?? ''] }),
    ...(accessKey !== undefined && { credentials: credentialsOf(accessKey) }),
    ...(error !== undefined && resultOf(error)),
  }
}

/** An instance's id names all that happened in it. */
function isInstanceId(id: string | undefined): boolean {
  return id?.startsWith('tcr-') === true && !id.includes('/')
}

function nameOf(id: string | undefined): string | undefined {
  if (id === undefined || isInstanceId(id)) return undefined
  return id
}

/** `AKID…` alone may be a lasting or a temporary key; other credentials are named with their kind. */
function credentialsOf(accessKey: string): readonly string[] {
  if (accessKey.includes(':')) return [accessKey]
  return ['api-key', 'temporary-key', 'long-term', 'service-account'].map(
    (kind) => `${kind}:${accessKey}`,
  )
}

/** `0`: allowed; a result, or the reason of a refusal. */
function resultOf(code: string): Wanted {
  if (code === '0') return { results: ['ok'] }
  if (code === 'refused' || code === '1') return { results: ['refused'] }
  return { results: ['refused'], reason: code }
}

/** What has to be asked of the log first: which of its events are of a kind. */
async function askedOf(
  db: Queryable,
  owners: readonly number[],
  values: ReadonlyMap<Key, string>,
): Promise<Wanted> {
  const conditions = conditionsOf(values)
  const name = values.get('EventName')
  const tag = values.get('Tags')
  const events =
    conditions.length === 0
      ? name && [name]
      : (await listEventNames(db, owners))
          .filter((event) => name === undefined || event === name)
          .filter((event) => conditions.every((holds) => holds(factsNamed(event))))
  return {
    ...(events && { events }),
    ...(tag !== undefined && { instanceIds: await findTagged(db, owners, tag) }),
  }
}

function conditionsOf(values: ReadonlyMap<Key, string>): ((facts: EventFacts) => boolean)[] {
  const conditions: ((facts: EventFacts) => boolean)[] = []
  const actionType = values.get('ActionType')
  if (actionType) conditions.push(({ isWrite }) => isWrite === (actionType === 'Write'))
  const sensitive = values.get('SensitiveAction')
  if (sensitive) conditions.push(({ isSensitive }) => isSensitive === (sensitive === '1'))
  const type = values.get('ResourceType')
  if (type !== undefined) {
    const isProduct = type in productVersions
    conditions.push(({ product, resourceType }) => (isProduct ? product : resourceType) === type)
  }
  return conditions
}

/** Instances that carry the cloud tag at present. */
async function findTagged(
  db: Queryable,
  owners: readonly number[],
  tag: string,
): Promise<readonly string[]> {
  const colon = tag.indexOf(':')
  const rows = await db
    .selectFrom('tagged_resources')
    .select('resource_id')
    .where('owner_uin', 'in', owners)
    .where('key', '=', tag.slice(0, colon))
    .where('value', '=', tag.slice(colon + 1))
    .where('kind', '=', 'instance')
    .limit(maxTaggedInstances)
    .execute()
  return rows.map((row) => row.resource_id)
}
