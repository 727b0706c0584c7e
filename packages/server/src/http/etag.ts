// Entity tags. Content is addressed by digest, so the digest is the tag, and it is a strong one.

export function formatEtag(digest: string): string {
  return `"${digest}"`
}

const tagPattern = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/

/** If-None-Match (RFC 9110 §13.1.2): true when the client holds `etag`, so that the answer is 304. */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  let rest = header.trim()
  if (rest === '*') return true
  // A quoted tag may hold commas, so the list is eaten from the left. What is malformed ends it.
  while (rest !== '') {
    const tag = tagPattern.exec(rest)?.[0]
    // Seen from proxies and scripts: the tag without its quotes.
    if (tag === undefined) return rest === etag.slice(1, -1)
    if (tag === etag || tag === `W/${etag}`) return true
    rest = rest.slice(tag.length).replace(/^[\s,]+/, '')
  }
  return false
}
