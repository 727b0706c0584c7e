// How the operator learns the credentials that the first start made.

import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Listener } from '../config.ts'
import type { Terminal } from './program.ts'

/** What was generated; a value that the operator gave is undefined here and never shown. */
export interface FirstCredentials {
  readonly uin: string
  readonly password: string | undefined
  readonly apiKey: { readonly secretId: string; readonly secretKey: string } | undefined
  readonly token: string | undefined
}

interface FirstStart {
  readonly credentials: FirstCredentials
  readonly dataFolder: string
  /** As docker names it: `127.0.0.1:5000`. */
  readonly registry: string
}

/** A terminal shows them once; anything else may keep what it is told, so a file does. */
export async function announceFirstStart(start: FirstStart, terminal: Terminal): Promise<void> {
  if (terminal.isTTY) {
    terminal.print(firstStartText(start))
    return
  }
  const path = join(start.dataFolder, 'first-credentials.txt')
  const file = await open(path, 'w', 0o600)
  try {
    // An older file keeps its mode when it is opened.
    await file.chmod(0o600)
    await file.writeFile(firstStartText(start))
    await file.sync()
  } finally {
    await file.close()
  }
  terminal.print(`The first credentials are in ${path}; read it, then remove it.`)
}

function firstStartText({ credentials, registry }: FirstStart): string {
  const { uin, password, apiKey, token } = credentials
  const given = '(as you set it)'
  return [
    'This is the first start. These credentials are shown once; keep them.',
    '',
    `  account            ${uin}`,
    `  console password   ${password ?? given}`,
    `  API SecretId       ${apiKey?.secretId ?? given}`,
    `  API SecretKey      ${apiKey?.secretKey ?? given}`,
    `  registry token     ${token ?? given}`,
    '',
    `  docker login ${registry} -u ${uin} -p ${token ?? '"$ENTREPOT_ADMIN_TOKEN"'}`,
    `  docker tag hello-world ${registry}/demo/hello-world && docker push ${registry}/demo/hello-world`,
    `  docker pull ${registry}/demo/hello-world`,
    '',
  ].join('\n')
}

/** The name of the default instance for a client on this machine. */
export function registryName(listen: readonly Listener[]): string {
  const listener = listen.find(({ kind }) => kind === 'plain') ?? listen[0]
  if (listener === undefined) return 'localhost'
  const anywhere = listener.host === '0.0.0.0' || listener.host === '::'
  const host = anywhere ? '127.0.0.1' : listener.host
  return `${host.includes(':') ? `[${host}]` : host}:${listener.port}`
}
