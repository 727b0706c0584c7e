// Where a page begins. Tencent's lists count in three ways, and their clients mix them: official examples send
// `Offset` 0 to lists that count pages from 1, Terraform pages them with record offsets and `Limit` 200 and stops at
// the first shorter page.

import type { Action } from '@entrepot/contract/action.ts'

export interface PageRange {
  /** Entries to skip. */
  readonly offset: number
  readonly limit: number
}

export const maxPageEntries = 200
const defaultPageEntries = 20
const defaultPageSize = 100

interface PageInput {
  readonly Offset?: number | undefined
  readonly Limit?: number | undefined
  readonly Page?: number | undefined
  readonly PageSize?: number | undefined
  readonly Rp?: number | undefined
}

/** Larger pages are clamped, as the service does; `maxEntries`: an action's own maximum. */
export function pageRange(
  paging: Action['paging'],
  input: PageInput,
  maxEntries = maxPageEntries,
): PageRange {
  const clamp = (limit: number) => Math.min(limit, maxEntries)
  if (paging === 'page-size') {
    const limit = clamp(input.PageSize ?? input.Rp ?? defaultPageSize)
    return { offset: (Math.max(input.Page ?? 1, 1) - 1) * limit, limit }
  }
  const limit = clamp(input.Limit ?? defaultPageEntries)
  const offset = input.Offset ?? 0
  if (paging === 'record' || offset === 0) return { offset, limit }
  if (limit === 0) return { offset: 0, limit }
  // Page 200 of 200 entries each is rarer than a second page that is asked for by record.
  if (offset >= limit && offset % limit === 0) return { offset, limit }
  return { offset: (offset - 1) * limit, limit }
}
