import type { jobs as en } from '../en/jobs.ts'

export const jobs: { readonly [key in keyof typeof en]: string } = {}
