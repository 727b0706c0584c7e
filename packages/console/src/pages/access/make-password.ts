// A password that the browser makes: of every kind of character that rules may ask for, none of those that look alike.

const kinds = [
  'ABCDEFGHJKLMNPQRSTUVWXYZ',
  'abcdefghijkmnopqrstuvwxyz',
  '23456789',
  '-_.+=@%',
] as const
const madeChars = 24

export function makePassword(): string {
  const all = kinds.join('')
  const chars = Array.from({ length: madeChars }, (_, at) => draw(kinds[at] ?? all))
  // The first four are of known kinds: no place tells which.
  for (let at = chars.length - 1; at > 0; at -= 1) {
    const to = below(at + 1)
    const [a = '', b = ''] = [chars[at], chars[to]]
    chars[at] = b
    chars[to] = a
  }
  return chars.join('')
}

const draw = (from: string): string => from.charAt(below(from.length))

const words = 2 ** 32

/** Evenly, from 0 up to and without `end`. */
function below(end: number): number {
  const limit = words - (words % end)
  const drawn = new Uint32Array(1)
  do crypto.getRandomValues(drawn)
  while ((drawn[0] ?? words) >= limit)
  return (drawn[0] ?? 0) % end
}
