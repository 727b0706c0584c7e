// What of a list a caller may see, in a form for SQL: paths that are equal to, that begin with, or that are
// LIKE something, and what statements ask about a row's tags and its creator. It agrees with `evaluate` on every row.

import type { Rule } from './compiled.ts'
import { type Context, conditionsHold } from './conditions.ts'
import { layersOf, type PolicySets } from './evaluate.ts'
import { matchesPlace, type Place, pathsFor } from './resources.ts'
import { type KnownValues, type RowSubject, type RowTest, rowTest, subjectOf } from './row-tests.ts'
import { matchesWildcard, parseWildcard, restsAfter } from './wildcard.ts'

/** Paths without the root's. A row is in it if any of the three holds. */
export interface PathSet {
  readonly equal: readonly string[]
  /** `team/` for all in that namespace; an empty one never stands here. */
  readonly prefixes: readonly string[]
  /** With `*` for any characters, somewhere before the end; `likePattern` makes them ready. */
  readonly globs: readonly string[]
}

/** What some statements say of the rows on these paths that meet all tests. */
export interface RowRule {
  readonly paths: PathSet | 'all'
  readonly tests: readonly RowTest[]
}

/** Beside the paths: all of it must hold too. */
export interface RowRules {
  readonly ownerUin: number
  /** A row is in each: on one of the paths, or met by a rule. */
  readonly allow: readonly { readonly paths: PathSet; readonly rules: readonly RowRule[] }[]
  /** And met by none of these. */
  readonly deny: readonly RowRule[]
  /** Tests that are left out until the values that rows may have are known. */
  readonly lacks: readonly RowSubject[]
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
      /** Undefined where nothing depends on tags or creators: without it too much is in, never too little. */
      readonly rows: RowRules | undefined
    }

export interface ListRequest {
  /** Of what is decided about each row: `tcr:DescribeRepositories`. */
  readonly action: string
  readonly place: Place
  /** What the path of each row begins with: `repository/tcr-1/`, `repo/`, `instance/`. */
  readonly root: string
  readonly context: Context
  readonly known?: KnownValues | undefined
}

/** Of one list. What goes beyond is refused: rows that only such a statement would allow are left out. */
export const maxRowTests = 64

export function reach(sets: PolicySets, request: ListRequest): Reach {
  if (request.place.ownerUin !== request.context.ownerUin) return { kind: 'none' }
  const action = request.action.toLowerCase()
  const layers = layersOf(sets).map(({ policies }) => policies.map((p) => p.rulesFor(action)))
  const collector = new Collector(request)
  const denied = collector.collect(layers.flat().flatMap((rules) => rulesOf(rules.deny)))
  if (denied.certain === 'all') return { kind: 'none' }
  const allow: PathSet[] = []
  const allowByRow: RowRules['allow'][number][] = []
  for (const rules of layers) {
    const { certain, possible, byRow, isByRow } = collector.collect(
      rules.flatMap((rules) => rulesOf(rules.allow)),
    )
    if (possible !== 'all' && isEmpty(possible)) return { kind: 'none' }
    if (possible !== 'all') allow.push(possible)
    // Where all is certain, what depends on the row adds nothing.
    if (certain !== 'all' && isByRow) allowByRow.push({ paths: certain, rules: byRow })
  }
  const rows: RowRules = {
    ownerUin: request.place.ownerUin,
    allow: allowByRow,
    deny: denied.byRow,
    lacks: [...collector.lacking],
  }
  const dependsOnRows = rows.allow.length + rows.deny.length + rows.lacks.length > 0
  const deny = denied.certain
  if (allow.length === 0 && isEmpty(deny) && !dependsOnRows) return { kind: 'all' }
  return { kind: 'some', allow, deny, rows: dependsOnRows ? rows : undefined }
}

function rulesOf(set: { everywhere: readonly Rule[]; somewhere: readonly Rule[] } | undefined) {
  return set ? [...set.everywhere, ...set.somewhere] : []
}

interface Collected {
  /** Where a rule holds for every row. */
  readonly certain: PathSet | 'all'
  /** Where one holds for some: these too. */
  readonly possible: PathSet | 'all'
  readonly byRow: readonly RowRule[]
  /** Something depends on the row, be it left out of `byRow` for its size. */
  readonly isByRow: boolean
}

