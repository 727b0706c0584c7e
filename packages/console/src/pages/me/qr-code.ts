// A QR code (ISO/IEC 18004) of a text: byte mode, error correction level M, mask chosen by the standard's penalties.

/** Dark modules are true; rows from the top. */
export type Modules = readonly (readonly boolean[])[]

/** Of level M, by version: error correction codewords in each block, and how many blocks there are. */
const correctionWords = [
  10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
] as const
const blockCounts = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16] as const
/** The bits that stand for level M. */
const levelBits = 0

interface Layout {
  readonly version: number
  readonly size: number
  readonly blocks: number
  readonly correction: number
  /** Codewords in all: data and correction. */
  readonly words: number
}

function layoutOf(version: number): Layout {
  const aligned = version === 1 ? 0 : Math.floor(version / 7) + 2
  let modules = (16 * version + 128) * version + 64
  if (aligned > 0) modules -= (25 * aligned - 10) * aligned - 55
  if (version >= 7) modules -= 36
  return {
    version,
    size: version * 4 + 17,
    blocks: blockCounts[version - 1] ?? 0,
    correction: correctionWords[version - 1] ?? 0,
    words: Math.floor(modules / 8),
  }
}

/** Throws RangeError: more than the largest version here holds (666 bytes). */
export function encodeQr(text: string): Modules {
  const bytes = new TextEncoder().encode(text)
  const layout = blockCounts
    .map((_, at) => layoutOf(at + 1))
    .find((one) => headBits(one) + bytes.length * 8 <= dataWords(one) * 8)
  if (!layout) throw new RangeError('the text is too long for a QR code')
  const words = interleave(dataOf(bytes, layout), layout)
  const drawn = Array.from({ length: 8 }, (_, mask) => draw(words, layout, mask))
  return drawn.reduce((best, one) => (penaltyOf(one) < penaltyOf(best) ? one : best))
}

const countBits = ({ version }: Layout): number => (version < 10 ? 8 : 16)
const headBits = (layout: Layout): number => 4 + countBits(layout)
const dataWords = ({ words, blocks, correction }: Layout): number => words - blocks * correction

const byteMode = 0b0100
const pads = [0xec, 0x11] as const

function dataOf(bytes: Uint8Array, layout: Layout): readonly number[] {
  const bits: number[] = []
  const put = (value: number, length: number) => {
    for (let at = length - 1; at >= 0; at -= 1) bits.push((value >>> at) & 1)
  }
  put(byteMode, 4)
  put(bytes.length, countBits(layout))
  for (const byte of bytes) put(byte, 8)
  const capacity = dataWords(layout) * 8
  put(0, Math.min(4, capacity - bits.length))
  put(0, (8 - (bits.length % 8)) % 8)
  for (let at = 0; bits.length < capacity; at += 1) put(pads[at % 2] ?? 0, 8)
  return Array.from({ length: bits.length / 8 }, (_, at) =>
    bits.slice(at * 8, at * 8 + 8).reduce((byte, bit) => byte * 2 + bit, 0),
  )
}

/** Blocks with their correction words, read across: the first word of each, then the second. */
function interleave(data: readonly number[], layout: Layout): readonly number[] {
  const { blocks, correction, words } = layout
  const longBlocks = words % blocks
  const shortLength = Math.floor(words / blocks) - correction
  const generator = generatorOf(correction)
  const parts: { readonly data: readonly number[]; readonly check: readonly number[] }[] = []
  for (let at = 0, from = 0; at < blocks; at += 1) {
    const length = shortLength + (at < blocks - longBlocks ? 0 : 1)
    const part = data.slice(from, from + length)
    parts.push({ data: part, check: remainderOf(part, generator) })
    from += length
  }
  const across = (of: (part: (typeof parts)[number]) => readonly number[], length: number) =>
    Array.from({ length }, (_, row) => parts.map((part) => of(part)[row])).flat()
  return [
    ...across((part) => part.data, shortLength + 1),
    ...across((part) => part.check, correction),
  ].filter((word) => word !== undefined)
}

/** In the field of 256 by x^8 + x^4 + x^3 + x^2 + 1. */
function multiply(a: number, b: number): number {
  let product = 0
  for (let at = 7; at >= 0; at -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d)
    product ^= ((b >>> at) & 1) * a
  }
  return product
}

function generatorOf(degree: number): readonly number[] {
  const result: number[] = Array.from({ length: degree }, (_, at) => (at === degree - 1 ? 1 : 0))
  let root = 1
  for (let step = 0; step < degree; step += 1) {
    for (let at = 0; at < degree; at += 1) {
      result[at] = multiply(result[at] ?? 0, root) ^ (result[at + 1] ?? 0)
    }
    root = multiply(root, 2)
  }
  return result
}

function remainderOf(data: readonly number[], generator: readonly number[]): readonly number[] {
  const rest = generator.map(() => 0)
  for (const byte of data) {
    const factor = byte ^ (rest.shift() ?? 0)
    rest.push(0)
    for (const [at, word] of generator.entries())
      rest[at] = (rest[at] ?? 0) ^ multiply(word, factor)
  }
  return rest
}

/** The modules that carry no data are `fixed`. */
class Grid {
  readonly size: number
  readonly #dark: boolean[][]
  readonly #fixed: boolean[][]

  constructor(size: number) {
    this.size = size
    this.#dark = Array.from({ length: size }, () => Array<boolean>(size).fill(false))
    this.#fixed = Array.from({ length: size }, () => Array<boolean>(size).fill(false))
  }

