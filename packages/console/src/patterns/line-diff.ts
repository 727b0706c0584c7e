// Which lines two texts share, by their longest common sequence.

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

export interface FoldedLines {
  readonly kind: 'folded'
  readonly count: number
}

/** Lines that are the same, and further than `context` from any that isn't, become a count; a single one stays. */
export function foldLines(
  lines: readonly DiffLine[],
  context: number,
): readonly (DiffLine | FoldedLines)[] {
  const isNear = lines.map(() => false)
  lines.forEach(({ kind }, at) => {
    if (kind !== 'same') isNear.fill(true, Math.max(0, at - context), at + context + 1)
  })
  const folded: (DiffLine | FoldedLines)[] = []
  lines.forEach((line, at) => {
    const last = folded.at(-1)
    const isAlone = isNear[at - 1] !== false && isNear[at + 1] !== false
    if (isNear[at] || isAlone) folded.push(line)
    else if (last?.kind === 'folded') folded[folded.length - 1] = { ...last, count: last.count + 1 }
    else folded.push({ kind: 'folded', count: 1 })
  })
  return folded
}

/** Of more the table would take too much room; documents of that length have most lines in common at both ends. */
const maxMiddle = 2000

export function diffLines(before: string, after: string): readonly DiffLine[] {
  const a = before.split('\n')
  const b = after.split('\n')
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail))
    tail += 1
  const same = (text: string): DiffLine => ({ kind: 'same', text })
  return [
    ...a.slice(0, head).map(same),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(same),
  ]
}

function middle(a: readonly string[], b: readonly string[]): readonly DiffLine[] {
  const removed = (text: string): DiffLine => ({ kind: 'removed', text })
  const added = (text: string): DiffLine => ({ kind: 'added', text })
  if (a.length > maxMiddle || b.length > maxMiddle) return [...a.map(removed), ...b.map(added)]
  const longest = common(a, b)
  const lines: DiffLine[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const left = a[i]
    const right = b[j]
    if (left !== undefined && left === right) {
      lines.push({ kind: 'same', text: left })
      i += 1
      j += 1
    } else if (left !== undefined && at(longest, i + 1, j) >= at(longest, i, j + 1)) {
      lines.push(removed(left))
      i += 1
    } else if (right !== undefined) {
      lines.push(added(right))
      j += 1
    } else if (left !== undefined) {
      lines.push(removed(left))
      i += 1
    }
  }
  return lines
}

type Table = readonly (readonly number[])[]

const at = (table: Table, i: number, j: number): number => table[i]?.[j] ?? -1

/** `[i][j]`: how many lines `a` from `i` and `b` from `j` have in common. */
function common(a: readonly string[], b: readonly string[]): Table {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = table[i]
      if (!row) continue
      row[j] =
        a[i] === b[j]
          ? at(table, i + 1, j + 1) + 1
          : Math.max(at(table, i + 1, j), at(table, i, j + 1))
    }
  }
  return table
}
