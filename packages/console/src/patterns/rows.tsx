// The rows of a list. Only those in view are in the page; more are asked for as one scrolls. One stop of Tab for the
// table, then keys move from row to row. On a narrow screen a row is a card.

import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { EllipsisIcon } from 'tdesign-icons-react'
import type { List } from '../api/use-api.ts'
import { useWords } from '../words/use-words.ts'
import type { ListState } from './list-state.ts'
import { Menu, type MenuEntry } from './menu.tsx'
import { Skeleton } from './states.tsx'

export interface Column<Row> {
  readonly id: string
  readonly head: string
  cell(row: Row): ReactNode
  /** Numbers stand at the right. */
  readonly isNumber?: boolean
  /** What the address says when this column sorts: `pushed`. */
  readonly sort?: string
  /** The newest, the largest first at the first press. */
  readonly isDownFirst?: boolean
  /** The API has no other order of it than the newest, the largest first. */
  readonly isDownOnly?: boolean
  /** Left out of the cards of narrow screens. */
  readonly isMinor?: boolean
  readonly width?: string
}

export interface RowActions<Row> {
  /** At most two, beside the menu. */
  direct?(row: Row): ReactNode
  menu?(row: Row): readonly MenuEntry[]
  /** "Actions of front/nginx". */
  label(row: Row): string
}

interface Selection {
  readonly selected: ReadonlySet<string>
  set(keys: ReadonlySet<string>): void
}

interface RowsProps<Row> {
  readonly label: string
  readonly list: List<Row>
  readonly columns: readonly Column<Row>[]
  rowKey(row: Row): string
  readonly rowActions?: RowActions<Row> | undefined
  readonly selection?: Selection | undefined
  readonly state?: ListState | undefined
}

const guessedRowPx = 49
const rowsBeyondView = 12
/** Below so many all are in the page: a search of the browser finds them. */
const virtualFrom = 150

