// What a list shows stands in its address: a reload, the way back and a pasted link show the same.

import { useNavigate, useSearch } from '@tanstack/react-router'

export interface ListState {
  /** What is searched for; empty: everything. */
  readonly q: string
  /** `-pushed` is the newest first; empty: the list's own order. */
  readonly sort: string
  /** The drawer that is open: `new`, or the key of the row that is edited. */
  readonly open: string
  filter(name: string): string
  setQ(q: string): void
  setSort(sort: string): void
  setFilter(name: string, value: string): void
  clear(): void
  setOpen(open: string): void
}

export function useListState(): ListState {
  const search: Readonly<Record<string, unknown>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const textOf = (name: string): string => {
    const value = search[name]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
  const change = (changed: Readonly<Record<string, string>>, isStep = false) => {
    const next = { ...search, ...changed }
    const kept = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== ''))
    void navigate({ to: '.', search: () => kept, replace: !isStep, resetScroll: false })
  }
  return {
    q: textOf('q'),
    sort: textOf('sort'),
    open: textOf('open'),
    filter: (name) => textOf(`filter.${name}`),
    setQ: (q) => change({ q }),
    setSort: (sort) => change({ sort }),
    setFilter: (name, value) => change({ [`filter.${name}`]: value }),
    clear: () => void navigate({ to: '.', search: () => ({}), replace: true }),
    setOpen: (open) => change({ open }, true),
  }
}
