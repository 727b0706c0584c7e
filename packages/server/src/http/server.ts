// The listeners. Node's HTTP defaults cut long pushes (a request may take 300 s, an idle connection 5 s);
// here nothing is limited by its length, only by stalling (`body.ts`, `send.ts`).

import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { DEFAULT_CIPHERS } from 'node:tls'
import { StartError } from '../start-error.ts'
import { sharedPort } from './shared-port.ts'

export type RequestListener = (req: IncomingMessage, res: ServerResponse) => void

export interface ListenAddress {
  readonly kind: 'plain' | 'tls'
  readonly host: string
  readonly port: number
}

export interface TlsFiles {
  readonly certPath: string
  readonly keyPath: string
}

/** Longer than the idle time of the proxies that stand before registries (nginx: 60 s). */
const keepAliveMs = 75_000
/** For the headers of one request; slow senders of headers hold nothing but a socket. */
const headersMs = 60_000
/** Tokens with forty scopes and long names take 20 KiB. */
const maxHeaderBytes = 64 * 1024

const options = {
  requestTimeout: 0,
  headersTimeout: headersMs,
  keepAliveTimeout: keepAliveMs,
  maxHeaderSize: maxHeaderBytes,
  noDelay: true,
} as const

/** Not yet listening. Throws StartError for a certificate or key that can't be read. */
export function createHttpServer(
  listener: ListenAddress,
  tls: TlsFiles | undefined,
  onRequest: RequestListener,
): Server {
  const server =
    listener.kind === 'tls' ? tlsServer(tls, onRequest) : createServer(options, onRequest)
  // Whether the body is wanted is decided by the endpoint: `inviteBody`.
  server.on('checkContinue', onRequest)
  return server
}

const fastCipher = 'TLS_AES_128_GCM_SHA256'

/**
 * Node's list and order, but for the first, which Go's servers choose too: 512 MiB cost 0.62 of what they cost
 * the better peer, with AES-256 0.79. Nobody breaks either.
 */
const ciphers = [
  fastCipher,
  ...DEFAULT_CIPHERS.split(':').filter((cipher) => cipher !== fastCipher),
].join(':')

function tlsServer(tls: TlsFiles | undefined, onRequest: RequestListener): Server {
  if (!tls) {
    throw new StartError(
      'ENTREPOT_LISTEN has an https:// entry; set ENTREPOT_TLS_CERT and ENTREPOT_TLS_KEY too',
    )
  }
  const files = { cert: readPem(tls.certPath), key: readPem(tls.keyPath) }
  try {
    // HTTP/1.1 only: over HTTP/2 a large blob costs twice the CPU (design, "TLS and HTTP versions").
    const choices = { ciphers, honorCipherOrder: true, ALPNProtocols: ['http/1.1'] }
    return createTlsServer({ ...options, ...files, ...choices }, onRequest)
  } catch (error) {
    throw new StartError(
      `the certificate ${tls.certPath} and the key ${tls.keyPath} don't go together`,
      error,
    )
  }
}

function readPem(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new StartError(`cannot read ${path}; give a PEM file that this user may read`, error)
  }
}

/** Resolves with the port that was taken (for 0). Throws StartError when the address can't be had. */
export function listen(server: Server, address: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(cannotListen(address, error))
    server.once('error', onError)
    server.listen({ ...sharedPort(address), backlog: 4096 }, () => {
      server.off('error', onError)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function cannotListen({ host, port }: ListenAddress, error: NodeJS.ErrnoException): StartError {
  const place = `${host}:${port}`
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartError(
        `${place} is taken by another program; stop it, or set ENTREPOT_LISTEN to a free address`,
        error,
      )
    case 'EACCES':
      return new StartError(`this user may not listen on ${place}; take a port above 1023`, error)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(
        `${place} is no address of this machine; correct ENTREPOT_LISTEN`,
        error,
      )
    default:
      return new StartError(`cannot listen on ${place}: ${error.message}`, error)
  }
}

/** How soon a connection that falls idle during the drain is noticed: Node closes those of the beginning only. */
const idleSweepMs = 100

/**
 * No new connections; those that are idle, or fall idle, are closed. Resolves when all are gone, or when
 * `limitMs` is over and the rest was cut.
 */
export function drainServer(
  server: Server,
  clock: { setTimer(ms: number, fn: () => void): { cancel(): void } },
  limitMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    const limit = clock.setTimer(limitMs, () => server.closeAllConnections())
    const sweepIdle = () => {
      server.closeIdleConnections()
      sweep = clock.setTimer(idleSweepMs, sweepIdle)
    }
    let sweep = clock.setTimer(idleSweepMs, sweepIdle)
    server.close(() => {
      limit.cancel()
      sweep.cancel()
      resolve()
    })
    server.closeIdleConnections()
  })
}
