// What deleting some tags does: other tags of their digests stay, and so do their images, without a name.

export interface DeletableTag {
  readonly Tag: string
  readonly Digest: string
  /** A few of them. */
  readonly SameDigestTags: readonly string[]
  readonly SameDigestCount: number
  readonly ReferrerCount: number
}

export interface TagDeletion {
  /** Named as far as they are known. */
  readonly staying: readonly string[]
  readonly stayingCount: number
  /** Images that no tag names afterwards. */
  readonly untagged: number
  /** Of those: signatures, SBOMs … about them. */
  readonly referrers: number
}

export function planDeletion(tags: readonly DeletableTag[]): TagDeletion {
  const going = new Set(tags.map(({ Tag }) => Tag))
  const byDigest = Map.groupBy(tags, ({ Digest }) => Digest)
  const staying = new Set<string>()
  let stayingCount = 0
  let untagged = 0
  let referrers = 0
  for (const same of byDigest.values()) {
    const first = same[0]
    if (!first) continue
    const left = first.SameDigestCount + 1 - same.length
    if (left <= 0) {
      untagged += 1
      referrers += first.ReferrerCount
      continue
    }
    stayingCount += left
    for (const name of same.flatMap((tag) => tag.SameDigestTags)) {
      if (!going.has(name)) staying.add(name)
    }
  }
  return { staying: [...staying].sort(), stayingCount, untagged, referrers }
}
