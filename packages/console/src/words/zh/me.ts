import type { me as en } from '../en/me.ts'

export const me: { readonly [key in keyof typeof en]: string } = {}
