// Resources of policies in six segments: how the picker writes them, and what they say.

/** What a person picks. `path` may be empty: all of the namespace. */
export type Picked =
  | { readonly kind: 'instance'; readonly instance: string }
  | { readonly kind: 'contents'; readonly instance: string }
  | { readonly kind: 'namespace'; readonly instance: string; readonly namespace: string }
  | {
      readonly kind: 'repository'
      readonly instance: string
      readonly namespace: string
      readonly path: string
    }
  | { readonly kind: 'personalNamespace'; readonly namespace: string }
  | { readonly kind: 'personalRepository'; readonly namespace: string; readonly path: string }
  | { readonly kind: 'other'; readonly text: string }

export const everything = '*'
const prefix = 'qcs::tcr:::'

/** With `/*` at the end also what is below it, as the product's own documents have it. */
export function writeResource(picked: Picked): string {
  switch (picked.kind) {
    case 'instance':
      return `${prefix}instance/${picked.instance}`
    case 'contents':
      return `${prefix}repository/${picked.instance}/*`
    case 'namespace':
      return `${prefix}repository/${picked.instance}/${picked.namespace}/*`
    case 'repository':
      return `${prefix}repository/${picked.instance}/${picked.namespace}/${picked.path}/*`
    case 'personalNamespace':
      return `${prefix}repo/${picked.namespace}/*`
    case 'personalRepository':
      return `${prefix}repo/${picked.namespace}/${picked.path}`
    case 'other':
      return picked.text
  }
}

/** What a written one says, where it has one of the usual forms. */
export function readResource(written: string): Picked {
  const other: Picked = { kind: 'other', text: written }
  const [, path] = /^qcs::(?:tcr|ccr)?:[^:]*:[^:]*:(.+)$/.exec(written) ?? []
  if (path === undefined) return other
  const [kind, ...names] = path.split('/')
  const isBelow = names.at(-1) === '*'
  const plain = isBelow ? names.slice(0, -1) : names
  if (plain.some((name) => name === '' || /[*$]/.test(name))) return other
  const [first = '', second = '', ...rest] = plain
  if (kind === 'instance' && plain.length === 1 && !isBelow) return { kind, instance: first }
  if (kind === 'repo' && plain.length === 1 && isBelow) {
    return { kind: 'personalNamespace', namespace: first }
  }
  if (kind === 'repo' && plain.length > 1) {
    return { kind: 'personalRepository', namespace: first, path: [second, ...rest].join('/') }
  }
  if (kind !== 'repository' || !isBelow) return other
  if (plain.length === 1) return { kind: 'contents', instance: first }
  if (plain.length === 2) return { kind: 'namespace', instance: first, namespace: second }
  if (plain.length < 3) return other
  return { kind, instance: first, namespace: second, path: rest.join('/') }
}

export type ResourceMistake = 'segments' | 'project' | 'blanks' | 'account' | 'variable'

const account = /^(?:|uin\/|\*|uin\/\*|uin\/\$\{owner_uin\}|(?:uin|uid)\/\d{1,15})$/

/** Why the server would refuse it; undefined: it would not. */
export function mistakeIn(written: string): ResourceMistake | undefined {
  if (written === everything) return undefined
  const [scheme, project, service = '', region = '', owner = '', ...rest] = written.split(':')
  const path = rest.join(':')
  if (scheme !== 'qcs' || path === '') return 'segments'
  if (project !== '') return 'project'
  const isPlain = written.length <= maxChars && /^[\x21-\x7e]+$/.test(path)
  if (!isPlain || !/^[a-z0-9_*-]*$/.test(service) || !/^[a-z0-9*-]*$/.test(region)) return 'blanks'
  if (!account.test(owner)) return 'account'
  const used = [...path.matchAll(/\$\{([^}]*)\}/g)].map(([, name]) => name ?? '')
  return used.every((name) => ['uin', 'owner_uin', 'app_id'].includes(name))
    ? undefined
    : 'variable'
}

const maxChars = 1024

/** Six segments for a simulation; `resource` may be the last one alone. */
export function inSixSegments(resource: string): string {
  return resource.startsWith('qcs:') ? resource : `${prefix}${resource}`
}

/** The very thing, without what is below it: what a request is about. */
export function exactResource(picked: Picked): string {
  switch (picked.kind) {
    case 'namespace':
    case 'repository':
      return writeResource(picked).replace(/\/\*$/, '')
    default:
      return writeResource(picked)
  }
}
