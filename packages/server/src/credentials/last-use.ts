// When credentials were last used, to the hour. A use is noted in memory; what is new is written together after some
// seconds, by whichever process saw it first within an hour. A crash forgets some seconds of it, which the next use
// brings back.

import type { Clock } from '../clock.ts'
import type { Database, Tx } from '../db/database.ts'
import { prepare, run } from '../db/prepared.ts'
import { WriteBehind } from '../db/write-behind.ts'
import type { Log } from '../log.ts'
import { RecentlyUsed } from '../memory/recently-used.ts'
import { type CredentialRef, credentialLabel } from './caller.ts'

const restMs = 3_600_000
const writeAfterMs = 10_000
/** While the database is away; further uses are noted when they come again. */
const maxWaiting = 10_000
const usesPerTransaction = 200
/** About ten thousand credentials. */
const maxRemembered = 8 * 1024 * 1024

interface Use {
  readonly credential: CredentialRef
  readonly address: string | null
}

interface Written {
  readonly id: string
  readonly at: number
  readonly address: string | null
  /** Whoever wrote after this was another process, for the same hour. */
  readonly before: number
}

const useLongTerm = prepare<Written>()((db, p) =>
  db
    .updateTable('user_credentials')
    .set({ last_used_at: p('at'), last_used_address: p('address') })
    .where('id', '=', p('id'))
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', p('before'))])),
)

const useServiceAccount = prepare<Written>()((db, p) =>
  db
    .updateTable('service_accounts')
    .set({ last_used_at: p('at'), last_used_address: p('address') })
    .where('id', '=', p('id'))
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', p('before'))])),
)

export interface LastUsesGround {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
}

export class LastUses {
  readonly #ground: LastUsesGround
  /** When a use was last noted here, by label. */
  readonly #noted = new RecentlyUsed<number>(maxRemembered)
  readonly #waiting = new Map<string, Use>()
  readonly #behind: WriteBehind

  constructor(ground: LastUsesGround) {
    this.#ground = ground
    const warn = (error: unknown) =>
      ground.log.warn('when credentials were last used waits for the database', { error })
    this.#behind = new WriteBehind({
      clock: ground.clock,
      afterMs: writeAfterMs,
      stopAttempts: 1,
      isEmpty: () => this.#waiting.size === 0,
      write: () => this.#writeAll(),
      onDelay: warn,
      onStopFailure: warn,
    })
  }

  note(credential: CredentialRef, label: string, address: string | null): void {
    // Nothing shows when these were used.
    if (credential.kind !== 'long-term' && credential.kind !== 'service-account') return
    const nowMs = this.#ground.clock.monotonicMs()
    const notedMs = this.#noted.get(label)
    if (notedMs !== undefined && nowMs - notedMs < restMs) return
    if (this.#waiting.size >= maxWaiting) return
    this.#noted.set(label, nowMs)
    this.#waiting.set(label, { credential, address })
    this.#behind.arm()
  }

  /** Throws when the database can't; what was not written stays. */
  write(): Promise<void> {
    return this.#behind.flush()
  }

  /** Called when nobody logs in any more. */
  stop(): Promise<void> {
    return this.#behind.stop()
  }

  async #writeAll(): Promise<void> {
    const { db, clock } = this.#ground
    while (this.#waiting.size > 0) {
      const uses = [...this.#waiting.values()].slice(0, usesPerTransaction)
      await db.write(async (tx) => writeUses(tx, uses, await clock.deployment(tx)))
      for (const { credential } of uses) this.#waiting.delete(credentialLabel(credential))
    }
  }
}

async function writeUses(tx: Tx, uses: readonly Use[], at: number): Promise<void> {
  // In one order, so that two processes that write some of the same rows don't wait for each other.
  const sorted = uses.toSorted((a, b) => (a.credential.id < b.credential.id ? -1 : 1))
  for (const { credential, address } of sorted) {
    const query = credential.kind === 'service-account' ? useServiceAccount : useLongTerm
    await run(tx, query, { id: credential.id, at, address, before: at - restMs })
  }
}
