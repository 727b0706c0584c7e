// Sends what is new in the log to each forwarding. One that fails holds up only itself, says why, and is tried again.

import { join } from 'node:path'
import { decidedBelow } from '../db/forms.ts'
import type { OutboundGuard } from '../http/outbound.ts'
import type { JobContext } from '../jobs/jobs.ts'
import { lineOf } from './events.ts'
import { type Forwarding, listForwardings, parseAddress, placeOf } from './forwardings.ts'
import { appendLines } from './log-file.ts'
import { listAfter } from './places.ts'
import type { AuditRow } from './search.ts'
import { sendSyslog, syslogMessage } from './syslog.ts'

const batchRows = 500
/** Of one run; what is left waits for the next, so that none of them lasts long. */
const maxBatches = 200
const maxReasonChars = 500

export interface Sending {
  readonly guard: OutboundGuard
  readonly region: string
  /** Files lie below it. */
  readonly folder: string
}

export async function forwardAudit(context: JobContext, sending: Sending): Promise<void> {
  const forwardings = await listForwardings(context.db.read)
  const inUse = forwardings.filter(({ enabled }) => enabled === 1)
  await Promise.all(inUse.map((forwarding) => forwardOne(context, sending, forwarding)))
}

async function forwardOne(
  context: JobContext,
  sending: Sending,
  forwarding: Forwarding,
): Promise<void> {
  const { signal } = context
  let at = forwarding
  try {
    for (let batch = 0; batch < maxBatches; batch += 1) {
      signal.throwIfAborted()
      const rows = await listNew(context, at)
      const last = rows.at(-1)
      if (!last) break
      await deliver(sending, at, rows, signal)
      const next = await move(context, at, last)
      if (!next) return
      at = next
    }
    if (at.reason !== null) await setReason(context, at, null)
  } catch (error) {
    signal.throwIfAborted()
    const reason = error instanceof Error ? error.message : String(error)
    if (reason === at.reason) return
    context.log(`${at.name} is held up: ${reason}`)
    await setReason(context, at, reason.slice(0, maxReasonChars))
  }
}

async function listNew({ db }: JobContext, forwarding: Forwarding): Promise<readonly AuditRow[]> {
  const decided = await decidedBelow(db.heavy)
  return listAfter(db.heavy, placeOf(forwarding), decided, batchRows)
}

async function deliver(
  { guard, region, folder }: Sending,
  forwarding: Forwarding,
  rows: readonly AuditRow[],
  signal: AbortSignal,
): Promise<void> {
  if (forwarding.kind === 'file') {
    const lines = rows.map((row) => ({ at: row.at, text: lineOf(row, region) }))
    return appendLines(join(folder, forwarding.path ?? ''), lines, forwarding.sent_until)
  }
  const { address, protocol, ca_certificate: caCertificate } = forwarding
  const facility = forwarding.facility ?? 0
  const messages = rows.map((row) => syslogMessage(row, facility, region))
  const target = {
    address: parseAddress(address ?? ''),
    protocol: protocol ?? 'tcp',
    caCertificate,
    facility,
  }
  return sendSyslog(target, messages, guard, signal)
}

/** Undefined: it was deleted meanwhile, or sends to somewhere else from here on. */
async function move(
  { write }: JobContext,
  forwarding: Forwarding,
  last: AuditRow,
): Promise<Forwarding | undefined> {
  const { name, position, sent_until: sentUntil } = forwarding
  return write((tx) =>
    tx
      .updateTable('audit_forwardings')
      .set({
        transaction_id: last.transaction_id,
        position: last.id,
        // Rows of a batch may be a little older than what was written before them.
        sent_until: Math.max(last.at, sentUntil ?? 0),
        reason: null,
      })
      .where('name', '=', name)
      .where('position', '=', position)
      .where('enabled', '=', 1)
      .returningAll()
      .executeTakeFirst(),
  )
}

async function setReason(
  { write }: JobContext,
  { name }: Forwarding,
  reason: string | null,
): Promise<void> {
  await write(async (tx) => {
    await tx.updateTable('audit_forwardings').set({ reason }).where('name', '=', name).execute()
  })
}
