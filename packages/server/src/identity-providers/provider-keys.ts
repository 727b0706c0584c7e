// The public keys of providers, kept fresh: fetched anew by age, and when a token names a key that is not known. While
// the provider does not answer, the last known keys go on for a day; what it rotates meanwhile is learnt afterwards.
// Keys that were given by hand are never fetched.

import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { OutboundGuard } from '../http/outbound.ts'
import { RecentlyUsed } from '../memory/recently-used.ts'
import { fetchKeys, fetchMetadata, ProviderProblem } from './metadata.ts'
import {
  type Fetched,
  findProviderById,
  keepFailure,
  keepFetched,
  type Provider,
} from './providers.ts'

export const keysFreshMs = 3_600_000
/** Since they were last fetched: a provider that is away for longer speaks for nobody. */
export const keysKeptMs = 24 * 3_600_000
/** Between two fetches of one provider by one process: tokens with invented keys must not make us a hammer. */
export const refetchRestMs = 30_000
const maxRemembered = 256 * 1024

export interface ProviderKeysGround {
  readonly db: Database
  readonly clock: Clock
  readonly outbound: OutboundGuard
}

export class ProviderKeys {
  readonly #ground: ProviderKeysGround
  /** When this process last asked, by provider. */
  readonly #asked = new RecentlyUsed<number>(maxRemembered)
  readonly #running = new Map<string, Promise<Provider>>()

  constructor(ground: ProviderKeysGround) {
    this.#ground = ground
  }

  /** With keys, and what it says of itself, that are not old; older ones where it does not answer. */
  async fresh(provider: Provider): Promise<Provider> {
    const { keysFetchedAt } = provider
    const isFresh = keysFetchedAt !== null && this.#ground.clock.now() < keysFetchedAt + keysFreshMs
    if (isFresh && provider.metadata) return provider
    const needsNone = !provider.rotatesKeys && !provider.isForConsole
    return needsNone || (isFresh && !provider.isForConsole) ? provider : this.again(provider)
  }

  /** Fetched anew, unless that was tried a moment ago. Never throws for what the provider does. */
  again(provider: Provider): Promise<Provider> {
    const running = this.#running.get(provider.id)
    if (running) return running
    const started = this.#again(provider).finally(() => this.#running.delete(provider.id))
    this.#running.set(provider.id, started)
    return started
  }

  /** Whether they may still be believed. */
  areUsable({ rotatesKeys, keysFetchedAt, updatedAt }: Provider): boolean {
    // Tencent's form brings the first ones by hand.
    return !rotatesKeys || this.#ground.clock.now() < (keysFetchedAt ?? updatedAt) + keysKeptMs
  }

  /** For a provider that is being set up. Throws `ProviderProblem`. */
  async fetch(issuer: string): Promise<Fetched> {
    const { outbound, clock } = this.#ground
    const metadata = await fetchMetadata(outbound, issuer)
    return { metadata, keys: await fetchKeys(outbound, metadata.keysAddress), at: clock.now() }
  }

  async #again(provider: Provider): Promise<Provider> {
    const { db, clock } = this.#ground
    // Another process may have fetched them since.
    const present = (await findProviderById(db.read, provider.id)) ?? provider
    if (present.keysFetchedAt !== provider.keysFetchedAt) return present
    const asked = this.#asked.get(provider.id)
    const now = clock.monotonicMs()
    if (asked !== undefined && now - asked < refetchRestMs) return present
    this.#asked.set(provider.id, now)
    try {
      const fetched = await this.#fetchFor(present)
      await db.write((tx) => keepFetched(tx, present, fetched))
    } catch (error) {
      if (!(error instanceof ProviderProblem)) throw error
      await db.write((tx) => keepFailure(tx, present, error.message))
    }
    return (await findProviderById(db.read, provider.id)) ?? present
  }

  /** Of one whose keys were given only what it says of itself is asked. */
  async #fetchFor(provider: Provider): Promise<Fetched> {
    if (provider.rotatesKeys) return this.fetch(provider.issuer)
    const { outbound, clock } = this.#ground
    const metadata = await fetchMetadata(outbound, provider.issuer)
    return { metadata, keys: provider.keys, at: clock.now() }
  }
}
