// How to log in to a registry, as Docker would: by our own hosts and logins, by a credential helper, or by what stands in
// Docker's file.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { Login } from '@entrepot/client/oci/auth.ts'
import { findDockerLogin } from './docker-credential.ts'
import { dockerFolder } from './docker-login.ts'
import { readJsonFile } from './private-files.ts'
import type { Terminal } from './terminal.ts'

interface DockerFile {
  readonly auths?: Readonly<Record<string, { readonly auth?: string } | undefined>>
  readonly credHelpers?: Readonly<Record<string, string | undefined>>
  readonly credsStore?: string
}

/** Docker Hub's logins stand under the address of its first API. */
const hubHost = 'registry-1.docker.io'
const hubKey = 'https://index.docker.io/v1/'

/** Undefined: nobody logged in there; public images need no login. */
export async function findLogin(terminal: Terminal, host: string): Promise<Login | undefined> {
  const own = await findDockerLogin(terminal, host)
  if (own) return own
  // Written by Docker, or by whoever logs in as Docker does.
  const file = (readJsonFile(join(dockerFolder(terminal), 'config.json')) ?? {}) as DockerFile
  const key = host === hubHost ? hubKey : host
  const helper = file.credHelpers?.[key] ?? file.credsStore
  if (helper !== undefined && helper !== 'entrepot') {
    const login = await askProgram(terminal, helper, key)
    if (login) return login
  }
  return loginOf(file.auths?.[key]?.auth ?? file.auths?.[`https://${key}`]?.auth)
}

function loginOf(auth: string | undefined): Login | undefined {
  const [, username, password] = /^([^:]+):(.+)$/s.exec(decode(auth ?? '')) ?? []
  return username && password ? { username, password } : undefined
}

function decode(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8')
}

/** Undefined where it knows none, or is not there. */
function askProgram(terminal: Terminal, name: string, key: string): Promise<Login | undefined> {
  return new Promise((resolve) => {
    const options = { env: { ...terminal.env }, timeout: programMs, signal: terminal.signal }
    const child = execFile(`docker-credential-${name}`, ['get'], options, (error, out) => {
      resolve(error ? undefined : parseAnswer(out))
    })
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(key)
  })
}

const programMs = 30_000

function parseAnswer(text: string): Login | undefined {
  try {
    const { Username: username, Secret: password } = JSON.parse(text) as Record<string, unknown>
    if (typeof username !== 'string' || typeof password !== 'string') return undefined
    return { username, password }
  } catch {
    // Not a helper's answer.
    return undefined
  }
}
