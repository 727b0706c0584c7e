// For which platform an image was made stands in its config, which lies in the store. A list of tags asks for many at
// once, again and again; what a digest says never changes, so it is remembered.

import type { ActionGround } from '../actions/define.ts'
import { StorageError } from '../storage/driver.ts'
import { readImageConfig } from './config.ts'
import { readConfigBlob } from './reading.ts'

export interface ConfigPlatform {
  readonly os: string
  readonly architecture: string
  readonly variant: string | null
}

export interface ConfigRef {
  readonly digest: string
  readonly sizeBytes: number
}

/** About 4 MiB. */
const maxRemembered = 20_000
/** Read from the store at the same time, for one page. */
const parallelReads = 16

export class ConfigPlatforms {
  /** The one longest untouched comes first. */
  readonly #known = new Map<string, ConfigPlatform>()

  /** By digest; what the store doesn't tell is not in it. The caller may see the repository. */
  async of(
    ground: Pick<ActionGround, 'db' | 'stores'>,
    repositoryId: string,
    configs: readonly ConfigRef[],
  ): Promise<ReadonlyMap<string, ConfigPlatform>> {
    const found = new Map<string, ConfigPlatform>()
    const waiting = new Map(configs.map((config) => [config.digest, config])).values()
    const worker = async () => {
      for (const config of waiting) {
        const platform =
          this.#remembered(config.digest) ?? (await read(ground, repositoryId, config))
        if (!platform) continue
        this.#remember(config.digest, platform)
        found.set(config.digest, platform)
      }
    }
    await Promise.all(Array.from({ length: parallelReads }, worker))
    return found
  }

  #remembered(digest: string): ConfigPlatform | undefined {
    return this.#known.get(digest)
  }

  #remember(digest: string, platform: ConfigPlatform): void {
    this.#known.delete(digest)
    this.#known.set(digest, platform)
    const [oldest] = this.#known.keys()
    if (this.#known.size > maxRemembered && oldest !== undefined) this.#known.delete(oldest)
  }
}

/** A list shows what it can: without its store a tag still has a name and a size. */
async function read(
  ground: Pick<ActionGround, 'db' | 'stores'>,
  repositoryId: string,
  ref: ConfigRef,
): Promise<ConfigPlatform | undefined> {
  try {
    const config = readImageConfig(await readConfigBlob(ground, repositoryId, ref), [])
    const { os, architecture, variant } = config
    return os === null || architecture === null ? undefined : { os, architecture, variant }
  } catch (error) {
    if (error instanceof StorageError) return undefined
    throw error
  }
}
