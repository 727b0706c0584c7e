// What each edition may hold. Data: an operator can raise a quota for one instance.

export type Edition = 'basic' | 'standard' | 'premium'

export interface EditionQuotas {
  readonly namespaces: number
  readonly repositories: number
}

export const editionQuotas: Readonly<Record<Edition, EditionQuotas>> = {
  basic: { namespaces: 50, repositories: 1000 },
  standard: { namespaces: 100, repositories: 3000 },
  premium: { namespaces: 500, repositories: 5000 },
}
