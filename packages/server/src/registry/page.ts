import { hash } from 'node:crypto'
import { ApiError } from '@entrepot/contract/errors.ts'

/** Without `n`, and at most: clients page at 1,000 because others refuse more. */
const maxPage = 1000
const maxLastChars = 512

export interface Page {
  readonly limit: number
  /** Names greater than this; '' from the start. It need not exist. */
  readonly last: string
}

/** Throws PAGINATION_INVALID. */
export function pageOf(query: URLSearchParams): Page {
  const last = query.get('last') ?? ''
  if (last.length > maxLastChars || last.includes('\0')) {
    throw new ApiError('PARAMETER_INVALID', {
      message: `last has at most ${maxLastChars} characters`,
      detail: { parameter: 'last' },
    })
  }
  const n = query.get('n')
  if (n === null || n === '') return { limit: maxPage, last }
  if (!/^\d+$/.test(n)) throw new ApiError('PAGINATION_INVALID', { detail: { n: n.slice(0, 32) } })
  return { limit: Math.min(Number(n), maxPage), last }
}

/** RFC 8288, as the specification's "Listing Tags" wants it; the target is a path, so it holds behind proxies. */
export function nextLink(base: string, query: URLSearchParams): string {
  return `<${base}?${query}>; rel="next"`
}

export function digestOfText(text: string): string {
  return hash('sha256', text, 'hex')
}
