import type { credentials as en } from '../en/credentials.ts'

export const credentials: { readonly [key in keyof typeof en]: string } = {}
