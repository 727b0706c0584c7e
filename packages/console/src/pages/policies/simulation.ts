// A simulation: what is asked, and what its answer marks in the document.

import type { Reply, Request } from '../../api/call.ts'
import type { Effect } from './document.ts'

export type Simulated = Reply<'SimulatePolicy'>
export type Asked = Request<'SimulatePolicy'>

/** The statement of the draft that decided. */
export interface Marked {
  readonly index: number
  readonly effect: Effect
}

export interface Draft {
  readonly document: string
  /** That it takes the place of; undefined: of none. */
  readonly policyId: number | undefined
}

/** Only a statement of the draft itself: others stand in other documents. */
export function markedBy(reply: Simulated | undefined): Marked | undefined {
  const decider = reply?.DecidedBy
  if (!decider || decider.PolicyId !== null) return undefined
  return { index: decider.StatementIndex, effect: decider.Effect }
}

export type Tried = 'pull' | 'push' | 'delete'

/** What a client asks for, in Enterprise and in Personal edition. */
export function actionsOf(tried: Tried, isPersonal: boolean): readonly string[] {
  const end = isPersonal ? 'Personal' : ''
  const pull = `tcr:PullRepository${end}`
  switch (tried) {
    case 'pull':
      return [pull]
    case 'push':
      return [pull, `tcr:PushRepository${end}`]
    case 'delete':
      return [`tcr:DeleteImage${end}`]
  }
}
