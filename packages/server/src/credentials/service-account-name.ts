/** What the name carries at login and wherever it is shown; the row holds the bare name. */
export const servicePrefix = 'tcr$'
/** Some CI systems can't pass a `$`. */
const alternativePrefix = 'tcr@'

const maxNameLength = 128

export function isServiceAccountName(name: string): boolean {
  return name.length <= maxNameLength && /^[a-z0-9][a-z0-9._-]*$/.test(name)
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
