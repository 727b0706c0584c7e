// Text in which `*` stands for any characters, `/` too, also for none. Everything else is itself. No pattern
// is tried twice on the same character, so a long one costs no more than its length times the text's.

export interface Wildcard {
  /** Without doubled stars. */
  readonly text: string
  /** What stands between the stars: one piece means that there is no star. */
  readonly pieces: readonly string[]
}

export function parseWildcard(written: string): Wildcard {
  const text = written.includes('**') ? written.replaceAll(/\*+/g, '*') : written
  return { text, pieces: text.includes('*') ? text.split('*') : [text] }
}

export function hasStar(wildcard: Wildcard): boolean {
  return wildcard.pieces.length > 1
}

/**
 * Whether the text is one of those that are meant. A star in the text is met only by a star, so for a text that is
 * itself a pattern it tells whether all that the text means is meant.
 */
export function matchesWildcard({ pieces }: Wildcard, text: string): boolean {
  const [first = ''] = pieces
  const lastAt = pieces.length - 1
  if (lastAt === 0) return text === first
  const last = pieces[lastAt] ?? ''
  if (text.length < first.length + last.length) return false
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  // The earliest place of each piece leaves most room for the next.
  let at = first.length
  const end = text.length - last.length
  for (let n = 1; n < lastAt; n += 1) {
    const piece = pieces[n] ?? ''
    const found = text.indexOf(piece, at)
    if (found === -1 || found + piece.length > end) return false
    at = found + piece.length
  }
  return true
}

/** Whether some text is meant by both. */
export function overlaps(one: Wildcard, other: Wildcard): boolean {
  if (!hasStar(one)) return matchesWildcard(other, one.text)
  if (!hasStar(other)) return matchesWildcard(one, other.text)
  const [head = ''] = one.pieces
  const [otherHead = ''] = other.pieces
  if (!head.startsWith(otherHead) && !otherHead.startsWith(head)) return false
  const [tail, otherTail] = [one.pieces.at(-1) ?? '', other.pieces.at(-1) ?? '']
  // Both have a star, so between a head and a tail that agree there is room for anything.
  return tail.endsWith(otherTail) || otherTail.endsWith(tail)
}

/**
 * The patterns of what may follow `beginning`: `a*c` after `ab` leaves `*c`, after `a` too, after `b` nothing.
 * Several, where a star can end at several places.
 */
export function restsAfter({ text, pieces: [head = ''] }: Wildcard, beginning: string): string[] {
  // Without a star on the way there is one place to go on from, or none.
  if (head.length >= beginning.length || head === text) {
    return text.startsWith(beginning) ? [text.slice(beginning.length)] : []
  }
  if (!beginning.startsWith(head)) return []
  let places = afterStars(text, [0])
  for (const char of beginning) {
    const next: number[] = []
    for (const place of places) {
      const expected = text[place]
      if (expected === '*') next.push(place)
      else if (expected === char) next.push(place + 1)
    }
    places = afterStars(text, next)
  }
  // What follows a star contains all that the places before that star leave.
  const lastStar = Math.max(-1, ...places.filter((place) => text[place] === '*'))
  return places
    .filter((place) => place >= lastStar && !(place === lastStar + 1 && lastStar !== -1))
    .map((place) => text.slice(place))
}

/** The places, and behind each star on one of them the next; each once. */
function afterStars(text: string, places: readonly number[]): number[] {
  const found = new Set<number>()
  for (const place of places) {
    found.add(place)
    if (text[place] === '*') found.add(place + 1)
  }
  return [...found]
}
