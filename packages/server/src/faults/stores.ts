// The kinds of storage that crash tables run on. Their time is the machine's (a real store's always is), the
// program's is fake: what is begun now is as old for a sweep as the fake clock has advanced since.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, systemClock } from '../clock.ts'
import type { Driver } from '../storage/driver.ts'
import { openDriver } from '../storage/open.ts'
import { findVersitygw, type S3TestServer, startS3TestServer } from '../storage/s3-test-server.ts'

export type StoreKind = 'memory' | 'folder' | 's3'

export interface FaultStore {
  readonly driver: Driver
  remove(): Promise<void>
}

const gateway = findVersitygw()

/** Why a kind can't be had here; false when it can. */
export function missingStore(kind: StoreKind): string | false {
  return kind === 's3' && !gateway ? 'versitygw is not installed' : false
}

let server: S3TestServer | undefined
let prefixes = 0

/** To be called when the tests of a file are over. */
export async function stopStores(): Promise<void> {
  await server?.close()
  server = undefined
}

export async function openStore(kind: StoreKind, program: Pick<Clock, 'now'>): Promise<FaultStore> {
  const clock = systemClock()
  switch (kind) {
    case 'memory': {
      const driver = await openDriver({ kind }, { clock })
      return { driver: ageing(driver, program), remove: async () => undefined }
    }
    case 'folder': {
      const path = await mkdtemp(join(tmpdir(), 'entrepot-crash-'))
      const driver = await openDriver({ kind, path }, { clock })
      return { driver: ageing(driver, program), remove: () => rm(path, { recursive: true }) }
    }
    case 's3': {
      // Only asked for where `missingStore` found the program.
      server ??= await startS3TestServer(gateway ?? '')
      prefixes += 1
      const driver = await openDriver(server.settings(`crash-${prefixes}/`), { clock })
      return { driver: ageing(driver, program), remove: async () => undefined }
    }
  }
}

function ageing(driver: Driver, program: Pick<Clock, 'now'>): Driver {
  const machine = systemClock()
  const sweepUnfinished: Driver['sweepUnfinished'] = (olderThanMs, isOpen, signal) =>
    driver.sweepUnfinished(olderThanMs - (program.now() - machine.now()), isOpen, signal)
  return new Proxy(driver, {
    get(target, property) {
      if (property === 'sweepUnfinished') return sweepUnfinished
      const value: unknown = Reflect.get(target, property)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
