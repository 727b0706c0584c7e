// A page that is a list: title, actions, search and filters, rows. Everything is found and sorted by the server.

import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { CloseIcon, RefreshIcon, SearchIcon } from 'tdesign-icons-react'
import type { List } from '../api/use-api.ts'
import { paths } from '../paths.ts'
import { useWords } from '../words/use-words.ts'
import { Button, IconButton } from './button.tsx'
import type { ListState } from './list-state.ts'
import { type Column, type RowActions, Rows } from './rows.tsx'
import { Empty, Failed } from './states.tsx'

export interface Filter {
  readonly name: string
  readonly label: string
  /** What is shown while nothing is chosen, where that isn't all. */
  readonly none?: string
  readonly choices: readonly { readonly value: string; readonly label: string }[]
}

interface Bulk {
  readonly id: string
  readonly label: string
  readonly isDangerous?: boolean
  /** Why it can't be done with these. */
  blocked?(keys: readonly string[]): string | undefined
  run(keys: readonly string[]): void
}

interface ListPageProps<Row> {
  readonly title: string
  /** One sentence: what this is for. */
  readonly about: ReactNode
  /** The page of the docs. */
  readonly help?: string
  readonly banner?: ReactNode
  /** Left of the search: the primary button first. */
  readonly actions?: ReactNode
  readonly list: List<Row>
  readonly state: ListState
  /** What the search looks at; undefined: the API can't search this list. */
  readonly searchFor?: string
  readonly filters?: readonly Filter[]
  readonly columns: readonly Column<Row>[]
  rowKey(row: Row): string
  readonly rowActions?: RowActions<Row>
  readonly bulk?: readonly Bulk[]
  /** "214 repositories". */
  countLabel(total: number): string
  /** Nothing yet. */
  readonly empty: ReactNode
  readonly children?: ReactNode
  /** Inside another page: its title is smaller. */
  readonly isInner?: boolean
}

export function ListPage<Row>(props: ListPageProps<Row>) {
  const { list, state, filters = [], bulk = [], rowKey } = props
  const { t } = useWords()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const chosen = filters.filter((filter) => state.filter(filter.name) !== '')
  const isSearched = state.q !== '' || chosen.length > 0
  const isEmpty = list.total === 0 && !list.isOld
  // What was selected and is gone meanwhile isn't selected any more.
  const present = list.rows.map(rowKey).filter((key) => selected.has(key))
  return (
    <section className="list-page" aria-busy={list.isOld}>
      <PageHead {...props} />
      {props.banner}
      <div className="list-bar">
        <div className="list-actions">
          {present.length === 0 ? (
            props.actions
          ) : (
            <>
              <span role="status">{t('patterns.selected', { n: present.length })}</span>
              <SelectMatching
                list={list}
                rowKey={rowKey}
                selected={present}
                select={(keys) => setSelected(new Set(keys))}
              />
              {bulk.map(({ id, label, isDangerous, blocked, run }) => (
                <Button
                  key={id}
                  theme={isDangerous ? 'danger-text' : 'default'}
                  blocked={blocked?.(present)}
                  onClick={() => run(present)}
                >
                  {label}
                </Button>
              ))}
              <Button theme="text" onClick={() => setSelected(new Set())}>
                {t('patterns.clearSelection')}
              </Button>
            </>
          )}
        </div>
        <div className="list-finders">
          {filters.map((filter) => (
            <FilterBox key={filter.name} filter={filter} state={state} />
          ))}
          {props.searchFor !== undefined && <SearchBox label={props.searchFor} state={state} />}
          <IconButton icon={<RefreshIcon />} label={t('patterns.refresh')} onClick={list.refresh} />
        </div>
      </div>
      {list.error && list.rows.length === 0 ? (
        <Failed error={list.error} retry={list.refresh} />
      ) : isEmpty ? (
        isSearched ? (
          <NothingFound state={state} chosen={chosen} />
        ) : (
          props.empty
        )
      ) : (
        <Rows
          label={props.title}
          list={list}
          columns={props.columns}
          rowKey={rowKey}
          rowActions={props.rowActions}
          state={state}
          selection={bulk.length > 0 ? { selected: new Set(present), set: setSelected } : undefined}
        />
      )}
      <p className="list-foot" role="status">
        {list.total ? props.countLabel(list.total) : ''}
      </p>
      {props.children}
    </section>
  )
}

