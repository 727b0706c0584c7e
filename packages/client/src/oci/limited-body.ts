// Answers that are read whole have a limit: whoever answers is not always who was meant.

/** Undefined: there are more bytes; the rest is left unread. */
export async function readLimited(
  { body }: Pick<Response, 'body'>,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Undefined: it is no JSON, or too long. */
export async function readJson(response: Response, maxBytes: number): Promise<unknown> {
  const bytes = await readLimited(response, maxBytes)
  if (!bytes) return undefined
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    // An error page, as a rule; the caller says what was expected.
    return undefined
  }
}

/** The members of what should be an object. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
