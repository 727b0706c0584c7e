// A listener behind proxies that speak the PROXY protocol. The header is read before HTTP or TLS sees the
// socket. Whether there is one is decided by who connects, never by guessing from the bytes (specification,
// §2): a trusted proxy must send it, and nobody else's is read, so what others send is simply not HTTP.

import { createServer, type Server, type Socket } from 'node:net'
import type { Clock } from '../clock.ts'
import type { AddressSet } from './addresses.ts'
import { parseProxyHeader } from './proxy-header.ts'

export interface ProxyProtocolSettings {
  readonly clock: Pick<Clock, 'setTimer'>
  readonly trusted: AddressSet
  /** How long a proxy may take to send its header. */
  readonly headerMs: number
}

export interface ProxiedPeer {
  readonly address: string
  readonly encrypted: boolean | undefined
}

const peers = new WeakMap<object, ProxiedPeer>()

/** Who the proxy said is at the other end; undefined when no header told. */
export function proxiedPeer(socket: Socket): ProxiedPeer | undefined {
  return peers.get(socket) ?? peers.get(wrappedBy(socket) ?? socket)
}

/** A TLS socket's own transport, which had the header. Node has no public name for it. */
function wrappedBy(socket: Socket): object | undefined {
  return '_parent' in socket && typeof socket._parent === 'object' && socket._parent !== null
    ? socket._parent
    : undefined
}

/**
 * The server to listen with instead of `server` (an HTTP or HTTPS one, which itself never listens): sockets
 * are handed on behind their header. Closing it refuses new connections; `server` closes the others.
 */
export function acceptProxyProtocol(server: Server, settings: ProxyProtocolSettings): Server {
  // What http.createServer gives its own sockets.
  return createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const isProxy = settings.trusted.has(socket.remoteAddress ?? '')
    if (isProxy) readHeader(server, socket, settings)
    else server.emit('connection', socket)
  })
}

function readHeader(server: Server, socket: Socket, settings: ProxyProtocolSettings): void {
  const timer = settings.clock.setTimer(settings.headerMs, () => socket.destroy())
  const giveUp = () => {
    timer.cancel()
    socket.destroy()
  }
  let held: Buffer = Buffer.alloc(0)
  const onReadable = () => {
    const bytes: Buffer | null = socket.read()
    if (bytes === null) return
    held = Buffer.concat([held, bytes])
    const header = parseProxyHeader(held)
    if (header === 'more') return
    if (header === 'invalid') {
      giveUp()
      return
    }
    timer.cancel()
    socket.off('readable', onReadable)
    socket.off('error', giveUp)
    socket.off('end', giveUp)
    socket.off('close', giveUp)
    const { clientAddress, encrypted } = header
    if (clientAddress !== undefined) peers.set(socket, { address: clientAddress, encrypted })
    if (held.length > header.headerBytes) socket.unshift(held.subarray(header.headerBytes))
    server.emit('connection', socket)
  }
  socket.on('readable', onReadable)
  socket.on('error', giveUp)
  socket.on('end', giveUp)
  socket.on('close', giveUp)
}
