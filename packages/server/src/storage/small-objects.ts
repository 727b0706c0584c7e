// The bytes of small objects that were read before. A key is never used twice and its bytes never change, so nothing
// here can be out of date; whether somebody may have them, and whether they are still named, is asked of the rows
// first, each time.

/** Configs, and layers of nothing but a file or two. */
export const maxSmallObjectBytes = 16 * 1024
/** Of all that are kept, in one process. */
const maxKeptBytes = 4 * 1024 * 1024

export class SmallObjects {
  /** A Map keeps insertion order; what is used is inserted anew, so the first was used longest ago. */
  readonly #kept = new Map<string, Uint8Array>()
  #keptBytes = 0

  get(backendId: string, key: string): Uint8Array | undefined {
    const name = nameOf(backendId, key)
    const bytes = this.#kept.get(name)
    if (bytes) {
      this.#kept.delete(name)
      this.#kept.set(name, bytes)
    }
    return bytes
  }

  /** `bytes` belong to the cache from now on; larger ones than `maxSmallObjectBytes` are not kept. */
  put(backendId: string, key: string, bytes: Uint8Array): void {
    const name = nameOf(backendId, key)
    if (bytes.byteLength > maxSmallObjectBytes || this.#kept.has(name)) return
    this.#kept.set(name, bytes)
    this.#keptBytes += bytes.byteLength
    for (const [oldest, { byteLength }] of this.#kept) {
      if (this.#keptBytes <= maxKeptBytes) return
      this.#kept.delete(oldest)
      this.#keptBytes -= byteLength
    }
  }
}

function nameOf(backendId: string, key: string): string {
  return `${backendId} ${key}`
}
