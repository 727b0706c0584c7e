// What each edition may hold and do: the table that the server enforces and the console shows. Data: an operator can
// raise a quota for one instance.

export type Edition = 'basic' | 'standard' | 'premium'

/** From the smallest to the largest. */
export const editions: readonly Edition[] = ['basic', 'standard', 'premium']

/** What has a quota by edition. */
export type EditionMetric = 'namespaces' | 'repositories' | 'chart-repositories' | 'vpc-links'

export type EditionQuotas = Readonly<Record<EditionMetric, number>>

export const editionQuotas: Readonly<Record<Edition, EditionQuotas>> = {
  basic: { namespaces: 50, repositories: 1000, 'chart-repositories': 1000, 'vpc-links': 5 },
  standard: { namespaces: 100, repositories: 3000, 'chart-repositories': 3000, 'vpc-links': 10 },
  premium: { namespaces: 500, repositories: 5000, 'chart-repositories': 5000, 'vpc-links': 20 },
}

/** How long rows of the audit log are kept. */
export const editionAuditDays: Readonly<Record<Edition, number>> = {
  basic: 7,
  standard: 15,
  premium: 30,
}

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
