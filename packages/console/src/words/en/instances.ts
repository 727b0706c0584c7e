export const instances = {} as const
