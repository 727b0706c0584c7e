// The names of people who did something, of a whole page at once: rows know uins only.

import { createContext, type ReactNode, useContext } from 'react'
import { useRead } from '../api/use-api.ts'

const Names = createContext<ReadonlyMap<string, string>>(new Map())

/** As many as a call takes; further ones are shown by their uins. */
const maxUins = 200

interface PeopleNamesProps {
  /** Whoever did it: uins, and others that have no other name. */
  readonly of: readonly string[]
  readonly children: ReactNode
}

export function PeopleNames({ of, children }: PeopleNamesProps) {
  const uins = [...new Set(of.filter((who) => /^[1-9]\d{0,14}$/.test(who)).map(Number))]
  const Uins = uins.toSorted((a, b) => a - b).slice(0, maxUins)
  const { data } = useRead(
    'DescribePersonNames',
    { Uins },
    { isEnabled: Uins.length > 0, keepsPrevious: true },
  )
  const names = new Map((data?.People ?? []).map(({ Uin, Name }) => [String(Uin), Name]))
  return <Names value={names}>{children}</Names>
}

/** Undefined: nobody here is called by a name. */
export function usePersonName(who: string): string | undefined {
  return useContext(Names).get(who)
}
