import type { welcome as en } from '../en/welcome.ts'

export const welcome: { readonly [key in keyof typeof en]: string } = {}
