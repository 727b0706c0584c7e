// Reads and changes of the API as hooks. A reply is kept under its action and input; any change that succeeded makes
// all that is shown be asked for again, so that no page shows what another one changed.

import type { CallError } from '@entrepot/client/errors.ts'
import {
  keepPreviousData,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { pageSizeFields } from './actions.ts'
import { type ActionName, call, type Reply, type Request } from './call.ts'

interface ReadOptions<N extends ActionName> {
  readonly isEnabled?: boolean
  /** Asks again so often, as long as the page is seen; undefined: only when something changed. */
  readonly everyMs?: number | undefined | ((reply: Reply<N> | undefined) => number | undefined)
  /** Shows the reply to the former input, dimmed by the caller, until the new one is there. */
  readonly keepsPrevious?: boolean
}

export function useRead<N extends ActionName>(
  name: N,
  input: Request<N>,
  { isEnabled = true, everyMs, keepsPrevious = false }: ReadOptions<N> = {},
): UseQueryResult<Reply<N>, CallError> {
  const client = useQueryClient()
  const queryKey = ['api', name, input]
  return useQuery<Reply<N>, CallError>({
    queryKey,
    queryFn: ({ signal }) => {
      const isPolling = everyMs !== undefined && client.getQueryData(queryKey) !== undefined
      return call(name, input, { signal, isPolling })
    },
    enabled: isEnabled,
    refetchInterval:
      typeof everyMs === 'function'
        ? (query) => everyMs(query.state.data) ?? false
        : (everyMs ?? false),
    ...(keepsPrevious && { placeholderData: keepPreviousData }),
  })
}

/** The same action for several inputs, each kept by itself: of a long list, a page of its rows each. */
export function useReads<N extends ActionName>(
  name: N,
  inputs: readonly Request<N>[],
): readonly UseQueryResult<Reply<N>, CallError>[] {
  return useQueries({
    queries: inputs.map((input) => ({
      queryKey: ['api', name, input],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => call(name, input, { signal }),
    })),
  }) as UseQueryResult<Reply<N>, CallError>[]
}

/** `mutate(input)`, `mutateAsync(input)`; everything shown is fresh again afterwards. */
export function useChange<N extends ActionName>(
  name: N,
): UseMutationResult<Reply<N>, CallError, Request<N>> {
  const client = useQueryClient()
  return useMutation<Reply<N>, CallError, Request<N>>({
    mutationFn: (input) => call(name, input),
    onSuccess: () => client.invalidateQueries({ queryKey: ['api'] }),
  })
}

/** For work that takes several calls: run it, then call this once. */
export function useRefresh(): () => Promise<void> {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: ['api'] })
}

export const pageRows = 100

export interface List<Row> {
  readonly rows: readonly Row[]
  /** Of all that match, also those not loaded; undefined until known. */
  readonly total: number | undefined
  readonly isLoading: boolean
  /** The rows are those of the former search. */
  readonly isOld: boolean
  readonly error: CallError | null
  readonly hasMore: boolean
  loadMore(): void
  refresh(): void
}

interface ListOptions<N extends ActionName, Row> {
  readonly rows: (reply: Reply<N>) => readonly Row[] | null | undefined
  readonly total: (reply: Reply<N>) => number | null | undefined
  readonly isEnabled?: boolean
  readonly everyMs?: number | undefined
  /** Asks again so often until there is a first row. */
  readonly whileEmptyMs?: number | undefined
}

/** A list of the API, page by page as it is scrolled. `input` has no paging fields. */
export function useList<N extends ActionName, Row>(
  name: N,
  input: Request<N>,
  options: ListOptions<N, Row>,
): List<Row> & { /** What else the reply says. */ readonly last: Reply<N> | undefined } {
  const client = useQueryClient()
  const queryKey = ['api', name, input, 'pages']
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ signal, pageParam }) => {
      const isPolling =
        (options.everyMs ?? options.whileEmptyMs) !== undefined &&
        client.getQueryData(queryKey) !== undefined
      const paged = { ...input, ...pageFields(name, pageParam) }
      return call(name, paged, { signal, isPolling })
    },
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const seen = pages.reduce((sum, page) => sum + (options.rows(page)?.length ?? 0), 0)
      const total = options.total(last) ?? seen
      const isEmpty = (options.rows(last)?.length ?? 0) === 0
      return isEmpty || seen >= total ? undefined : pages.length
    },
    enabled: options.isEnabled ?? true,
    refetchInterval: (query) => {
      const last = query.state.data?.pages.at(-1)
      const isEmpty = last !== undefined && options.total(last) === 0
      return (isEmpty ? options.whileEmptyMs : undefined) ?? options.everyMs ?? false
    },
    placeholderData: keepPreviousData,
  })
  const pages = query.data?.pages ?? []
  const last = pages.at(-1)
  return {
    rows: pages.flatMap((page) => options.rows(page) ?? []),
    total: last === undefined ? undefined : (options.total(last) ?? undefined),
    last,
    ...stateOf(query),
  }
}

interface TokenListOptions<N extends ActionName, Row> {
  readonly rows: (reply: Reply<N>) => readonly Row[] | null | undefined
  /** What the next page is asked for with; undefined: this was the last one. */
  readonly next: (reply: Reply<N>) => string | undefined
  readonly isEnabled?: boolean
}

/** A list whose pages are named by a token of the page before. How long it is shows only at its end. */
export function useTokenList<N extends ActionName, Row>(
  name: N,
  input: Request<N>,
  options: TokenListOptions<N, Row>,
): List<Row> {
  const query = useInfiniteQuery({
    queryKey: ['api', name, input, 'tokens'],
    queryFn: ({ signal, pageParam }) =>
      call(name, { ...input, ...(pageParam !== '' && { NextToken: pageParam }) }, { signal }),
    initialPageParam: '',
    getNextPageParam: (last) => options.next(last),
    enabled: options.isEnabled ?? true,
    placeholderData: keepPreviousData,
  })
  const rows = (query.data?.pages ?? []).flatMap((page) => options.rows(page) ?? [])
  return {
    rows,
    total: query.data === undefined || query.hasNextPage ? undefined : rows.length,
    ...stateOf(query),
  }
}

/** What a list of pages is at, however its pages are named. */
function stateOf(query: UseInfiniteQueryResult): Omit<List<never>, 'rows' | 'total'> {
  return {
    isLoading: query.isPending,
    isOld: query.isPlaceholderData,
    error: query.error as CallError | null,
    hasMore: query.hasNextPage,
    loadMore: () => {
      if (query.hasNextPage && !query.isFetching) void query.fetchNextPage()
    },
    refresh: () => void query.refetch(),
  }
}

/** Record offsets that are whole pages are right for lists that count pages, too (the server's paging rule). */
function pageFields(name: ActionName, page: number): object {
  const sizeField = pageSizeFields[name]
  if (sizeField !== undefined) return { Page: page + 1, [sizeField]: pageRows }
  return { Offset: page * pageRows, Limit: pageRows }
}
