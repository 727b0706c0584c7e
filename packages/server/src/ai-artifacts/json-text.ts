// Texts out of JSON that a stranger wrote.

/** What the API shows of one such text. */
const maxTextChars = 1024

/** The first of the paths at which a text or a number stands; '' where none does, or where it is no JSON. */
export function textAt(json: string, paths: readonly (readonly string[])[]): string {
  const document = parse(json)
  for (const path of paths) {
    const value = path.reduce<unknown>(memberOf, document)
    if (typeof value === 'string' && value !== '') return value.slice(0, maxTextChars)
    if (typeof value === 'number') return String(value)
  }
  return ''
}

/** Texts of a list, as JSON or divided by commas. */
export function textList(text: string, maxItems: number): readonly string[] {
  const parsed = parse(text)
  const list = Array.isArray(parsed) ? parsed : text.split(',')
  return list
    .filter((item): item is string => typeof item === 'string')
    .map((item) => item.trim().slice(0, maxTextChars))
    .filter((item) => item !== '')
    .slice(0, maxItems)
}

/** The list that stands at a path, as JSON; '' where there is none. */
export function listAt(json: string, path: readonly string[]): string {
  const value = path.reduce<unknown>(memberOf, parse(json))
  return Array.isArray(value) ? JSON.stringify(value) : ''
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Readonly<Record<string, unknown>>)[key]
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Whoever pushed it may call anything a config.
    return undefined
  }
}
