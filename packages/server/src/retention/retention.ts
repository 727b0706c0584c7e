// Retention: a rule of a namespace says which of its tags stay. Pure.
//
// A repository that some item of the rule covers loses every tag that no item keeps; one that none covers is left
// alone. Each tag is judged by itself, also where several name one manifest. Not judged are charts, unless an item
// says that it is about them, and cosign's tags of signatures, which stay as long as what they are about.
//
// Tags are judged from the newest push on, so that a tag's rank is known from those before it, and a repository of a
// million tags needs no memory.

import { compilePattern, type NameTest } from '@entrepot/contract/pattern.ts'

export interface Decorated {
  readonly pattern: string
  /** True: all that the pattern does not match. */
  readonly excludes: boolean
}

export type Keep =
  /** The newest pushed, counted in each repository among the tags that the item is about. */
  | { readonly kind: 'newest'; readonly count: number }
  | { readonly kind: 'days'; readonly days: number }

export interface RuleItem {
  /** On names within the namespace; undefined: all. */
  readonly repository?: Decorated | undefined
  /** Undefined: all. */
  readonly tag?: Decorated | undefined
  readonly keep: Keep
  /** Charts too; without it they are neither counted nor removed. */
  readonly withCharts: boolean
}

export interface JudgedTag {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly pushedAt: number
  readonly isChart: boolean
  /** Of a tag of a signature: whether what it is about is there. */
  readonly subject?: 'present' | 'gone' | undefined
}

export type KeptReason =
  | 'newest'
  | 'days'
  | 'immutable'
  | 'chart'
  | 'signature'
  /** Pushed, or no longer there, when it was to be removed. */
  | 'pushed-since'

export type RemovedReason = 'no-item' | 'orphan'

export type Verdict =
  | {
      readonly fate: 'kept'
      readonly reason: KeptReason
      /** Which item keeps it, from 1; of `immutable`: the number of that rule. */
      readonly by?: number | undefined
      /** Of `newest`: its rank. */
      readonly rank?: number | undefined
    }
  | { readonly fate: 'removed'; readonly reason: RemovedReason }

/** A rule whose patterns are compiled: it is asked for many repositories. */
export interface CompiledRule {
  /** Undefined: no item covers the repository. */
  covering(repository: string): readonly CompiledItem[] | undefined
}

interface CompiledItem {
  readonly item: RuleItem
  /** From 1. */
  readonly number: number
  readonly isAbout: NameTest
}

export function compileRule(items: readonly RuleItem[]): CompiledRule {
  const compiled = items.map((item, index) => ({
    item,
    number: index + 1,
    covers: testOf(item.repository),
    isAbout: testOf(item.tag),
  }))
  return {
    covering(repository) {
      const covering = compiled.filter(({ covers }) => covers(repository))
      return covering.length === 0 ? undefined : covering
    },
  }
}

function testOf(decorated: Decorated | undefined): NameTest {
  if (!decorated) return () => true
  const matches = compilePattern(decorated.pattern)
  return decorated.excludes ? (name) => !matches(name) : matches
}

export interface Surroundings {
  /** Those of the rule that cover the repository. */
  readonly covering: readonly CompiledItem[]
  readonly now: number
  /** After how many days the namespace removes what is about something that is gone; undefined: never. */
  readonly untaggedDays: number | undefined
  /** The immutability rule of the namespace. */
  readonly immutable?: ImmutableTags | undefined
}

export interface ImmutableTags {
  readonly number: number
  covers(tag: string): boolean
}

export interface Judge {
  /** To be asked for each tag once, the newest first. */
  judge(tag: JudgedTag): Verdict
  /**
   * For each item that keeps a number of tags: those that it keeps. A tag may be removed only while they are all there,
   * else one of those after them takes its place.
   */
  readonly keepers: readonly (readonly string[])[]
}

export const dayMs = 86_400_000

/** `sha256-<hex>.sig`, `.att`, `.sbom`: what cosign says about the manifest of that digest. */
const signatureTag = /^(sha256)-([0-9a-f]{64})(?:\.[a-z]+)?$/

/** The digest that a tag of a signature is about. */
export function subjectOf(tag: string): string | undefined {
  const [, algorithm, hex] = signatureTag.exec(tag) ?? []
  return hex === undefined ? undefined : `${algorithm}:${hex}`
}

/** Of one repository. */
export function openJudge(around: Surroundings): Judge {
  const { now, untaggedDays, immutable } = around
  const covering = around.covering.map((item) => new AskedItem(item, now))
  const orphansBefore = untaggedDays === undefined ? undefined : now - untaggedDays * dayMs
  const coversCharts = around.covering.some(({ item }) => item.withCharts)
  return {
    keepers: covering.map(({ keepers }) => keepers),
    judge(tag) {
      if (tag.isChart && !coversCharts) return { fate: 'kept', reason: 'chart' }
      if (tag.subject !== undefined) {
        const isOrphan = tag.subject === 'gone' && orphansBefore !== undefined
        if (!isOrphan || tag.pushedAt >= orphansBefore) return { fate: 'kept', reason: 'signature' }
        return unlessImmutable(tag, { fate: 'removed', reason: 'orphan' })
      }
      // All are asked: each counts those that it is about.
      const verdicts = covering.map((item) => item.ask(tag))
      const kept = verdicts.find((verdict) => verdict !== undefined)
      return kept ?? unlessImmutable(tag, { fate: 'removed', reason: 'no-item' })
    },
  }

  function unlessImmutable(tag: JudgedTag, removed: Verdict): Verdict {
    if (!immutable?.covers(tag.name)) return removed
    return { fate: 'kept', reason: 'immutable', by: immutable.number }
  }
}

class AskedItem {
  readonly keepers: string[] = []
  readonly #compiled: CompiledItem
  readonly #since: number

  constructor(compiled: CompiledItem, now: number) {
    this.#compiled = compiled
    const { keep } = compiled.item
    this.#since = keep.kind === 'days' ? now - keep.days * dayMs : 0
  }

  /** Undefined: it doesn't keep the tag. */
  ask(tag: JudgedTag): Verdict | undefined {
    const { item, number: by, isAbout } = this.#compiled
    const { keep, withCharts } = item
    if ((tag.isChart && !withCharts) || !isAbout(tag.name)) return undefined
    if (keep.kind === 'days') {
      return tag.pushedAt >= this.#since ? { fate: 'kept', reason: 'days', by } : undefined
    }
    if (this.keepers.length >= keep.count) return undefined
    this.keepers.push(tag.id)
    return { fate: 'kept', reason: 'newest', by, rank: this.keepers.length }
  }
}
