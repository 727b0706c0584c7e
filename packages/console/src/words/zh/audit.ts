import type { audit as en } from '../en/audit.ts'

export const audit: { readonly [key in keyof typeof en]: string } = {}
