// What this person may do here, asked once for a page: a button that would be refused isn't drawn. The server decides
// again with each call.

import { useRead } from '../api/use-api.ts'

/** An action as policies name it, and the last segment of what it is done to; without one: on anything at all. */
export type Right = readonly [action: string, resource?: string]

export interface Rights {
  readonly isKnown: boolean
  /** Of what was asked for; false until it is known. */
  may(action: string, resource?: string): boolean
}

export function useRights(rights: readonly Right[]): Rights {
  const { data } = useRead(
    'DescribeOwnRights',
    {
      Asked: rights.map(([Action, Resource]) => ({ Action, ...(Resource && { Resource }) })),
    },
    // Rows that come later ask for more: what is known of the others stays meanwhile.
    { isEnabled: rights.length > 0, keepsPrevious: true },
  )
  return {
    isKnown: data !== undefined || rights.length === 0,
    may: (action, resource) =>
      data?.Rights.some(
        (right) =>
          right.Action === action && (right.Resource ?? undefined) === resource && right.Allowed,
      ) ?? false,
  }
}
