// A trigger's condition is a regular expression over `<repository>:<tag>`; people write patterns for the repository and
// for the tag. `conditionOf` makes the one from the others, and `patternsOf` finds them again in what it made: an
// expression that no patterns make has none.

import { type PatternToken, patternTokens } from './pattern.ts'

export interface TriggerPatterns {
  /** Of repositories within the namespace; empty: all. */
  readonly repository: string
  /** Empty: all. */
  readonly tag: string
}

export const everyCondition = '.*'

export function conditionOf({ repository, tag }: TriggerPatterns): string {
  const [ofRepository, ofTag] = [expressionOf(repository), expressionOf(tag)]
  if (ofRepository === any && ofTag === any) return everyCondition
  return `^${ofRepository}:${ofTag}$`
}

/** Undefined: it says what patterns can't. */
export function patternsOf(condition: string): TriggerPatterns | undefined {
  if (condition === everyCondition) return { repository: '', tag: '' }
  const reader = new Reader(condition)
  if (!reader.take('^')) return undefined
  const repository = reader.pattern(':')
  if (repository === undefined || !reader.take(':')) return undefined
  const tag = reader.pattern('$')
  if (tag === undefined || !reader.take('$') || !reader.isAtEnd) return undefined
  const patterns = { repository: shortened(repository), tag: shortened(tag) }
  return conditionOf(patterns) === condition ? patterns : undefined
}

const any = '.*'
const special = /[\\^$.|?*+()[\]{}]/
/** What a pattern has a meaning for, so that it can't say it literally. */
const patternSpecial = /[*?{},\s]/

function shortened(pattern: string): string {
  return pattern === '**' ? '' : pattern
}

function expressionOf(pattern: string): string {
  return patternTokens(pattern).map(tokenExpression).join('')
}

function tokenExpression(token: PatternToken): string {
  switch (token.kind) {
    case 'literal':
      return special.test(token.char) ? `\\${token.char}` : token.char
    case 'one':
      return '[^/]'
    case 'star':
      return '[^/]*'
    case 'rest':
      return any
    case 'either': {
      const branches = token.branches.map((branch) => branch.map(tokenExpression).join(''))
      return `(?:${branches.join('|')})`
    }
  }
}

/** Reads what `expressionOf` writes, back to a pattern. */
class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length
  }

  take(piece: string): boolean {
    if (!this.#text.startsWith(piece, this.#at)) return false
    this.#at += piece.length
    return true
  }

  /** Up to `end`, which is not taken. */
  pattern(...ends: readonly string[]): string | undefined {
    let pattern = ''
    while (!this.isAtEnd && !ends.some((end) => this.#text.startsWith(end, this.#at))) {
      const piece = this.#piece()
      if (piece === undefined) return undefined
      pattern += piece
    }
    return pattern
  }

  #piece(): string | undefined {
    if (this.take('[^/]*')) return '*'
    if (this.take('[^/]')) return '?'
    if (this.take('(?:|.*/)')) return '**/'
    if (this.take('(?:|/.*)')) return '/**'
    if (this.take(any)) return '**'
    if (this.take('(?:')) return this.#branches()
    const isEscaped = this.take('\\')
    const char = this.#text[this.#at]
    if (char === undefined || patternSpecial.test(char)) return undefined
    if (isEscaped !== special.test(char)) return undefined
    this.#at += 1
    return char
  }

  #branches(): string | undefined {
    const branches: string[] = []
    do {
      const branch = this.pattern('|', ')')
      if (branch === undefined) return undefined
      branches.push(branch)
    } while (this.take('|'))
    return this.take(')') ? `{${branches.join(',')}}` : undefined
  }
}
