// Audit rows as syslog: RFC 5424 over UDP (RFC 5426), TCP with counted octets (RFC 6587, 3.4.1) and TLS (RFC 5425).
//
// Syslog acknowledges nothing. Over TCP and TLS a batch counts as arrived when the receiver has closed the connection
// after it read the end of what was sent; over UDP when it has left this machine.

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { hostname } from 'node:os'
import { connect as connectTls } from 'node:tls'
import { type OutboundGuard, OutboundProblem, reachableAddress } from '../http/outbound.ts'
import { lineOf } from './events.ts'
import type { SyslogAddress } from './forwardings.ts'
import type { AuditRow } from './search.ts'

/** For a whole batch: name, connection, all of its messages, and their end. */
const batchMs = 30_000

export interface SyslogTarget {
  readonly address: SyslogAddress
  readonly protocol: 'udp' | 'tcp' | 'tls'
  /** PEM; null: the authorities that the machine trusts. */
  readonly caCertificate: string | null
  readonly facility: number
}

const warning = 4
const informational = 6
const maxHeaderChars = 32

/** `<110>1 2026-06-15T12:00:00.000Z host entrepot - CreateNamespace - {…}` */
export function syslogMessage(row: AuditRow, facility: number, region: string): string {
  const severity = row.result === 'ok' ? informational : warning
  const at = new Date(row.at).toISOString()
  const message = printable(row.event).slice(0, maxHeaderChars)
  const head = `<${facility * 8 + severity}>1 ${at} ${machine} entrepot - ${message} -`
  return `${head} ${lineOf(row, region)}`
}

/** RFC 5424, 6: header fields are of printable ASCII without blanks, `-` where there is nothing. */
function printable(text: string): string {
  return text.replaceAll(/[^\x21-\x7e]/g, '') || '-'
}

const machine = printable(hostname())

/** Throws `OutboundProblem`, or the signal's reason; then some may have arrived. */
export async function sendSyslog(
  target: SyslogTarget,
  messages: readonly string[],
  guard: OutboundGuard,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  const stop = new AbortController()
  const late = new OutboundProblem('timeout', `the batch was not taken within ${batchMs} ms`)
  const timer = guard.clock.setTimer(batchMs, () => stop.abort(late))
  const onAbort = () => stop.abort(signal.reason)
  signal.addEventListener('abort', onAbort)
  try {
    const address = await reachableAddress(target.address.host, guard)
    if (target.protocol === 'udp') await sendDatagrams(target, address, messages, stop.signal)
    else await sendStream(openStream(target, address), messages, stop.signal)
  } catch (error) {
    stop.signal.throwIfAborted()
    if (error instanceof OutboundProblem) throw error
    const reason = error instanceof Error ? error.message : 'the receiver could not be reached'
    throw new OutboundProblem('unreachable', reason, error)
  } finally {
    timer.cancel()
    signal.removeEventListener('abort', onAbort)
  }
}

function openStream({ address, protocol, caCertificate }: SyslogTarget, checked: string): Socket {
  const { host, port } = address
  if (protocol !== 'tls') return connectTcp({ host: checked, port })
  return connectTls({
    host: checked,
    port,
    ...(isIP(host) === 0 && { servername: host }),
    ...(caCertificate !== null && { ca: caCertificate }),
  })
}

function sendStream(
  socket: Socket,
  messages: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const framed = messages.map((message) => `${Buffer.byteLength(message)} ${message}`).join('')
  return new Promise((resolve, reject) => {
    let hasFinished = false
    const onAbort = () => socket.destroy(signal.reason)
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
    socket.on('error', reject)
    // Nothing is expected; unread bytes would hold up the end of the stream.
    socket.resume()
    socket.on('finish', () => {
      hasFinished = true
    })
    socket.on('close', (hadError) => {
      signal.removeEventListener('abort', onAbort)
      if (hasFinished && !hadError) resolve()
      else reject(new OutboundProblem('unreachable', 'the receiver closed the connection early'))
    })
    const isTls = 'encrypted' in socket
    socket.once(isTls ? 'secureConnect' : 'connect', () => socket.end(framed))
  })
}

async function sendDatagrams(
  { address }: SyslogTarget,
  checked: string,
  messages: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const socket = createSocket(isIP(checked) === 6 ? 'udp6' : 'udp4')
  try {
    socket.connect(address.port, checked)
    await once(socket, 'connect', { signal })
    for (const message of messages) {
      signal.throwIfAborted()
      await new Promise<void>((resolve, reject) => {
        socket.send(message, (error) => (error ? reject(error) : resolve()))
      })
    }
  } finally {
    socket.close()
  }
}
