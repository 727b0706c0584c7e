// What each edition may hold and do. Data: an operator can raise a quota for one instance.

import type { Metric } from '../quotas/quotas.ts'

export type Edition = 'basic' | 'standard' | 'premium'

/** From the smallest to the largest. */
export const editions: readonly Edition[] = ['basic', 'standard', 'premium']

/** What has a quota by edition. */
export type EditionMetric = Exclude<Metric, 'tags' | 'bytes'>

export type EditionQuotas = Readonly<Record<EditionMetric, number>>

export const editionQuotas: Readonly<Record<Edition, EditionQuotas>> = {
  basic: { namespaces: 50, repositories: 1000, 'chart-repositories': 1000, 'vpc-links': 5 },
  standard: { namespaces: 100, repositories: 3000, 'chart-repositories': 3000, 'vpc-links': 10 },
  premium: { namespaces: 500, repositories: 5000, 'chart-repositories': 5000, 'vpc-links': 20 },
}

/** In the order in which they are shown. */
export const editionMetrics = Object.keys(editionQuotas.basic) as readonly EditionMetric[]

/** Not more than so many in one region, of one main account. */
export const maxInstancesPerAccount = 10

/** What not every edition does, and the smallest that does. */
export const editionFeatures = {
  'block-vulnerable': 'standard',
  'sync-rules': 'standard',
  replicas: 'premium',
  acceleration: 'premium',
} as const satisfies Record<string, Edition>

export type EditionFeature = keyof typeof editionFeatures

export function isAtLeast(edition: Edition, smallest: Edition): boolean {
  return editions.indexOf(edition) >= editions.indexOf(smallest)
}

/** What somebody who goes from one edition to another gives up. */
export function lostFeatures(from: Edition, to: Edition): readonly EditionFeature[] {
  const features = Object.keys(editionFeatures) as EditionFeature[]
  return features.filter((feature) => {
    const smallest = editionFeatures[feature]
    return isAtLeast(from, smallest) && !isAtLeast(to, smallest)
  })
}
