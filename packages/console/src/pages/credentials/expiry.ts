// When a service account ends: how near that is, and what a form sends for it.

import type { Tone } from '../../patterns/shown.tsx'

const dayMs = 86_400_000
/** As the overview names those that end soon. */
export const soonDays = 14
const urgentDays = 3
/** Of `ExpiresAt` and `Duration`. */
export const never = -1
export const maxDays = 36_500

/** Undefined: never. */
export function endOf(expiresAt: number | null | undefined): Date | undefined {
  return expiresAt === null || expiresAt === undefined || expiresAt === never
    ? undefined
    : new Date(expiresAt)
}

export function isOver(expiresAt: number | null | undefined, nowMs: number): boolean {
  const end = endOf(expiresAt)
  return end !== undefined && end.getTime() <= nowMs
}

export function endsWithin(
  expiresAt: number | null | undefined,
  nowMs: number,
  days: number,
): boolean {
  const end = endOf(expiresAt)
  return end !== undefined && end.getTime() > nowMs && end.getTime() <= nowMs + days * dayMs
}

export function expiryTone(expiresAt: number | null | undefined, nowMs: number): Tone {
  if (isOver(expiresAt, nowMs) || endsWithin(expiresAt, nowMs, urgentDays)) return 'bad'
  return endsWithin(expiresAt, nowMs, soonDays) ? 'warn' : 'off'
}

export function inDays(days: number, nowMs: number): Date {
  return new Date(nowMs + days * dayMs)
}

/** The end of a day as the box of dates writes it, on the clock of this machine; undefined: no day. */
export function endOfDay(text: string): Date | undefined {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []
  if (day === undefined) return undefined
  return new Date(Number(year), Number(month) - 1, Number(day), 23, 59, 59)
}

/** `2026-12-21`, on the clock of this machine. */
export function dayText(at: Date): string {
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
}
