// An S3 server of one's own over a folder: versitygw, the program that ENTREPOT_TEST_VERSITYGW names.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Daemon, startDaemon } from './command.ts'
import { freePort } from './server.ts'

const accessKey = 'test-access-key'
const secretKey = 'test-secret-key'

export const objectStoreProgram = process.env.ENTREPOT_TEST_VERSITYGW

export interface ObjectStore {
  readonly daemon: Daemon
  /** The settings with which Entrepot keeps its content there. */
  readonly env: NodeJS.ProcessEnv
}

export async function startObjectStore(folder: string): Promise<ObjectStore> {
  mkdirSync(join(folder, 'entrepot'), { recursive: true })
  const address = `127.0.0.1:${await freePort()}`
  const daemon = await startDaemon(
    objectStoreProgram ?? 'versitygw',
    ['--port', address, 'posix', folder],
    {
      env: { ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey },
      ready: /API listening|listening on|VersityGW/i,
    },
  )
  return {
    daemon,
    env: {
      ENTREPOT_STORAGE: 's3://entrepot',
      ENTREPOT_S3_ENDPOINT: `http://${address}`,
      ENTREPOT_S3_ACCESS_KEY: accessKey,
      ENTREPOT_S3_SECRET_KEY: secretKey,
    },
  }
}
