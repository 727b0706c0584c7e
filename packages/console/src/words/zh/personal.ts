import type { personal as en } from '../en/personal.ts'

export const personal: { readonly [key in keyof typeof en]: string } = {}
