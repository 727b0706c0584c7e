// The compiled policies of those who asked last, each policy once however many people have it. What they take is
// counted, and whoever asked longest ago is forgotten first; a policy goes with the last who has it.

import type { CompiledPolicy } from './compiled.ts'
import type { PolicySets } from './evaluate.ts'

export interface HeldPolicy {
  /** Of a version, which never changes. */
  readonly key: string
  readonly policy: CompiledPolicy
}

export interface Held {
  readonly revision: number
  readonly sets: PolicySets
  /** All that the sets are made of. */
  readonly policies: readonly HeldPolicy[]
}

/** Of a person or role, and for each policy that he has. */
const holderBytes = 500
const attachmentBytes = 100

export class HeldRights {
  readonly #maxBytes: number
  /** Who asked longest ago stands first. */
  readonly #holders = new Map<string, Held>()
  readonly #policies = new Map<string, { readonly policy: CompiledPolicy; holders: number }>()
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** At most; one holder stays even if he takes more than all may. */
  get bytes(): number {
    return this.#bytes
  }

  find(holder: string): Held | undefined {
    const held = this.#holders.get(holder)
    if (!held) return undefined
    this.#holders.delete(holder)
    this.#holders.set(holder, held)
    return held
  }

  findPolicy(key: string): CompiledPolicy | undefined {
    return this.#policies.get(key)?.policy
  }

  hold(holder: string, held: Held): void {
    // What stays is not let go in between.
    for (const one of held.policies) this.#retain(one)
    this.#forget(holder)
    this.#holders.set(holder, held)
    this.#bytes += bytesOf(held)
    for (const oldest of this.#holders.keys()) {
      if (this.#bytes <= this.#maxBytes || oldest === holder) break
      this.#forget(oldest)
    }
  }

  #forget(holder: string): void {
    const held = this.#holders.get(holder)
    if (!held) return
    this.#holders.delete(holder)
    this.#bytes -= bytesOf(held)
    for (const one of held.policies) this.#release(one)
  }

  #retain({ key, policy }: HeldPolicy): void {
    const known = this.#policies.get(key)
    if (known) {
      known.holders += 1
    } else {
      this.#policies.set(key, { policy, holders: 1 })
      this.#bytes += policy.maxBytes
    }
  }

  #release({ key }: HeldPolicy): void {
    const known = this.#policies.get(key)
    if (!known) return
    known.holders -= 1
    if (known.holders > 0) return
    this.#policies.delete(key)
    this.#bytes -= known.policy.maxBytes
  }
}

function bytesOf({ policies }: Held): number {
  return holderBytes + attachmentBytes * policies.length
}
