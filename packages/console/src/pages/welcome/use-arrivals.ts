// What happens at an instance from now on, as it happens. What was there when the page opened is left out, by ids: the
// clocks of the two sides need not agree.

import { useEffect, useRef, useState } from 'react'
import type { Reply } from '../../api/call.ts'
import { useRead } from '../../api/use-api.ts'

export type Activity = Reply<'DescribeActivity'>['Activities'][number]

const liveMs = 2000
const asked = 50
/** Of a page that is left open for days. */
const maxKept = 100

export interface Arrivals {
  /** The newest first. */
  readonly activities: readonly Activity[]
  readonly isListening: boolean
  readonly error: unknown
}

export function useArrivals(instance: string): Arrivals {
  const { data, error } = useRead(
    'DescribeActivity',
    { RegistryId: instance, Limit: asked },
    { everyMs: liveMs },
  )
  const before = useRef<ReadonlySet<string>>(undefined)
  const [kept, setKept] = useState<ReadonlyMap<string, Activity>>(new Map())
  useEffect(() => {
    if (!data) return
    before.current ??= new Set(data.Activities.map(({ ActivityId }) => ActivityId))
    const old = before.current
    const fresh = data.Activities.filter(({ ActivityId }) => !old.has(ActivityId))
    const open = new Set(fresh.filter(isUpload).map(({ ActivityId }) => ActivityId))
    setKept((all) => {
      // An upload that isn't told of any more is done: its push tells the rest.
      const stays = [...all.values()].filter((one) => !isUpload(one) || open.has(one.ActivityId))
      const next = new Map([...stays, ...fresh].map((one) => [one.ActivityId, one]))
      return new Map([...next].toSorted(newestFirst).slice(0, maxKept))
    })
  }, [data])
  return { activities: [...kept.values()], isListening: data !== undefined, error }
}

function isUpload({ Kind }: Activity): boolean {
  return Kind === 'Upload'
}

function newestFirst(
  [, a]: readonly [string, Activity],
  [, b]: readonly [string, Activity],
): number {
  return b.Time.localeCompare(a.Time)
}
