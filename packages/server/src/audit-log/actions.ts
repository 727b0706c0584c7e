// The API's actions on the audit log: look-up, how long it is kept, and where it is forwarded to.

import type { ActionInput, ActionReply } from '@entrepot/contract/action.ts'
import { editionAuditDays } from '@entrepot/contract/editions.ts'
import {
  createAuditForwarding,
  deleteAuditForwarding,
  describeAuditForwardings,
  describeAuditRetention,
  modifyAuditForwarding,
  modifyAuditRetention,
} from '@entrepot/contract/entrepot/audit.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { isoUtc } from '../actions/times.ts'
import {
  createForwarding,
  deleteForwarding,
  type Forwarding,
  type ForwardingFields,
  listForwardings,
  updateForwarding,
} from './forwardings.ts'
import { lookUpHandlers } from './look-up.ts'
import { findAuditDays, findOldestAt, setAuditDays } from './retention.ts'

export const auditHandlers: readonly Handler[] = [
  ...lookUpHandlers,

  read(describeAuditRetention, async ({ db, instance }) => {
    const oldestAt = await findOldestAt(db, instance.id)
    return {
      Days: await findAuditDays(db, instance),
      EditionDays: editionAuditDays[instance.edition],
      OldestTime: oldestAt === undefined ? null : isoUtc(oldestAt),
    }
  }),

  change(modifyAuditRetention, async ({ tx, instance, input }) => {
    await setAuditDays(tx, instance, input.Days)
    return {}
  }),

  change(createAuditForwarding, async ({ tx, at, input }) => {
    const kind = input.Kind === 'File' ? 'file' : 'syslog'
    await createForwarding(tx, { name: input.Name, kind, at }, fieldsOf(input))
    return {}
  }),

  read(describeAuditForwardings, async ({ db }) => {
    return { Forwardings: (await listForwardings(db)).map(toWire) }
  }),

  change(modifyAuditForwarding, async ({ tx, input }) => {
    await updateForwarding(tx, input.Name, fieldsOf(input))
    return {}
  }),

  change(deleteAuditForwarding, async ({ tx, input }) => {
    await deleteForwarding(tx, input.Name)
    return {}
  }),
]

const protocols = { Udp: 'udp', Tcp: 'tcp', Tls: 'tls' } as const
const protocolNames = { udp: 'Udp', tcp: 'Tcp', tls: 'Tls' } as const

function fieldsOf(input: ActionInput<typeof modifyAuditForwarding>): ForwardingFields {
  return {
    address: input.Address,
    protocol: input.Protocol && protocols[input.Protocol],
    caCertificate: input.CaCertificate,
    facility: input.Facility,
    path: input.Path,
    enabled: input.Enabled,
  }
}

type WireForwarding = ActionReply<typeof describeAuditForwardings>['Forwardings'][number]

function toWire(row: Forwarding): WireForwarding {
  return {
    Name: row.name,
    Kind: row.kind === 'file' ? 'File' : 'Syslog',
    Address: row.address,
    Protocol: row.protocol && protocolNames[row.protocol],
    CaCertificate: row.ca_certificate,
    Facility: row.facility,
    Path: row.path,
    Enabled: row.enabled === 1,
    SentUntil: row.sent_until === null ? null : isoUtc(row.sent_until),
    Reason: row.reason,
  }
}
