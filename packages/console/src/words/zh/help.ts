import type { help as en } from '../en/help.ts'

export const help: { readonly [key in keyof typeof en]: string } = {}
