import type { usage as en } from '../en/usage.ts'

export const usage: { readonly [key in keyof typeof en]: string } = {}
