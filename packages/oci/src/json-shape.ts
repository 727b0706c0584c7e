// What JSON.parse does not tell: how deep a document nests, and whether an object has one key twice.
// Both come from one pass over the bytes.

export interface JsonShape {
  readonly depth: number
  /** How many `key: value` pairs the text has; of valid JSON only. */
  readonly members: number
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** Stops at the first level below `maxDepth`, so its work is bounded by the bytes alone. */
export function measureJson(bytes: Uint8Array, maxDepth: number): JsonShape {
  let depth = 0
  let deepest = 0
  let members = 0
  let inString = false
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (inString) {
      if (byte === backslash) at += 1
      else if (byte === quote) inString = false
      continue
    }
    if (byte === quote) inString = true
    else if (byte === colon) members += 1
    else if (byte === openBrace || byte === openBracket) {
      depth += 1
      if (depth > deepest) deepest = depth
      if (depth > maxDepth) break
    } else if (byte === closeBrace || byte === closeBracket) depth -= 1
  }
  return { depth: deepest, members }
}

/** Members of a parsed value; less than `measureJson` counted when a key was repeated. */
export function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const children = Object.values(value)
  let count = Array.isArray(value) ? 0 : children.length
  for (const child of children) count += countMembers(child)
  return count
}