  fix(x: number, y: number, isDark: boolean): void {
    if (x < 0 || y < 0 || x >= this.size || y >= this.size) return
    this.put(x, y, isDark)
    const row = this.#fixed[y]
    if (row) row[x] = true
  }

  put(x: number, y: number, isDark: boolean): void {
    const row = this.#dark[y]
    if (row) row[x] = isDark
  }

  isFixed(x: number, y: number): boolean {
    return this.#fixed[y]?.[x] ?? true
  }

  modules(): Modules {
    return this.#dark
  }
}

function draw(words: readonly number[], layout: Layout, mask: number): Modules {
  const grid = new Grid(layout.size)
  drawPatterns(grid, layout)
  drawFormat(grid, mask)
  if (layout.version >= 7) drawVersion(grid, layout.version)
  drawWords(grid, words, mask)
  return grid.modules()
}

function drawPatterns(grid: Grid, { version, size }: Layout): void {
  for (let at = 0; at < size; at += 1) {
    grid.fix(6, at, at % 2 === 0)
    grid.fix(at, 6, at % 2 === 0)
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const) {
    square(grid, { x, y, radius: 4 }, (ring) => ring !== 2 && ring !== 4)
  }
  const places = alignmentPlaces(version, size)
  const last = places.length - 1
  for (const [i, x] of places.entries()) {
    for (const [j, y] of places.entries()) {
      const isFinder = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)
      if (!isFinder) square(grid, { x, y, radius: 2 }, (ring) => ring !== 1)
    }
  }
}

interface Square {
  readonly x: number
  readonly y: number
  readonly radius: number
}

function square(grid: Grid, { x, y, radius }: Square, isDark: (ring: number) => boolean): void {
  for (let dy = -radius; dy <= radius; dy += 1) {
    for (let dx = -radius; dx <= radius; dx += 1) {
      grid.fix(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))))
    }
  }
}

function alignmentPlaces(version: number, size: number): readonly number[] {
  if (version === 1) return []
  const count = Math.floor(version / 7) + 2
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2
  return Array.from({ length: count }, (_, at) =>
    at === 0 ? 6 : size - 7 - (count - 1 - at) * step,
  )
}

const bitOf = (value: number, at: number): boolean => ((value >>> at) & 1) === 1

function drawFormat(grid: Grid, mask: number): void {
  const data = (levelBits << 3) | mask
  let rest = data
  for (let at = 0; at < 10; at += 1) rest = (rest << 1) ^ ((rest >>> 9) * 0x537)
  const bits = ((data << 10) | rest) ^ 0x5412
  const { size } = grid
  for (let at = 0; at <= 5; at += 1) grid.fix(8, at, bitOf(bits, at))
  grid.fix(8, 7, bitOf(bits, 6))
  grid.fix(8, 8, bitOf(bits, 7))
  grid.fix(7, 8, bitOf(bits, 8))
  for (let at = 9; at < 15; at += 1) grid.fix(14 - at, 8, bitOf(bits, at))
  for (let at = 0; at < 8; at += 1) grid.fix(size - 1 - at, 8, bitOf(bits, at))
  for (let at = 8; at < 15; at += 1) grid.fix(8, size - 15 + at, bitOf(bits, at))
  grid.fix(8, size - 8, true)
}

function drawVersion(grid: Grid, version: number): void {
  let rest = version
  for (let at = 0; at < 12; at += 1) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25)
  const bits = (version << 12) | rest
  for (let at = 0; at < 18; at += 1) {
    const a = grid.size - 11 + (at % 3)
    const b = Math.floor(at / 3)
    grid.fix(a, b, bitOf(bits, at))
    grid.fix(b, a, bitOf(bits, at))
  }
}

const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
]

/** In columns of two from the right, up and down in turn. */
function drawWords(grid: Grid, words: readonly number[], mask: number): void {
  const { size } = grid
  let at = 0
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step += 1) {
      for (const x of [right, right - 1]) {
        const isUp = ((right + 1) & 2) === 0
        const y = isUp ? size - 1 - step : step
        if (grid.isFixed(x, y)) continue
        const isDark = at < words.length * 8 && bitOf(words[at >>> 3] ?? 0, 7 - (at & 7))
        grid.put(x, y, isDark !== (masks[mask]?.(x, y) ?? false))
        at += 1
      }
    }
  }
}

/** What makes a code hard to read: runs, blocks, what looks like a finder, uneven shares. */
function penaltyOf(modules: Modules): number {
  const size = modules.length
  const columns = modules.map((_, x) => modules.map((row) => row[x] ?? false))
  let penalty = 0
  for (const line of [...modules, ...columns]) {
    const text = line.map((isDark) => (isDark ? '1' : '0')).join('')
    for (const run of text.match(/0{5,}|1{5,}/g) ?? []) penalty += run.length - 2
    penalty += 40 * [...text.matchAll(/(?=10111010000|00001011101)/g)].length
  }
  for (let y = 1; y < size; y += 1) {
    for (let x = 1; x < size; x += 1) {
      const one = modules[y]?.[x]
      const isBlock =
        one === modules[y]?.[x - 1] &&
        one === modules[y - 1]?.[x] &&
        one === modules[y - 1]?.[x - 1]
      if (isBlock) penalty += 3
    }
  }
  const dark = modules.flat().filter(Boolean).length
  return penalty + 10 * Math.floor(Math.abs((dark * 20) / (size * size) - 10))
}
