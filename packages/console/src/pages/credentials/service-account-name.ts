// The names of service accounts: `tcr$ci` and `tcr@ci` are the same login.

export const servicePrefix = 'tcr$'
const otherPrefix = 'tcr@'

/** Where a shell or a pipeline eats `$`. */
export function otherSpelling(name: string): string {
  return name.startsWith(servicePrefix) ? `${otherPrefix}${name.slice(servicePrefix.length)}` : name
}

export const namePattern = /^[a-z0-9][a-z0-9._-]{0,127}$/
export const maxNameChars = 128
