import type { overview as en } from '../en/overview.ts'

export const overview: { readonly [key in keyof typeof en]: string } = {}
