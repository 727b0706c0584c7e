// Patterns over repositories and tags, as rules of retention, immutability, sync and webhooks have them: `*` within a path
// segment, `**` for whole segments, also none; `?` for one character but `/`; `{a, b}` for either. A leading `/` and blanks
// after commas mean nothing, an empty pattern is all; everything else is literal. The product's documents give the seven
// examples of the test; glob libraries fail four of them.
//
// A pattern becomes a machine of states, all of which are followed at once: the time is that of the name's length times
// the pattern's, whatever either holds.

export type PatternToken = Token

type Token =
  | { readonly kind: 'literal'; readonly char: string }
  /** `?`: any character but `/`. */
  | { readonly kind: 'one' }
  /** `*`: any characters but `/`. */
  | { readonly kind: 'star' }
  /** `**`: any characters. */
  | { readonly kind: 'rest' }
  | { readonly kind: 'either'; readonly branches: readonly (readonly Token[])[] }

const rest: Token = { kind: 'rest' }
const slash: Token = { kind: 'literal', char: '/' }
const optional = (...tokens: readonly Token[]): Token => ({
  kind: 'either',
  branches: [[], tokens],
})

/** True of names that the pattern matches as a whole. */
export type NameTest = (name: string) => boolean

export function compilePattern(pattern: string): NameTest {
  const machine = new Machine()
  const start = machine.add(patternTokens(pattern), accepted)
  return (name) => machine.accepts(start, name)
}

/** What the pattern is made of, in order; for who says the same in another language. */
export function patternTokens(pattern: string): readonly PatternToken[] {
  const text = pattern.trim().replace(/^\//, '')
  return tokensOf(text === '' ? '**' : text, true, true)
}

/** Whether the pattern names anything, or is made of wildcards alone. */
export function isAllPattern(pattern: string): boolean {
  return !/[^*?{},/\s]/.test(pattern)
}

/** `startsSegment`, `endsSegment`: what stands before and after is `/` or nothing. */
function tokensOf(text: string, startsSegment: boolean, endsSegment: boolean): Token[] {
  // Twice in a row it means no more than once.
  const segments = splitOutside(text, '/').filter(
    (segment, at, all) => segment !== '**' || all[at - 1] !== '**',
  )
  const last = segments.length - 1
  return segments.flatMap((segment, at) => {
    const isWhole = (at > 0 || startsSegment) && (at < last || endsSegment)
    if (segment === '**' && isWhole) {
      if (at < last) return [optional(rest, slash)]
      // The slash before it belongs to what may be missing.
      return [at === 0 ? rest : optional(slash, rest)]
    }
    const isBeforeRest = at === last - 1 && segments[last] === '**' && endsSegment
    const isFollowed = at < last && !isBeforeRest
    const inner = segmentTokens(segment, at > 0 || startsSegment, at < last || endsSegment)
    return isFollowed ? [...inner, slash] : inner
  })
}

function segmentTokens(segment: string, startsSegment: boolean, endsSegment: boolean): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < segment.length; at += 1) {
    const char = segment[at] ?? ''
    const end = char === '{' ? closingBrace(segment, at) : -1
    if (end !== -1) {
      const branches = splitOutside(segment.slice(at + 1, end), ',')
      const [starts, ends] = [startsSegment && at === 0, endsSegment && end === segment.length - 1]
      const either = branches.map((branch) => tokensOf(branch.trimStart(), starts, ends))
      tokens.push({ kind: 'either', branches: either })
      at = end
    } else if (char === '*') {
      if (tokens.at(-1)?.kind !== 'star') tokens.push({ kind: 'star' })
    } else tokens.push(char === '?' ? { kind: 'one' } : { kind: 'literal', char })
  }
  return tokens
}

/** Where the brace at `start` closes; -1: it doesn't, and is literal. */
function closingBrace(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1
    else if (text[at] === '}') depth -= 1
    if (depth === 0) return at
  }
  return -1
}

/** Divides at `by` where no brace is open. */
function splitOutside(text: string, by: string): string[] {
  const parts = ['']
  for (let at = 0; at < text.length; at += 1) {
    const end = text[at] === '{' ? closingBrace(text, at) : -1
    const piece = end === -1 ? (text[at] ?? '') : text.slice(at, end + 1)
    if (end !== -1) at = end
    if (piece === by) parts.push('')
    else parts[parts.length - 1] += piece
  }
  return parts
}

/** State number 0: the name has been matched. */
const accepted = 0

type State =
  | { readonly kind: 'step'; readonly takes: (char: string) => boolean; readonly next: number }
  /** Takes any that it may, and stays. */
  | { readonly kind: 'loop'; readonly takes: (char: string) => boolean; readonly next: number }
  | { readonly kind: 'fork'; readonly next: readonly number[] }

const notSlash = (char: string): boolean => char !== '/'
const anything = (): boolean => true

class Machine {
  readonly #states: State[] = [{ kind: 'fork', next: [] }]

  /** The state that the tokens begin in, when `next` follows them. */
  add(tokens: readonly Token[], next: number): number {
    return tokens.reduceRight((after, token) => this.#addToken(token, after), next)
  }

  #addToken(token: Token, next: number): number {
    switch (token.kind) {
      case 'literal':
        return this.#push({ kind: 'step', takes: (char) => char === token.char, next })
      case 'one':
        return this.#push({ kind: 'step', takes: notSlash, next })
      case 'star':
        return this.#push({ kind: 'loop', takes: notSlash, next })
      case 'rest':
        return this.#push({ kind: 'loop', takes: anything, next })
      case 'either': {
        const branches = token.branches.map((branch) => this.add(branch, next))
        return this.#push({ kind: 'fork', next: branches })
      }
    }
  }

  #push(state: State): number {
    return this.#states.push(state) - 1
  }

  accepts(start: number, name: string): boolean {
    let current = this.#reached([start])
    for (const char of name) {
      const taken: number[] = []
      for (const at of current) {
        const state = this.#states[at]
        if (!state || state.kind === 'fork' || !state.takes(char)) continue
        taken.push(state.kind === 'loop' ? at : state.next)
      }
      if (taken.length === 0) return false
      current = this.#reached(taken)
    }
    return current.has(accepted)
  }

  /** With all that is reached without a character. */
  #reached(starts: readonly number[]): ReadonlySet<number> {
    const reached = new Set<number>()
    const open = [...starts]
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (reached.has(at)) continue
      reached.add(at)
      const state = this.#states[at]
      if (state?.kind === 'fork') open.push(...state.next)
      else if (state?.kind === 'loop') open.push(state.next)
    }
    return reached
  }
}
