// Instances that are paid in advance. One whose time is over can only be read until it is renewed; nothing of it is
// deleted. One that renews itself never ends.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Instance } from './instances.ts'

/** `RegistryChargeType` */
export const payByUse = 0
export const payInAdvance = 1
/** `RenewFlag` */
export const renewsItself = 1
/** By which one that renews itself goes on. */
export const monthsOfRenewal = 1

type Paid = Pick<Instance, 'chargeType' | 'renewFlag' | 'expiresAt'>

export function isReadOnly({ chargeType, renewFlag, expiresAt }: Paid, atMs: number): boolean {
  if (chargeType !== payInAdvance || expiresAt === null || renewFlag === renewsItself) return false
  return expiresAt <= atMs
}

/** Throws INSTANCE_READ_ONLY. Asked by what adds to an instance's content, or takes from it. */
export function assertWritable(instance: Paid & Pick<Instance, 'name'>, atMs: number): void {
  if (!isReadOnly(instance, atMs)) return
  const day = new Date(instance.expiresAt ?? atMs).toISOString().slice(0, 10)
  throw new ApiError('INSTANCE_READ_ONLY', {
    message: {
      en: `instance ${instance.name} was paid until ${day}: it can be pulled from, and pushed to again when it is renewed`,
      zh: `实例 ${instance.name} 已于 ${day} 到期：仍可拉取，续费后可恢复推送`,
    },
    detail: { instance: instance.name, expiredAt: day },
  })
}

/** From the end of what was paid, or from now where that is over. */
export function extendTo(expiresAt: number | null, atMs: number, months: number): number {
  return addMonths(Math.max(expiresAt ?? atMs, atMs), months)
}

/** The same day of a later month, or its last one: a month from January 31 is the end of February. */
export function addMonths(ms: number, months: number): number {
  const date = new Date(ms)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, lastDay))
  return date.getTime()
}
