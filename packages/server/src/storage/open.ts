// From settings to a driver. What only one kind needs is loaded only for it.

import type { Clock } from '../clock.ts'
import { BufferBudget } from './buffers.ts'
import type { Driver } from './driver.ts'

export interface FolderSettings {
  readonly kind: 'folder'
  readonly path: string
}

export interface S3Settings {
  readonly kind: 's3'
  readonly bucket: string
  /** Before every key: empty, or ending in '/'. */
  readonly prefix: string
  readonly endpoint: string | undefined
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** `endpoint/bucket/key` instead of `bucket.endpoint/key`. */
  readonly pathStyle: boolean
}

export interface MemorySettings {
  readonly kind: 'memory'
}

export type StorageSettings = FolderSettings | S3Settings | MemorySettings

export interface OpenOptions {
  readonly clock: Pick<Clock, 'now' | 'monotonicMs' | 'setTimer'>
  /** One per process, shared by all its drivers. */
  readonly budget?: BufferBudget
  /** A local folder in which parts wait to be sent to S3; by default the machine's for temporary files. */
  readonly spoolFolder?: string
}

export async function openDriver(
  settings: StorageSettings,
  { clock, budget = new BufferBudget(), spoolFolder }: OpenOptions,
): Promise<Driver> {
  switch (settings.kind) {
    case 'folder': {
      const { openFolder } = await import('./folder.ts')
      return openFolder(settings.path, { budget, clock })
    }
    case 's3': {
      const { S3Driver } = await import('./s3.ts')
      return new S3Driver(settings, { budget, clock, spoolFolder })
    }
    case 'memory': {
      const { MemoryDriver } = await import('./memory.ts')
      return new MemoryDriver(clock)
    }
  }
}
