// What the claims of a token must say. Pure; asked for logins to the console and for tokens of CI.

export type Claims = Readonly<Record<string, unknown>>

export interface ClaimCondition {
  /** A claim's name; `a.b`: `b` within `a`, where no claim has that whole name. */
  readonly claim: string
  readonly operator: 'equal' | 'like' | 'contains'
  /** Any of these. */
  readonly values: readonly string[]
}

export function allHold(conditions: readonly ClaimCondition[], claims: Claims): boolean {
  return conditions.every((condition) => holds(condition, claims))
}

function holds({ claim, operator, values }: ClaimCondition, claims: Claims): boolean {
  const found = claimOf(claims, claim)
  if (operator === 'contains') {
    const items = Array.isArray(found) ? found.map(textOf) : []
    return values.some((value) => items.includes(value))
  }
  const text = textOf(found)
  if (text === undefined) return false
  return values.some((value) => (operator === 'like' ? matchesLike(value, text) : value === text))
}

/** Names with dots in them, such as URLs, are whole names first. */
export function claimOf(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path]
  let found: unknown = claims
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined
    found = (found as Claims)[name]
  }
  return found
}

/** Undefined for what has no one text: lists and objects. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** `*`: any characters, also none; `?`: one. In time that grows with the product of both lengths at most. */
export function matchesLike(pattern: string, text: string): boolean {
  let [at, place] = [0, 0]
  // Where the last star stands, and what it has swallowed so far.
  let [star, swallowed] = [-1, 0]
  while (at < text.length) {
    if (pattern[place] === '*') {
      star = place
      swallowed = at
      place += 1
    } else if (place < pattern.length && (pattern[place] === '?' || pattern[place] === text[at])) {
      at += 1
      place += 1
    } else if (star !== -1) {
      swallowed += 1
      at = swallowed
      place = star + 1
    } else return false
  }
  while (pattern[place] === '*') place += 1
  return place === pattern.length
}
