// A listener behind proxies that speak the PROXY protocol. The header is read before HTTP or TLS sees the
// socket. Whether there is one is decided by who connects, never by guessing from the bytes (specification,
// §2): a trusted proxy must send it, and nobody else's is read, so what others send is simply not HTTP.

import type { IncomingMessage } from 'node:http'
import type { Server, Socket } from 'node:net'
import type { Clock } from '../clock.ts'
import type { AddressSet } from './addresses.ts'
import type { Connection } from './client-address.ts'
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

/** What `clientOf` asks of a request's connection. */
export function connectionOf(req: IncomingMessage): Connection {
  const { socket, headers } = req
  const peer = proxiedPeer(socket)
  const isTls = 'encrypted' in socket && socket.encrypted === true
  return {
    remoteAddress: peer?.address ?? socket.remoteAddress,
    encrypted: peer?.encrypted ?? isTls,
    headers,
  }
}

type OnConnection = (socket: Socket) => void

/**
 * Makes an HTTP or HTTPS server, not yet listening, read the header of each connection before anything else
 * sees it. The server's own listeners get the socket with only the client's bytes left to read.
 */
export function acceptProxyProtocol(server: Server, settings: ProxyProtocolSettings): void {
  const listeners = server.listeners('connection')
  const handOn: OnConnection = (socket) => {
    for (const listener of listeners) Reflect.apply(listener, server, [socket])
  }
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    const isProxy = settings.trusted.has(socket.remoteAddress ?? '')
    if (isProxy) readHeader(socket, settings, handOn)
    else handOn(socket)
  })
}

function readHeader(socket: Socket, settings: ProxyProtocolSettings, handOn: OnConnection): void {
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
    handOn(socket)
  }
  socket.on('readable', onReadable)
  socket.on('error', giveUp)
  socket.on('end', giveUp)
  socket.on('close', giveUp)
}
