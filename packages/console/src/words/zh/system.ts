import type { system as en } from '../en/system.ts'

export const system: { readonly [key in keyof typeof en]: string } = {}
