import type { images as en } from '../en/images.ts'

export const images: { readonly [key in keyof typeof en]: string } = {}
