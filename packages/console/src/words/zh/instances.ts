import type { instances as en } from '../en/instances.ts'

export const instances: { readonly [key in keyof typeof en]: string } = {}
