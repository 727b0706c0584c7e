// What a clean-up takes, counted for each instance: people are shown what was theirs.

/** In the order in which things go. */
export const kinds = [
  'referrers',
  'manifests',
  'links',
  'blobs',
  'uploads',
  'objects',
  'orphans',
] as const

export type Kind = (typeof kinds)[number]

/** What went, or would go. */
export type Counts = Readonly<Record<Kind, number>> & {
  /** Of manifests and blobs that went: what is free once their objects are deleted. */
  readonly bytes: number
}

export const nothing: Counts = {
  referrers: 0,
  manifests: 0,
  links: 0,
  blobs: 0,
  uploads: 0,
  objects: 0,
  orphans: 0,
  bytes: 0,
}

export class Tally {
  readonly #byInstance = new Map<string, Record<keyof Counts, number>>()

  add(instanceId: string, kind: Kind, count: number, bytes = 0): void {
    const counts = this.#byInstance.get(instanceId) ?? { ...nothing }
    counts[kind] += count
    counts.bytes += bytes
    this.#byInstance.set(instanceId, counts)
  }

  of(instanceId: string): Counts {
    return this.#byInstance.get(instanceId) ?? nothing
  }

  get instances(): readonly (readonly [string, Counts])[] {
    return [...this.#byInstance]
  }

  get total(): Counts {
    const total = { ...nothing } as Record<keyof Counts, number>
    for (const counts of this.#byInstance.values()) {
      for (const kind of [...kinds, 'bytes'] as const) total[kind] += counts[kind]
    }
    return total
  }
}
