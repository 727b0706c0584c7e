// The kinds of storage that crash tables run on. Their time is the machine's (a real store's always is), the
// program's is fake: what is begun now is as old for a sweep as the fake clock has advanced since.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, systemClock } from '../clock.ts'
import type { Driver, DriverOperation } from '../storage/driver.ts'
import { openDriver } from '../storage/open.ts'
import { findVersitygw, type S3TestServer, startS3TestServer } from '../storage/s3-test-server.ts'
import { WrappedDriver } from '../storage/wrapped.ts'

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
      return { driver: new AgeingDriver(driver, program), remove: async () => undefined }
    }
    case 'folder': {
      const path = await mkdtemp(join(tmpdir(), 'entrepot-crash-'))
      const driver = await openDriver({ kind, path }, { clock })
      return {
        driver: new AgeingDriver(driver, program),
        remove: () => rm(path, { recursive: true }),
      }
    }
    case 's3': {
      // Only asked for where `missingStore` found the program.
      server ??= await startS3TestServer(gateway ?? '')
      prefixes += 1
      const driver = await openDriver(server.settings(`crash-${prefixes}/`), { clock })
      return { driver: new AgeingDriver(driver, program), remove: async () => undefined }
    }
  }
}

class AgeingDriver extends WrappedDriver {
  readonly #program: Pick<Clock, 'now'>
  readonly #machine = systemClock()

  constructor(inner: Driver, program: Pick<Clock, 'now'>) {
    super(inner)
    this.#program = program
  }

  protected around<T>(_operation: DriverOperation, call: () => Promise<T>): Promise<T> {
    return call()
  }

  override sweepUnfinished(
    ...[olderThanMs, isOpen, signal]: Parameters<Driver['sweepUnfinished']>
  ) {
    const aheadMs = this.#program.now() - this.#machine.now()
    return this.inner.sweepUnfinished(olderThanMs - aheadMs, isOpen, signal)
  }
}
