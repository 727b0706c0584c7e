import type { refusals as en } from '../en/refusals.ts'

export const refusals: { readonly [key in keyof typeof en]: string } = {}
