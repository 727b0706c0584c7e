// What of a list a caller may see, in a form for SQL: paths that are equal to, that begin with, or that are
// LIKE something. It agrees with `evaluate` on every row. Where statements ask about a row's tags or its
// creator, SQL can't tell: `perRow` then says that the form lets through too much and never too little, and
// that `evaluate` has to be asked about each row which comes through.

import type { Rule } from './compiled.ts'
import { type Context, conditionsHold } from './conditions.ts'
import { layersOf, type PolicySets } from './evaluate.ts'
import { matchesPlace, type Place, pathsFor } from './resources.ts'
import { matchesWildcard, parseWildcard, restsAfter } from './wildcard.ts'

/** Paths without the root's. A row is in it if any of the three holds. */
export interface PathSet {
  readonly equal: readonly string[]
  /** `team/` for all in that namespace; an empty one never stands here. */
  readonly prefixes: readonly string[]
  /** With `*` for any characters, somewhere before the end; `likePattern` makes them ready. */
  readonly globs: readonly string[]
}

export type Reach =
  /** No statement allows it on anything: the list is refused, not empty. */
  | { readonly kind: 'none' }
  | { readonly kind: 'all' }
  | {
      readonly kind: 'some'
      /** A row is in each of these; none: all rows are in. */
      readonly allow: readonly PathSet[]
      /** And not in this one. */
      readonly deny: PathSet
      readonly perRow: boolean
    }

export interface ListRequest {
  /** Of what is decided about each row: `tcr:DescribeRepositories`. */
  readonly action: string
  readonly place: Place
  /** What the path of each row begins with: `repository/tcr-1/`, `repo/`, `instance/`. */
  readonly root: string
  readonly context: Context
  /** What becomes of rows whose tags or creator decide; `in` unless told, and then each has to be asked about. */
  readonly unsure?: 'in' | 'out' | undefined
}

export function reach(sets: PolicySets, request: ListRequest): Reach {
  if (request.place.ownerUin !== request.context.ownerUin) return { kind: 'none' }
  const action = request.action.toLowerCase()
  const isOut = request.unsure === 'out'
  const layers = layersOf(sets).map(({ policies }) => policies.map((p) => p.rulesFor(action)))
  const denied = collect(
    layers.flat().flatMap((rules) => rulesOf(rules.deny)),
    request,
  )
  const deny = isOut ? denied.possible : denied.certain
  if (deny === 'all') return { kind: 'none' }
  let perRow = denied.isPerRow
  const allow: PathSet[] = []
  for (const rules of layers) {
    const allowed = collect(
      rules.flatMap((rules) => rulesOf(rules.allow)),
      request,
    )
    const paths = isOut ? allowed.certain : allowed.possible
    if (paths !== 'all' && isEmpty(paths)) return { kind: 'none' }
    perRow ||= allowed.isPerRow
    if (paths !== 'all') allow.push(paths)
  }
  if (isOut) perRow = false
  if (allow.length === 0 && isEmpty(deny) && !perRow) return { kind: 'all' }
  return { kind: 'some', allow, deny, perRow }
}

function rulesOf(set: { everywhere: readonly Rule[]; somewhere: readonly Rule[] } | undefined) {
  return set ? [...set.everywhere, ...set.somewhere] : []
}

interface Collected {
  /** Where a rule holds for every row. */
  readonly certain: PathSet | 'all'
  /** Where one holds for some: these too. */
  readonly possible: PathSet | 'all'
  readonly isPerRow: boolean
}

function collect(rules: readonly Rule[], request: ListRequest): Collected {
  const certain = new Set<string>()
  const possible = new Set<string>()
  let isPerRow = false
  for (const rule of rules) {
    const holds = conditionsBeforeRows(rule, request.context)
    if (holds === 'no') continue
    const patterns = patternsUnder(rule, request)
    if (holds === 'depends' && patterns.length > 0) isPerRow = true
    for (const pattern of patterns) {
      possible.add(pattern)
      if (holds === 'yes') certain.add(pattern)
    }
  }
  // Where all is certain, what depends on the row adds nothing.
  if (certain.has('*')) return { certain: 'all', possible: 'all', isPerRow: false }
  return { certain: pathSet(certain), possible: pathSet(possible), isPerRow }
}

function conditionsBeforeRows(rule: Rule, context: Context): 'yes' | 'no' | 'depends' {
  const { conditions, effect } = rule.statement
  const others = conditions.filter((condition) => !condition.isOfResource)
  if (!conditionsHold(others, effect, context, undefined)) return 'no'
  return others.length < conditions.length ? 'depends' : 'yes'
}

/** No row's path has anything else; and without capitals LIKE means the same in both databases. */
const possiblePath = /^[a-z0-9._/*-]+$/

function patternsUnder(rule: Rule, { place, root, context }: ListRequest): string[] {
  const { resource } = rule
  if (!resource) return ['*']
  if (!matchesPlace(resource, place, context, 'covers')) return []
  const rests = pathsFor(resource, context).flatMap((path) => restsAfter(path, root))
  return rests.filter((rest) => possiblePath.test(rest))
}

function pathSet(patterns: ReadonlySet<string>): PathSet | 'all' {
  if (patterns.has('*')) return 'all'
  const all = [...patterns]
  const isPrefix = (pattern: string) => pattern.indexOf('*') === pattern.length - 1
  const prefixes = shortest(all.filter(isPrefix).map((pattern) => pattern.slice(0, -1)))
  const rest = all.filter((pattern) => !isPrefix(pattern) && !beginsWithAny(prefixes, pattern))
  return {
    equal: rest.filter((pattern) => !pattern.includes('*')),
    prefixes: [...prefixes.texts],
    globs: rest.filter((pattern) => pattern.includes('*')),
  }
}

interface Prefixes {
  readonly texts: Set<string>
  readonly lengths: Set<number>
}

/** Those that begin with no other one. */
function shortest(texts: readonly string[]): Prefixes {
  const kept: Prefixes = { texts: new Set(), lengths: new Set() }
  for (const text of texts.toSorted((a, b) => a.length - b.length)) {
    if (beginsWithAny(kept, text)) continue
    kept.texts.add(text)
    kept.lengths.add(text.length)
  }
  return kept
}

function beginsWithAny({ texts, lengths }: Prefixes, text: string): boolean {
  for (const length of lengths) {
    if (length <= text.length && texts.has(text.slice(0, length))) return true
  }
  return false
}

function isEmpty({ equal, prefixes, globs }: PathSet): boolean {
  return equal.length + prefixes.length + globs.length === 0
}

/** What SQL does, for what is not in SQL. */
export function hasPath({ equal, prefixes, globs }: PathSet, path: string): boolean {
  return (
    equal.includes(path) ||
    prefixes.some((prefix) => path.startsWith(prefix)) ||
    globs.some((glob) => matchesWildcard(parseWildcard(glob), path))
  )
}

export function mayReach(reached: Reach, path: string): boolean {
  if (reached.kind !== 'some') return reached.kind === 'all'
  return reached.allow.every((set) => hasPath(set, path)) && !hasPath(reached.deny, path)
}

/** For `path LIKE … ESCAPE '\'`. */
export function likePattern(glob: string): string {
  return glob.replaceAll(/[\\%_]/g, '\\$&').replaceAll('*', '%')
}

/** A path begins with the prefix if it is at least that and less than this; true of ASCII prefixes. */
export function endOfPrefix(prefix: string): string {
  const last = prefix.charCodeAt(prefix.length - 1)
  return prefix.slice(0, -1) + String.fromCharCode(last + 1)
}