export function Rows<Row>(props: RowsProps<Row>) {
  const { label, list, columns, rowKey, rowActions, selection, state } = props
  const { t } = useWords()
  const frame = useRef<HTMLTableSectionElement>(null)
  const [active, setActive] = useState(0)
  const { rows } = list
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => guessedRowPx,
    overscan: rowsBeyondView,
    scrollMargin: frame.current?.offsetTop ?? 0,
  })
  const isVirtual = rows.length > virtualFrom
  const items = virtualizer.getVirtualItems()
  const first = isVirtual ? (items[0]?.index ?? 0) : 0
  const last = isVirtual ? (items.at(-1)?.index ?? 0) : rows.length - 1
  const above = isVirtual ? (items[0]?.start ?? 0) - virtualizer.options.scrollMargin : 0
  const below = isVirtual
    ? Math.max(
        0,
        virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) + virtualizer.options.scrollMargin,
      )
    : 0
  const isNearEnd =
    items.at(-1) === undefined || (items.at(-1)?.index ?? 0) >= rows.length - rowsBeyondView
  useEffect(() => {
    if (isNearEnd && list.hasMore) list.loadMore()
  }, [isNearEnd, list.hasMore, list.loadMore])

  if (list.isLoading) return <Skeleton lines={8} />

  const keyAt = (index: number): string | undefined => {
    const row = rows[index]
    return row === undefined ? undefined : rowKey(row)
  }
  function toggle(key: string): void {
    if (!selection) return
    const next = new Set(selection.selected)
    if (!next.delete(key)) next.add(key)
    selection.set(next)
  }
  function moveTo(index: number): void {
    const to = Math.max(0, Math.min(rows.length - 1, index))
    setActive(to)
    if (isVirtual) virtualizer.scrollToIndex(to)
    requestAnimationFrame(() => {
      frame.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus()
    })
  }
  function onKeyDown(event: KeyboardEvent<HTMLTableRowElement>, index: number): void {
    // Keys inside a control of the row are the control's.
    if (event.target !== event.currentTarget) return
    const key = keyAt(index)
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: rows.length - 1,
      PageDown: index + rowsBeyondView,
      PageUp: index - rowsBeyondView,
    }
    const to = moves[event.key]
    if (to !== undefined) {
      if (event.shiftKey && key !== undefined && !selection?.selected.has(key)) toggle(key)
      moveTo(to)
    } else if (event.key === ' ' && key !== undefined && selection) toggle(key)
    else if (event.key === 'Enter') event.currentTarget.querySelector<HTMLElement>('a')?.click()
    else if (event.key === '.' || event.key === 'ContextMenu') {
      event.currentTarget.querySelector<HTMLElement>('[aria-haspopup=menu]')?.click()
    } else return
    event.preventDefault()
  }

  const width = columns.length + (selection ? 1 : 0) + (rowActions ? 1 : 0)
  const allKeys = rows.map(rowKey)
  const isAll =
    selection !== undefined &&
    allKeys.length > 0 &&
    allKeys.every((key) => selection.selected.has(key))
  return (
    <div className={`table-frame ${list.isOld ? 'is-old' : ''}`}>
      <table className="table">
        <caption className="spoken">{label}</caption>
        <thead>
          <tr>
            {selection && (
              <th className="cell-box">
                <input
                  type="checkbox"
                  aria-label={t('patterns.selectAll')}
                  checked={isAll}
                  onChange={() => selection.set(new Set(isAll ? [] : allKeys))}
                />
              </th>
            )}
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} state={state} />
            ))}
            {rowActions && (
              <th scope="col" className="cell-actions">
                <span className="spoken">{t('patterns.actions')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody ref={frame}>
          {above > 0 && <Gap width={width} px={above} />}
          {rows.slice(first, last + 1).map((row, offset) => {
            const index = first + offset
            const key = rowKey(row)
            return (
              <tr
                key={key}
                data-index={index}
                ref={isVirtual ? virtualizer.measureElement : undefined}
                tabIndex={index === Math.min(active, rows.length - 1) ? 0 : -1}
                aria-selected={selection ? selection.selected.has(key) : undefined}
                onFocus={() => setActive(index)}
                onKeyDown={(event) => onKeyDown(event, index)}
              >
                {selection && (
                  <td className="cell-box">
                    <input
                      type="checkbox"
                      aria-label={t('patterns.selectRow', { name: key })}
                      checked={selection.selected.has(key)}
                      onChange={() => toggle(key)}
                    />
                  </td>
                )}
                {columns.map((column, at) => (
                  <td
                    key={column.id}
                    data-head={column.head}
                    className={`${column.isNumber ? 'cell-number' : ''} ${column.isMinor ? 'cell-minor' : ''} ${at === 0 ? 'cell-name' : ''}`}
                  >
                    {column.cell(row)}
                  </td>
                ))}
                {rowActions && (
                  <td className="cell-actions">
                    <RowMenu row={row} actions={rowActions} />
                  </td>
                )}
              </tr>
            )
          })}
          {below > 0 && <Gap width={width} px={below} />}
        </tbody>
      </table>
    </div>
  )
}

function Gap({ width, px }: { readonly width: number; readonly px: number }) {
  return (
    <tr>
      <td colSpan={width} style={{ height: px, padding: 0, border: 0 }} />
    </tr>
  )
}

function HeadCell<Row>({
  column,
  state,
}: {
  readonly column: Column<Row>
  readonly state: ListState | undefined
}) {
  const { sort } = column
  const className = column.isNumber ? 'cell-number' : undefined
  if (sort === undefined || !state) {
    return (
      <th scope="col" className={className} style={{ width: column.width }}>
        {column.head}
      </th>
    )
  }
  const isUp = state.sort === sort
  const isDown = state.sort === `-${sort}`
  const isDownFirst = column.isDownFirst || column.isDownOnly
  const next = isDownFirst
    ? isDown && !column.isDownOnly
      ? sort
      : `-${sort}`
    : isUp
      ? `-${sort}`
      : sort
  return (
    <th
      scope="col"
      className={className}
      style={{ width: column.width }}
      aria-sort={isUp ? 'ascending' : isDown ? 'descending' : 'none'}
    >
      <button type="button" className="sort" onClick={() => state.setSort(next)}>
        {column.head}
        <span aria-hidden="true">{isUp ? '↑' : isDown ? '↓' : '↕'}</span>
      </button>
    </th>
  )
}

function RowMenu<Row>({ row, actions }: { readonly row: Row; readonly actions: RowActions<Row> }) {
  const entries = actions.menu?.(row) ?? []
  return (
    <span className="row-actions">
      {actions.direct?.(row)}
      {entries.length > 0 && (
        <Menu
          label={actions.label(row)}
          button={<EllipsisIcon />}
          className="button button-text icon-button"
          entries={entries}
        />
      )}
    </span>
  )
}
