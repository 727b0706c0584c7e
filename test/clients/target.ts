// Where a client's tests run: against a server of their own, over plain HTTP on loopback and over TLS with
// a private authority, or against the registry that ENTREPOT_TEST_URL names.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import { type Authority, makeAuthority } from './authority.ts'
import { missingPrograms } from './command.ts'
import { type RunningServer, startServer } from './server.ts'

export interface Target {
  readonly url: string
  readonly host: string
  readonly username: string
  readonly password: string
  /** Set when the target speaks TLS. */
  readonly tls: Authority | undefined
  /** A folder for the client's own files, removed afterwards. */
  readonly scratch: string
  /** The server's data folder, where the server is the test's own. */
  readonly data: string | undefined
}

export type Scheme = 'http' | 'https'

/** Runs `body` once over plain HTTP and once over TLS; `target()` is known inside tests and hooks. */
export function onEachTarget(
  client: string,
  programs: readonly string[],
  body: (target: () => Target, scheme: Scheme) => void,
): void {
  const missing = missingPrograms(programs)
  const skip = missing.length > 0 && `not on this machine: ${missing.join(', ')}`
  for (const scheme of chosenSchemes()) {
    const name = scheme === 'http' ? 'plain HTTP on loopback' : 'TLS with a private authority'
    describe(`${client} over ${name}`, { skip }, () => {
      let target: Target
      let close: () => Promise<unknown>
      before(async () => {
        const opened = await openTarget(scheme)
        target = opened.target
        close = opened.close
      })
      body(() => target, scheme)
      after(() => close?.())
    })
  }
}

function chosenSchemes(): Scheme[] {
  const url = process.env.ENTREPOT_TEST_URL
  if (!url) return ['http', 'https']
  return [url.startsWith('https:') ? 'https' : 'http']
}

async function openTarget(scheme: Scheme) {
  const scratch = mkdtempSync(join(tmpdir(), 'entrepot-client-'))
  const outer = process.env.ENTREPOT_TEST_URL
  const tls = scheme === 'https' ? await chooseAuthority(scratch) : undefined
  const server = outer ? undefined : await startServer({ tls })
  const close = async () => {
    await server?.stop()
    rmSync(scratch, { recursive: true, force: true })
  }
  const target = { ...addressOf(server, scheme), tls, scratch, data: server?.data }
  return { target, close }
}

function addressOf(server: RunningServer | undefined, scheme: Scheme) {
  if (server) {
    const { username, password } = server
    return scheme === 'http'
      ? { url: server.url, host: server.host, username, password }
      : { url: server.tlsUrl, host: server.tlsHost, username, password }
  }
  const url = new URL(process.env.ENTREPOT_TEST_URL ?? '')
  return {
    url: url.origin,
    host: url.host,
    username: process.env.ENTREPOT_TEST_USERNAME ?? '',
    password: process.env.ENTREPOT_TEST_PASSWORD ?? '',
  }
}

async function chooseAuthority(scratch: string): Promise<Authority> {
  const folder = process.env.ENTREPOT_TEST_AUTHORITY
  if (!folder) return makeAuthority(scratch)
  return {
    ca: join(folder, 'ca.crt'),
    cert: join(folder, 'server.crt'),
    key: join(folder, 'server.key'),
    certFolder: join(folder, 'certs'),
  }
}
