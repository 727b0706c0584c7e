import { paths } from '../../paths.ts'

/** The page of a repository: its name has a slash, which no drawer's has. */
export function repositoryAddress(region: string, name: string): string {
  return `${paths.personal(region)}?${new URLSearchParams({ open: name })}`
}
