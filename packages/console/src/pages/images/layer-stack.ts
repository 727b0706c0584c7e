// How the layers of an image are drawn: the base at the bottom, each as high as its share of the whole.

export interface DrawnStep {
  readonly Digest: string | null
  readonly Size: number
}

export interface Drawing<Step> {
  readonly step: Step
  /** From the base, counted from 1; undefined: the step made no layer. */
  readonly number: number | undefined
  readonly share: number
  readonly heightPx: number
}

const wholePx = 420
/** A line of text stands in it. */
const leastPx = 32
const emptyPx = 22

/** The top first. */
export function drawStack<Step extends DrawnStep>(
  steps: readonly Step[],
): readonly Drawing<Step>[] {
  const total = steps.reduce((sum, { Size }) => sum + Size, 0)
  let number = 0
  const drawn = steps.map((step): Drawing<Step> => {
    if (step.Digest === null) return { step, number: undefined, share: 0, heightPx: emptyPx }
    number += 1
    const share = total === 0 ? 0 : step.Size / total
    return { step, number, share, heightPx: Math.max(leastPx, Math.round(share * wholePx)) }
  })
  return drawn.reverse()
}
