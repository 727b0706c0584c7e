// Replies for people: entries as rows, one thing as lines of name and value.

import { cut, harmless, padEnd, type Style, widthOf } from './screen.ts'

const gap = '  '
const maxCellWidth = 60

export interface TableOptions {
  readonly columns: number
  readonly style: Style
}

export interface Table {
  readonly lines: readonly string[]
  /** Columns for which there was no room. */
  readonly hidden: readonly string[]
}

type Row = Readonly<Record<string, unknown>>

/** Of what JMESPath may give: entries, one thing, values. */
export function tableOf(value: unknown, options: TableOptions): Table {
  if (Array.isArray(value) && value.length > 0 && value.every(isRow)) {
    return rowsTable(value, options)
  }
  if (Array.isArray(value)) return { lines: value.map(cellOf), hidden: [] }
  if (isRow(value)) return { lines: pairLines(value, options), hidden: [] }
  return { lines: value === null || value === undefined ? [] : [cellOf(value)], hidden: [] }
}

function rowsTable(rows: readonly Row[], { columns, style }: TableOptions): Table {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  // What is nowhere said needs no column.
  const said = names.filter((name) => rows.some((row) => cellOf(row[name]) !== ''))
  const cells = said.map((name) => [name, ...rows.map((row) => cellOf(row[name]))])
  const widths = cells.map((column) => Math.min(maxCellWidth, Math.max(...column.map(widthOf))))
  const shown = fittingColumns(widths, columns)
  const line = (at: number) =>
    cells
      .slice(0, shown)
      .map((column, i) => padEnd(cut(column[at] ?? '', widths[i] ?? 0), widths[i] ?? 0))
      .join(gap)
      .trimEnd()
  const lines = [style.bold(line(0)), ...rows.map((_, i) => line(i + 1))]
  return { lines, hidden: said.slice(shown) }
}

/** At least one, which the screen may then cut. */
function fittingColumns(widths: readonly number[], columns: number): number {
  let used = 0
  for (const [i, width] of widths.entries()) {
    used += width + (i === 0 ? 0 : gap.length)
    if (used > columns && i > 0) return i
  }
  return widths.length
}

export function pairLines(value: Row, { style }: Pick<TableOptions, 'style'>): readonly string[] {
  const entries = Object.entries(value)
  const width = Math.max(0, ...entries.map(([name]) => widthOf(name)))
  return entries.map(([name, one]) =>
    `${style.bold(padEnd(name, width))}${gap}${cellOf(one)}`.trimEnd(),
  )
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'object') return harmless(String(value))
  const tags = tagsOf(value)
  if (tags) return harmless(tags.join(', '))
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) {
    return harmless(value.join(', '))
  }
  return harmless(JSON.stringify(value))
}

/** Cloud tags, alone or in their `TagSpecification`, as `key=value`. */
function tagsOf(value: unknown): readonly string[] | undefined {
  if (isRow(value) && 'ResourceType' in value && 'Tags' in value) return tagsOf(value.Tags)
  const isTag = (one: unknown) => isRow(one) && 'Key' in one && 'Value' in one
  if (!Array.isArray(value) || !value.every(isTag)) return undefined
  return value.map((one: Row) => `${one.Key}=${one.Value}`)
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