interface SelectMatchingProps<Row> {
  readonly list: List<Row>
  rowKey(row: Row): string
  readonly selected: readonly string[]
  select(keys: readonly string[]): void
}

/** Once all rows shown are selected: all that match, too, for which they are loaded. */
function SelectMatching<Row>({ list, rowKey, selected, select }: SelectMatchingProps<Row>) {
  const { t } = useWords()
  const [isWanted, setWanted] = useState(false)
  const { rows, total = 0, hasMore } = list
  const isAll = selected.length === rows.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: goes on with each page that has come
  useEffect(() => {
    if (!isWanted) return
    if (!isAll) select(rows.map(rowKey))
    if (hasMore) list.loadMore()
    else setWanted(false)
  }, [isWanted, rows.length, hasMore])
  if (isWanted)
    return <span role="status">{t('patterns.selecting', { n: rows.length, total })}</span>
  if (!isAll || !hasMore) return null
  return (
    <Button theme="text" onClick={() => setWanted(true)}>
      {t('patterns.selectMatching', { n: total })}
    </Button>
  )
}

function PageHead({
  title,
  about,
  help,
  isInner,
}: Pick<ListPageProps<never>, 'title' | 'about' | 'help' | 'isInner'>) {
  const { t } = useWords()
  const Heading = isInner ? 'h2' : 'h1'
  return (
    <header className="page-head">
      <Heading tabIndex={-1}>{title}</Heading>
      <p className="page-about">
        {about}
        {help !== undefined && (
          <>
            {' '}
            <Link to={paths.help(help)}>{t('patterns.readMore')}</Link>
          </>
        )}
      </p>
    </header>
  )
}

const searchAfterMs = 250

function SearchBox({ label, state }: { readonly label: string; readonly state: ListState }) {
  const [text, setText] = useState(state.q)
  const input = useRef<HTMLInputElement>(null)
  const { q, setQ } = state
  // The way back, or "clear", changed the address under the box.
  useEffect(() => setText(q), [q])
  // biome-ignore lint/correctness/useExhaustiveDependencies: waits for the typing, not for the address
  useEffect(() => {
    if (text === q) return
    const timer = setTimeout(() => setQ(text), searchAfterMs)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <span className="input search-box">
      <SearchIcon aria-hidden="true" />
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        data-list-search=""
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') setQ(text)
          if (event.key === 'Escape') {
            setText('')
            setQ('')
          }
        }}
      />
    </span>
  )
}

function FilterBox({ filter, state }: { readonly filter: Filter; readonly state: ListState }) {
  const { t } = useWords()
  return (
    <select
      className="filter"
      aria-label={filter.label}
      value={state.filter(filter.name)}
      onChange={(event) => state.setFilter(filter.name, event.target.value)}
    >
      <option value="">{filter.none ?? t('patterns.filterAll', { what: filter.label })}</option>
      {filter.choices.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  )
}

interface NothingFoundProps {
  readonly state: ListState
  readonly chosen: readonly Filter[]
}

function NothingFound({ state, chosen }: NothingFoundProps) {
  const { t } = useWords()
  const words = chosen.map(({ name, label, choices }) => {
    const value = state.filter(name)
    return `${label}: ${choices.find((choice) => choice.value === value)?.label ?? value}`
  })
  return (
    <Empty
      title={t('patterns.nothingFound')}
      actions={
        <Button icon={<CloseIcon />} onClick={state.clear}>
          {t('patterns.clearFilters')}
        </Button>
      }
    >
      {[...(state.q === '' ? [] : [`“${state.q}”`]), ...words].join(' · ')}
    </Empty>
  )
}
