// Where the audit log of the deployment is sent on to. A forwarding has a place in the log that moves when what stands
// before it has arrived, so each row arrives at least once; a row carries its number, so that a receiver can tell what
// came twice.

import { ApiError } from '@entrepot/contract/errors.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import type { Selectable } from 'kysely'
import type { Queryable, Tx } from '../db/database.ts'
import { decidedBelow, isUniqueViolation } from '../db/forms.ts'
import type { AuditForwardingsTable } from '../db/schema-audit.ts'
import { findLastPlace, type LogPlace, listAfter } from './places.ts'

export type Forwarding = Selectable<AuditForwardingsTable>
export type ForwardingKind = Forwarding['kind']

/** They run side by side. */
export const maxForwardings = 10

/** As given; undefined: left out. */
export interface ForwardingFields {
  readonly address?: string | undefined
  readonly protocol?: Exclude<Forwarding['protocol'], null> | undefined
  readonly caCertificate?: string | undefined
  readonly facility?: number | undefined
  readonly path?: string | undefined
  readonly enabled?: boolean | undefined
}

/** RFC 5424, 6.2.1: "log audit". */
const auditFacility = 13

export async function createForwarding(
  tx: Tx,
  input: { readonly name: string; readonly kind: ForwardingKind; readonly at: number },
  fields: ForwardingFields,
): Promise<void> {
  const { name, kind, at } = input
  checkFields(kind, fields)
  checkTarget(kind, { address: fields.address ?? null, path: fields.path ?? null })
  const rows = await tx.selectFrom('audit_forwardings').select('name').execute()
  if (rows.some((row) => row.name === name)) throw forwardingExists(name)
  if (rows.length >= maxForwardings) {
    throw new ApiError('LIMIT_EXCEEDED', {
      message: {
        en: `there are ${maxForwardings} forwardings already; delete one first`,
        zh: `最多 ${maxForwardings} 个转发，请先删除`,
      },
    })
  }
  // From now on: what is older can be exported.
  const place = await findLastPlace(tx, await decidedBelow(tx))
  try {
    await tx
      .insertInto('audit_forwardings')
      .values({
        name,
        kind,
        address: fields.address ?? null,
        protocol: kind === 'syslog' ? (fields.protocol ?? 'tcp') : null,
        ca_certificate: fields.caCertificate ?? null,
        facility: kind === 'syslog' ? (fields.facility ?? auditFacility) : null,
        path: fields.path ?? null,
        enabled: fields.enabled === false ? 0 : 1,
        transaction_id: place.transactionId,
        position: place.position,
        sent_until: null,
        reason: null,
        created_at: at,
      })
      .execute()
  } catch (error) {
    if (isUniqueViolation(error)) throw forwardingExists(name)
    throw error
  }
}

export async function updateForwarding(tx: Tx, name: string, fields: ForwardingFields) {
  const { kind } = await getForwarding(tx, name)
  checkFields(kind, fields)
  const { address, protocol, caCertificate, facility, path, enabled } = fields
  const columns = {
    ...(address !== undefined && { address }),
    ...(protocol !== undefined && { protocol }),
    // Empty: the authorities that the machine trusts.
    ...(caCertificate !== undefined && { ca_certificate: caCertificate || null }),
    ...(facility !== undefined && { facility }),
    ...(path !== undefined && { path }),
    ...(enabled !== undefined && { enabled: enabled ? 1 : 0 }),
  }
  if (Object.keys(columns).length === 0) return
  await tx.updateTable('audit_forwardings').set(columns).where('name', '=', name).execute()
}

export async function deleteForwarding(tx: Tx, name: string): Promise<void> {
  await getForwarding(tx, name)
  await tx.deleteFrom('audit_forwardings').where('name', '=', name).execute()
}

export function listForwardings(db: Queryable): Promise<Forwarding[]> {
  return db.selectFrom('audit_forwardings').selectAll().orderBy('name').execute()
}

export interface ForwardingLag {
  readonly forwarding: string
  /** Of the first row that has not arrived; undefined: all have. */
  readonly oldestAt: number | undefined
}

/** Of those in use, for metrics; asked through `Database.heavy`. */
export async function forwardingLags(db: Queryable): Promise<readonly ForwardingLag[]> {
  const inUse = (await listForwardings(db)).filter(({ enabled }) => enabled === 1)
  if (inUse.length === 0) return []
  const decided = await decidedBelow(db)
  return Promise.all(
    inUse.map(async (forwarding) => {
      const [row] = await listAfter(db, placeOf(forwarding), decided, 1)
      return { forwarding: forwarding.name, oldestAt: row?.at }
    }),
  )
}

export function placeOf({ transaction_id, position }: Forwarding): LogPlace {
  return { transactionId: transaction_id, position }
}

async function getForwarding(tx: Tx, name: string): Promise<Forwarding> {
  const row = await tx
    .selectFrom('audit_forwardings')
    .selectAll()
    .where('name', '=', name)
    .executeTakeFirst()
  if (row) return row
  throw new ApiError('RESOURCE_NOT_FOUND', {
    message: { en: `there is no forwarding ${name}`, zh: `没有转发 ${name}` },
    detail: { name },
  })
}

function forwardingExists(name: string): ApiError {
  return new ApiError('RESOURCE_EXISTS', {
    message: { en: `there is a forwarding ${name}`, zh: `已有转发 ${name}` },
    detail: { name },
  })
}

/** What belongs to the other kind would be kept without effect. */
function checkFields(kind: ForwardingKind, fields: ForwardingFields): void {
  const { address, protocol, caCertificate, facility, path } = fields
  const foreign: Readonly<Record<string, unknown>> =
    kind === 'file'
      ? { Address: address, Protocol: protocol, CaCertificate: caCertificate, Facility: facility }
      : { Path: path }
  for (const [field, value] of Object.entries(foreign)) {
    if (value === undefined) continue
    throw invalidValue(field, { en: `is not for a ${kind}`, zh: '不适用于该转发类型' })
  }
  if (address !== undefined) parseAddress(address)
  if (path !== undefined) checkPath(path)
}

function checkTarget(
  kind: ForwardingKind,
  { address, path }: { readonly address: string | null; readonly path: string | null },
): void {
  if (kind === 'syslog' ? address !== null : path !== null) return
  const field = kind === 'syslog' ? 'Address' : 'Path'
  throw new ApiError('MISSING_PARAMETER', {
    message: { en: `${field} is missing`, zh: `缺少参数 ${field}` },
    detail: { parameter: field },
  })
}

export interface SyslogAddress {
  readonly host: string
  readonly port: number
}

/** `host:port`, `[2001:db8::1]:6514`. Throws INVALID_PARAMETER_VALUE. */
export function parseAddress(text: string): SyslogAddress {
  const match =
    /^(?:\[([0-9a-fA-F:.]{2,45})\]|([A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}))):(\d{1,5})$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port }
  throw invalidValue('Address', { en: 'must be host:port', zh: '应为 host:port' })
}

/**
 * Below the data folder's `audit/`: whoever may call the API must not write where it pleases on the machine. A link or
 * a mount there leads elsewhere if the machine's administrator wants it.
 */
function checkPath(path: string): void {
  const isPlain = path.split('/').every((part) => /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/.test(part))
  if (isPlain) return
  throw invalidValue('Path', {
    en: 'must be a name below <data>/audit, of letters, digits, . _ - and /',
    zh: '应为 <data>/audit 下的相对路径，由字母、数字、. _ - 和 / 组成',
  })
}
