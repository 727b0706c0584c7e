// All instances of the account, with what they hold. An account has at most ten in a region, so one page of the API has
// them all: they are searched, filtered and sorted here.

import type { Reply } from '../../api/call.ts'
import { type List, useRead } from '../../api/use-api.ts'
import type { Instance } from '../../frame/use-instance.ts'
import type { ListState } from '../../patterns/list-state.ts'

export type InstanceStatistics = Reply<'DescribeInstanceStatistics'>['Statistics'][number]

/** The API gives so many at once: those of twenty regions. */
const maxShown = 200
const passingMs = 2000
const restingMs = 15_000
const passing: ReadonlySet<string> = new Set(['Pending', 'Deploying', 'Deleting'])

export function isPassing({ Status }: Pick<Instance, 'Status'>): boolean {
  return passing.has(Status)
}

export interface AllInstances {
  readonly list: List<Instance>
  readonly all: readonly Instance[]
  readonly statistics: ReadonlyMap<string, InstanceStatistics>
}

export function useInstances(state: ListState): AllInstances {
  const { data, error, isPending, isPlaceholderData, refetch } = useRead(
    'DescribeInstances',
    { AllRegion: true, Limit: maxShown },
    { everyMs: (reply) => (reply?.Registries?.some(isPassing) ? passingMs : restingMs) },
  )
  const all = data?.Registries ?? []
  const { data: counted } = useRead(
    'DescribeInstanceStatistics',
    { Limit: maxShown },
    { isEnabled: all.length > 0, everyMs: restingMs },
  )
  const rows = all.filter((one) => isWanted(one, state)).toSorted(orderOf(state.sort))
  return {
    all,
    statistics: new Map(counted?.Statistics.map((one) => [one.RegistryId, one])),
    list: {
      rows,
      total: data === undefined ? undefined : rows.length,
      isLoading: isPending,
      isOld: isPlaceholderData,
      error,
      hasMore: false,
      loadMore: () => undefined,
      refresh: () => void refetch(),
    },
  }
}

function isWanted(one: Instance, state: ListState): boolean {
  const text = state.q.trim().toLowerCase()
  const names = [one.RegistryName, one.RegistryId, one.PublicDomain]
  return (
    (text === '' || names.some((name) => name.toLowerCase().includes(text))) &&
    isOrAny(state.filter('region'), one.RegionName) &&
    isOrAny(state.filter('edition'), one.RegistryType) &&
    isOrAny(state.filter('state'), one.Status) &&
    (state.filter('tag') === '' || tagTexts(one).includes(state.filter('tag')))
  )
}

function isOrAny(wanted: string, value: string): boolean {
  return wanted === '' || wanted === value
}

/** `key:value`, as they are searched for. */
export function tagTexts(one: Pick<Instance, 'TagSpecification'>): readonly string[] {
  return (one.TagSpecification?.Tags ?? []).map(({ Key, Value }) => `${Key}:${Value}`)
}

type Order = (a: Instance, b: Instance) => number

/** The newest first unless told. */
function orderOf(sort: string): Order {
  const byName: Order = (a, b) => a.RegistryName.localeCompare(b.RegistryName)
  const byTime: Order = (a, b) => a.CreatedAt.localeCompare(b.CreatedAt)
  switch (sort) {
    case 'name':
      return byName
    case '-name':
      return (a, b) => byName(b, a)
    case 'created':
      return byTime
    default:
      return (a, b) => byTime(b, a)
  }
}
