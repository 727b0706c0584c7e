// Paths of repositories: the first segment is the namespace, the rest may have slashes.

export interface PathParts {
  readonly namespace: string
  readonly name: string
}

export function splitPath(path: string): PathParts {
  const slash = path.indexOf('/')
  return { namespace: path.slice(0, slash), name: path.slice(slash + 1) }
}

/** What a policy's form asks for; `*` are its tags. */
export function resourcePath(instance: string, path: string): string {
  return `${instance}/${path}/*`
}

/** The last segment of the resource, as rights are asked. */
export function resourceOf(instance: string, path: string): string {
  return `repository/${instance}/${path}`
}
