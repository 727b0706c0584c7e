// Bytes as people set them: an amount of a unit.

export const quotaUnits = { mib: 1024 ** 2, gib: 1024 ** 3, tib: 1024 ** 4 } as const
export type QuotaUnit = keyof typeof quotaUnits

const order: readonly QuotaUnit[] = ['tib', 'gib', 'mib']

/** The largest unit that leaves a plain number: never more than three digits after the point. */
export function splitBytes(bytes: number): { readonly amount: number; readonly unit: QuotaUnit } {
  const unit = order.find((one) => bytes >= quotaUnits[one] && isPlain(bytes / quotaUnits[one]))
  const chosen = unit ?? 'mib'
  return { amount: Math.round((bytes / quotaUnits[chosen]) * 1000) / 1000, unit: chosen }
}

function isPlain(amount: number): boolean {
  return Number.isInteger(amount * 1000)
}

/** Undefined: no amount, or more than can be counted. */
export function bytesOf(amount: string, unit: QuotaUnit): number | undefined {
  if (amount.trim() === '') return undefined
  const bytes = Math.round(Number(amount) * quotaUnits[unit])
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined
}
