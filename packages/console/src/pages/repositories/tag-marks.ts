// Tags of one digest carry the same mark: a letter, in the order in which the digests are met.

export interface MarkedTag {
  readonly Digest: string
  readonly SameDigestCount: number
}

const letters = 26
const firstLetter = 65

/** Of digests that have several tags. */
export function markDigests(tags: readonly MarkedTag[]): ReadonlyMap<string, string> {
  const marks = new Map<string, string>()
  for (const { Digest, SameDigestCount } of tags) {
    if (SameDigestCount > 0 && !marks.has(Digest)) marks.set(Digest, markOf(marks.size))
  }
  return marks
}

/** A … Z, AA … */
function markOf(index: number): string {
  const last = String.fromCharCode(firstLetter + (index % letters))
  return index < letters ? last : markOf(Math.floor(index / letters) - 1) + last
}
