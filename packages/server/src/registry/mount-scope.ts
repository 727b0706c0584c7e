/** A mount needs a token for both repositories: push here, pull there. */
export function pushScope(path: string, mountedFrom?: string): string {
  const target = `repository:${path}:pull,push`
  return mountedFrom === undefined ? target : `${target} repository:${mountedFrom}:pull`
}
