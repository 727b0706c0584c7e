import type { access as en } from '../en/access.ts'

export const access: { readonly [key in keyof typeof en]: string } = {}
