// The largest blob: what the operator allows and what the store holds, whichever is smaller.

import type { Driver } from '../storage/driver.ts'

export function maxBlobBytesOf(setting: number, store: Pick<Driver, 'limits'>): number {
  return Math.min(setting, store.limits.maxObjectBytes)
}

/** For an operator who allows more than the store can hold. */
export function blobLimitWarning(
  setting: number,
  { kind, limits }: Pick<Driver, 'kind' | 'limits'>,
): string | undefined {
  if (maxBlobBytesOf(setting, { limits }) === setting) return undefined
  const gibibytes = Math.floor(limits.maxObjectBytes / 1024 ** 3)
  return `ENTREPOT_MAX_BLOB_BYTES allows more than the storage (${kind}) holds in one object: blobs over ${gibibytes} GiB are refused all the same. Set it to ${gibibytes}GiB or less`
}
