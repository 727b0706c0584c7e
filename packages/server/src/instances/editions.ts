// What a change of the edition takes away.

import {
  type Edition,
  type EditionFeature,
  type EditionMetric,
  editionFeatures,
  editionQuotas,
  isAtLeast,
} from '@entrepot/contract/editions.ts'

/** In the order in which they are shown. */
export const editionMetrics = Object.keys(editionQuotas.basic) as readonly EditionMetric[]

/** What somebody who goes from one edition to another gives up. */
export function lostFeatures(from: Edition, to: Edition): readonly EditionFeature[] {
  const features = Object.keys(editionFeatures) as EditionFeature[]
  return features.filter((feature) => {
    const smallest = editionFeatures[feature]
    return isAtLeast(from, smallest) && !isAtLeast(to, smallest)
  })
}
