// The scopes of the token protocol (distribution: docs/content/spec/auth/scope.md):
// `type[(class)]:name:action[,action]`. A name may carry a host with a port, so the text is split from both
// ends; the class is deprecated and ignored.

import {
  type Action,
  createRepository,
  deleteImage,
  describeRepositories,
  pullRepository,
  pushRepository,
} from './actions.ts'

export interface Scope {
  readonly type: 'repository' | 'registry'
  readonly name: string
  /** `pull`, `push`, `delete`, `*`. */
  readonly actions: readonly string[]
}

export const everyAction = '*'
export const catalogName = 'catalog'

/** containerd and BuildKit ask one scope per repository they may mount from: tens, not hundreds. */
export const maxScopes = 100
export const maxScopeLength = 512
const maxActionsPerScope = 16

/** What a scope's action lets its holder do at most. */
const actionsOfVerb: Readonly<Record<string, readonly Action[]>> = {
  pull: [pullRepository],
  push: [pushRepository, createRepository],
  delete: [deleteImage],
}

export const repositoryVerbs = ['pull', 'push', 'delete'] as const

export function actionsFor(verb: string): readonly Action[] {
  return actionsOfVerb[verb] ?? []
}

/** Undefined for what is malformed or of a type that is not ours: such a scope grants nothing. */
export function parseScope(text: string): Scope | undefined {
  if (text.length > maxScopeLength) return undefined
  const first = text.indexOf(':')
  const last = text.lastIndexOf(':')
  if (first <= 0 || last <= first + 1) return undefined
  const type = text.slice(0, first).replace(/\([a-z0-9]*\)$/i, '')
  if (type !== 'repository' && type !== 'registry') return undefined
  const verbs = text.slice(last + 1).split(',', maxActionsPerScope)
  const known = verbs.filter((verb) => verb === everyAction || /^[a-z]{1,16}$/.test(verb))
  if (known.length === 0) return undefined
  return { type, name: text.slice(first + 1, last), actions: [...new Set(known)] }
}

/** Every value of every `scope` parameter; one value may hold several, separated by spaces. */
export function parseScopes(values: readonly string[]): Scope[] {
  const byResource = new Map<string, Scope>()
  for (const value of values) {
    for (const text of value.split(' ')) {
      const scope = parseScope(text)
      if (!scope) continue
      const key = `${scope.type}:${scope.name}`
      const known = byResource.get(key)
      const actions = known ? [...new Set([...known.actions, ...scope.actions])] : scope.actions
      if (!known && byResource.size >= maxScopes) continue
      byResource.set(key, { ...scope, actions })
    }
  }
  return [...byResource.values()]
}

export function formatScope(scope: Scope): string {
  return `${scope.type}:${scope.name}:${scope.actions.join(',')}`
}

/** Whether the upper bound of a token covers the action; `path` is undefined for the catalog. */
export function scopesAllow(
  scopes: readonly Scope[] | undefined,
  action: Action,
  path: string | undefined,
): boolean {
  if (scopes === undefined) return true
  for (const scope of scopes) {
    if (path === undefined) {
      const isCatalog = scope.type === 'registry' && scope.name === catalogName
      if (isCatalog && action === describeRepositories && scope.actions.includes(everyAction)) {
        return true
      }
    } else if (scope.type === 'repository' && scope.name === path) {
      for (const verb of scope.actions) {
        if (verb === everyAction || actionsOfVerb[verb]?.includes(action)) return true
      }
    }
  }
  return false
}
