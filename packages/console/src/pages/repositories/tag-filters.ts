// What a list of tags can be narrowed to. Spans of time count from the beginning of the day, so that the same choice
// asks the same question all day.

import type { Request } from '../../api/call.ts'
import type { Filter } from '../../patterns/list-page.tsx'
import type { ListState } from '../../patterns/list-state.ts'
import type { Words } from '../../words/use-words.ts'
import { kindWords } from '../images/artifact-type.ts'

type TagInput = Request<'DescribeRepositoryTags'>
type Kind = keyof typeof kindWords

const kinds = Object.keys(kindWords) as Kind[]
const pushedDays = [7, 30, 90, 365] as const
const unpulledDays = [7, 30, 90] as const
const never = 'never'
const dayMs = 86_400_000

export function tagFilters(t: Words['t']): readonly Filter[] {
  return [
    {
      name: 'type',
      label: t('repositories.type'),
      choices: kinds.map((kind) => ({ value: kind, label: t(kindWords[kind]) })),
    },
    {
      name: 'pushed',
      label: t('repositories.pushed'),
      choices: pushedDays.map((days) => ({
        value: String(days),
        label: t('repositories.pushedBefore', { n: days }),
      })),
    },
    {
      name: 'pulled',
      label: t('repositories.lastPulled'),
      choices: [
        { value: never, label: t('repositories.neverPulled') },
        ...unpulledDays.map((days) => ({
          value: String(days),
          label: t('repositories.notPulledFor', { n: days }),
        })),
      ],
    },
  ]
}

const wholeDigest = /^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/

/** Only what narrows: an empty object asks for all. */
export function filterInput(
  state: Pick<ListState, 'q' | 'filter'>,
  nowMs = Date.now(),
): Partial<Pick<TagInput, 'Search' | 'Digest' | 'Kinds' | 'PushedBefore' | 'NotPulledSince'>> {
  const q = state.q.trim()
  const kind = kinds.find((one) => one === state.filter('type'))
  const pushed = daysAgo(state.filter('pushed'), nowMs)
  const unpulled =
    state.filter('pulled') === never
      ? new Date(1).toISOString()
      : daysAgo(state.filter('pulled'), nowMs)
  return {
    ...(q !== '' && (wholeDigest.test(q) ? { Digest: q } : { Search: q })),
    ...(kind && { Kinds: [kind] }),
    ...(pushed !== undefined && { PushedBefore: pushed }),
    ...(unpulled !== undefined && { NotPulledSince: unpulled }),
  }
}

function daysAgo(days: string, nowMs: number): string | undefined {
  if (!/^\d{1,4}$/.test(days)) return undefined
  return new Date((Math.floor(nowMs / dayMs) - Number(days)) * dayMs).toISOString()
}
