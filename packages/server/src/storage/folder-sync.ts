// Names become durable by fsync of the folder that holds them. Those who wait for one folder share an fsync:
// one that begins after a name was made covers it. A failed fsync fails everyone it covers and is never
// repeated for them.

import { dirname } from 'node:path'
import { disk } from './disk.ts'

interface Turn {
  running: Promise<void>
  next: Promise<void> | undefined
}

/** How many folders are remembered as durable; after that they are synced once more. */
const maxKnownFolders = 4096

export class FolderSync {
  readonly #turns = new Map<string, Turn>()
  readonly #known = new Set<string>()

  /** Resolves when every name made in `folder` before the call survives power loss. */
  sync(folder: string): Promise<void> {
    const turn = this.#turns.get(folder)
    if (!turn) return this.#start(folder)
    turn.next ??= turn.running.then(
      () => this.#start(folder),
      () => this.#start(folder),
    )
    return turn.next
  }

  #start(folder: string): Promise<void> {
    const running = syncFolder(folder).finally(() => {
      const turn = this.#turns.get(folder)
      if (turn?.running === running && !turn.next) this.#turns.delete(folder)
    })
    this.#turns.set(folder, { running, next: undefined })
    return running
  }

  /**
   * Makes the folder and those above it, each name durable. A folder that exists is synced once too: another
   * process may have made it and not yet got that far.
   */
  async make(folder: string): Promise<void> {
    if (this.#known.has(folder)) return
    const parent = dirname(folder)
    try {
      await disk.mkdir(folder)
    } catch (error) {
      // Not ENOTDIR, which is a fault of the same kind: a file in the way stays there.
      if (hasCode(error, 'ENOENT')) {
        this.#known.delete(parent)
        await this.make(parent)
        return this.make(folder)
      }
      if (!hasCode(error, 'EEXIST')) throw error
    }
    await this.sync(parent)
    if (this.#known.size >= maxKnownFolders) this.#known.clear()
    this.#known.add(folder)
  }

  /** Somebody removed the folder by hand. */
  forget(folder: string): void {
    this.#known.delete(folder)
  }
}

function hasCode(error: unknown, code: string): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return (cause as NodeJS.ErrnoException | undefined)?.code === code
}

async function syncFolder(folder: string): Promise<void> {
  const fd = await disk.open(folder, 'r')
  try {
    await disk.fsync(fd)
  } finally {
    await disk.close(fd)
  }
}