interface TestedPaths {
  readonly tests: readonly RowTest[]
  readonly patterns: Set<string>
}

class Collector {
  readonly lacking = new Set<RowSubject>()
  readonly #request: ListRequest
  #testsLeft = maxRowTests

  constructor(request: ListRequest) {
    this.#request = request
  }

  collect(rules: readonly Rule[]): Collected {
    const certain = new Set<string>()
    const possible = new Set<string>()
    const byTests = new Map<string, TestedPaths>()
    let isByRow = false
    for (const rule of rules) {
      if (!holdsBeforeRows(rule, this.#request.context)) continue
      const patterns = patternsUnder(rule, this.#request)
      if (patterns.length === 0) continue
      const tests = this.#testsOf(rule)
      isByRow ||= tests.length > 0
      for (const pattern of patterns) {
        possible.add(pattern)
        if (tests.length === 0) certain.add(pattern)
      }
      if (tests.length > 0)
        this.#sort(byTests, rule, { tests, patterns: new Set(patterns) }, certain)
    }
    if (certain.has('*')) return { certain: 'all', possible: 'all', byRow: [], isByRow: false }
    const byRow = [...byTests.values()].map(({ tests, patterns }) => {
      return { tests, paths: pathSet(patterns) }
    })
    return { certain: pathsOf(certain), possible: pathSet(possible), byRow, isByRow }
  }

  /** Undefined stands for a test whose values are not known yet. */
  #testsOf({ statement: { conditions, effect } }: Rule): readonly (RowTest | undefined)[] {
    const { context, known = {} } = this.#request
    return conditions
      .filter((condition) => condition.isOfResource)
      .map((condition) => {
        const test = rowTest(condition, effect, context, known)
        if (!test) this.lacking.add(subjectOf(condition))
        return test
      })
  }

  #sort(
    byTests: Map<string, TestedPaths>,
    { statement: { effect } }: Rule,
    { tests, patterns }: { tests: readonly (RowTest | undefined)[]; patterns: Set<string> },
    certain: Set<string>,
  ): void {
    const known = tests.filter((test) => test !== undefined)
    if (known.length < tests.length) return
    const key = JSON.stringify(known)
    const same = byTests.get(key)
    if (same) {
      for (const pattern of patterns) same.patterns.add(pattern)
    } else if (known.length <= this.#testsLeft) {
      this.#testsLeft -= known.length
      byTests.set(key, { tests: known, patterns })
    } else if (effect === 'deny') {
      for (const pattern of patterns) certain.add(pattern)
    }
  }
}

function holdsBeforeRows({ statement }: Rule, context: Context): boolean {
  const { conditions, effect } = statement
  const others = conditions.filter((condition) => !condition.isOfResource)
  return conditionsHold(others, effect, context, undefined)
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
  return patterns.has('*') ? 'all' : pathsOf(patterns)
}

/** Of patterns that don't mean everything. */
function pathsOf(patterns: ReadonlySet<string>): PathSet {
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

/** What SQL does, of what has neither tags nor a creator. */
export function mayReach(reached: Reach, path: string): boolean {
  if (reached.kind !== 'some') return reached.kind === 'all'
  const { allow, deny, rows } = reached
  if (!allow.every((set) => hasPath(set, path)) || hasPath(deny, path)) return false
  const isMet = ({ paths, tests }: RowRule) =>
    (paths === 'all' || hasPath(paths, path)) && tests.every(({ ifMissing }) => ifMissing)
  if (rows?.deny.some(isMet)) return false
  return rows?.allow.every(({ paths, rules }) => hasPath(paths, path) || rules.some(isMet)) ?? true
}

/** For `path LIKE … ESCAPE '\'`. */
export function likePattern(glob: string): string {
  return glob.replaceAll(/[\\%_]/g, '\\$&').replaceAll('*', '%')
}

/**
 * For `name LIKE … ESCAPE '\'`: names that have the text in them. Their letters are small, and LIKE of SQLite does not
 * tell cases apart.
 */
export function containedPattern(text: string): string {
  return likePattern(`*${text.toLowerCase().replaceAll('*', '')}*`)
}

/** A path begins with the prefix if it is at least that and less than this; true of ASCII prefixes. */
export function endOfPrefix(prefix: string): string {
  const last = prefix.charCodeAt(prefix.length - 1)
  return prefix.slice(0, -1) + String.fromCharCode(last + 1)
}
