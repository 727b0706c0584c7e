// What a key may look like: safe as a path on every file system (also those that fold case) and as a name in
// every object store, so a driver uses it as it is. A key that breaks the rule is our own mistake.

const segment = /^[a-z0-9][a-z0-9._-]*$/
const maxKeyLength = 160
const maxSegments = 10
const fencePattern = /^[A-Za-z0-9_-]{1,64}$/

export function assertKey(key: string): void {
  const segments = key.split('/')
  if (key.length <= maxKeyLength && segments.length <= maxSegments) {
    if (segments.every((text) => segment.test(text))) return
  }
  throw new TypeError(`not a storage key: ${JSON.stringify(key.slice(0, maxKeyLength))}`)
}

/** A prefix is the beginning of a key: it may end in the middle of a segment, or be empty. */
export function assertPrefix(prefix: string): void {
  if (prefix !== '') assertKey(prefix.endsWith('/') ? `${prefix}0` : prefix)
}

export function assertFence(fence: string): void {
  if (!fencePattern.test(fence)) throw new TypeError('not a fence of an upload')
}
