/** What the name carries at login and wherever it is shown; the row holds the bare name. */
export const servicePrefix = 'tcr$'
/** Some CI systems can't pass a `$`. */
const alternativePrefix = 'tcr@'

const maxNameLength = 128

export function isServiceAccountName(name: string): boolean {
  return name.length <= maxNameLength && /^[a-z0-9][a-z0-9._-]*$/.test(name)
}

/** As people write the name of one that should be there: with either prefix, or without. */
export function bareName(written: string): string {
  const prefix = [servicePrefix, alternativePrefix].find((one) => written.startsWith(one))
  return prefix === undefined ? written : written.slice(prefix.length)
}

/** The bare name of a login as a service account; undefined: no such login. */
export function parseServiceLogin(username: string): string | undefined {
  for (const prefix of [servicePrefix, alternativePrefix]) {
    if (!username.startsWith(prefix)) continue
    const name = username.slice(prefix.length)
    return isServiceAccountName(name) ? name : undefined
  }
  return undefined
}
