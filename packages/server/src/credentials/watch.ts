// Running transfers, and the credentials they run under. One timer per process asks once a second how these
// stand, and aborts what runs under one that has ended, so that a blob that is being sent ends too.
//
// A temporary credential's hour and a token's minutes are no reason to abort: what they began may be finished.

import type { Clock, Timer } from '../clock.ts'
import { freshMs } from '../memory/fresh-answers.ts'
import { type CredentialRef, credentialLabel } from './caller.ts'
import { refusalOf } from './refusal.ts'
import { endOf, type Standings } from './standing.ts'

/** Questions to the database at the same time. */
const maxParallelReads = 8

interface Watched {
  readonly credential: CredentialRef
  readonly controllers: Set<AbortController>
}

export class CredentialWatch {
  readonly #standings: Standings
  readonly #clock: Clock
  readonly #watched = new Map<string, Watched>()
  #timer: Timer | undefined
  #checking: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(standings: Standings, clock: Clock) {
    this.#standings = standings
    this.#clock = clock
  }

  /** Call what it returns when the transfer is over. */
  add(credential: CredentialRef, controller: AbortController): () => void {
    const key = watchKey(credential)
    const watched = this.#watched.get(key) ?? { credential, controllers: new Set() }
    watched.controllers.add(controller)
    this.#watched.set(key, watched)
    this.#arm()
    return () => {
      watched.controllers.delete(controller)
      if (watched.controllers.size === 0 && this.#watched.get(key) === watched) {
        this.#watched.delete(key)
      }
    }
  }

  /** Resolves when the check that is running is done. */
  idle(): Promise<void> {
    return this.#checking
  }

  close(): void {
    this.#isClosed = true
    this.#timer?.cancel()
  }

  #arm(): void {
    if (this.#timer || this.#isClosed || this.#watched.size === 0) return
    this.#timer = this.#clock.setTimer(freshMs, () => {
      this.#checking = this.#check().finally(() => {
        this.#timer = undefined
        this.#arm()
      })
    })
  }

  async #check(): Promise<void> {
    const all = [...this.#watched.values()]
    for (let start = 0; start < all.length; start += maxParallelReads) {
      const some = all.slice(start, start + maxParallelReads)
      await Promise.all(some.map((watched) => this.#checkOne(watched)))
    }
  }

  async #checkOne({ credential, controllers }: Watched): Promise<void> {
    let ended: ReturnType<typeof endOf>
    try {
      ended = endOf(credential, await this.#standings.read(credential))
    } catch {
      // The database does not answer: nothing is known against the credential, and the next second asks again.
      return
    }
    if (ended === undefined) return
    const reason = refusalOf(ended)
    for (const controller of controllers) controller.abort(reason)
  }
}

/** With its versions: a transfer under an earlier one must end while one under the present goes on. */
function watchKey(credential: CredentialRef): string {
  const label = credentialLabel(credential)
  switch (credential.kind) {
    case 'long-term':
    case 'personal':
    case 'exchanged':
      return `${label}:${credential.version}:${credential.personVersion}`
    case 'temporary':
      return `${label}:${credential.personVersion}`
    case 'service-account':
      return `${label}:${credential.version}`
  }
}
