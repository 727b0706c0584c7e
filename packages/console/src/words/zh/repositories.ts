import type { repositories as en } from '../en/repositories.ts'

export const repositories: { readonly [key in keyof typeof en]: string } = {}
