// A policy made ready to decide: read once a version, then asked on every request. For each action that was
// asked about it keeps its statements by their resources, so that a decision looks only at what may be about it,
// however many statements there are.

import { matchesAction } from './action-names.ts'
import type { Effect } from './conditions.ts'
import { parsePolicy, type Statement } from './document.ts'
import { PathIndex } from './path-index.ts'
import type { Segments } from './resources.ts'

/** One statement with one of its resources. */
export interface Rule {
  readonly policy: CompiledPolicy
  readonly statement: Statement
  /** Its place in the document, from 0. */
  readonly position: number
  /** Undefined for `*`. */
  readonly resource: Segments | undefined
}

/** The rules of one effect that are about one action. */
export interface RuleSet {
  /** With resource `*`. */
  readonly everywhere: readonly Rule[]
  /** Those whose resources have no variables. */
  readonly byPath: PathIndex<Rule>
  /** Whose resources have variables. */
  readonly templates: readonly Rule[]
  /** All but those with resource `*`. */
  readonly somewhere: readonly Rule[]
}

export type RuleSets = Readonly<Record<Effect, RuleSet | undefined>>

export interface PolicySource {
  /** 0 for a policy that has no row, as a session's. */
  readonly id: number
  /** What an empty account in a resource means; undefined for presets: the account of whoever asks. */
  readonly authorUin: number | undefined
}

const none: RuleSets = { allow: undefined, deny: undefined }

/** There are some hundred actions; whoever simulates may ask about others too. */
const maxActions = 1_000
/** For each resource of each statement: rules that are kept for some actions, at least for one set of them. */
const maxRulesPerResource = 4
/** On Node 26, of several kinds of documents: 2 to 15 bytes a character, 510 to 820 a rule. */
const bytesPerChar = 16
const bytesPerRule = 820

export class CompiledPolicy {
  readonly id: number
  readonly statements: readonly Statement[]
  /** Whether a condition asks about the tags or the creator of the resource. */
  readonly asksOfResource: boolean
  /** What it takes at most, with the rules that it keeps. */
  readonly maxBytes: number
  readonly #byAction = new Map<string, RuleSets>()
  /** Actions that the same statements are about share their rules: of `tcr:*` there is one set for all. */
  readonly #byStatements = new Map<string, RuleSets>()
  readonly #maxRules: number
  #rules = 0

  constructor(statements: readonly Statement[], id: number, chars: number) {
    this.id = id
    this.statements = statements
    this.asksOfResource = statements.some(({ conditions }) =>
      conditions.some((condition) => condition.isOfResource),
    )
    const resources = statements.reduce((sum, one) => sum + one.resources.length, 0)
    this.#maxRules = maxRulesPerResource * resources
    this.maxBytes = bytesPerChar * chars + bytesPerRule * this.#maxRules
  }

  /** The action in small letters. */
  rulesFor(action: string): RuleSets {
    return this.#byAction.get(action) ?? this.#select(action)
  }

  #select(action: string): RuleSets {
    const chosen = [...this.statements.entries()].filter(([, { actions }]) =>
      matchesAction(actions, action),
    )
    const key = chosen.map(([position]) => position).join()
    const known = this.#byStatements.get(key)
    const added = known ? 0 : chosen.reduce((sum, [, { resources }]) => sum + resources.length, 0)
    if (this.#byAction.size >= maxActions || this.#rules + added > this.#maxRules) {
      this.#byAction.clear()
      this.#byStatements.clear()
      this.#rules = 0
    }
    const rules = known ?? this.#group(chosen)
    this.#byAction.set(action, rules)
    this.#byStatements.set(key, rules)
    this.#rules += added
    return rules
  }

  #group(chosen: readonly (readonly [number, Statement])[]): RuleSets {
    if (chosen.length === 0) return none
    const rules = chosen.flatMap(([position, statement]) =>
      statement.resources.map((pattern): Rule => {
        const resource = pattern.kind === 'everything' ? undefined : pattern
        return { policy: this, statement, position, resource }
      }),
    )
    const of = (effect: Effect) => ruleSet(rules.filter((rule) => rule.statement.effect === effect))
    return { allow: of('allow'), deny: of('deny') }
  }
}

function ruleSet(rules: readonly Rule[]): RuleSet | undefined {
  if (rules.length === 0) return undefined
  const byPath = new PathIndex<Rule>()
  for (const rule of rules) for (const path of rule.resource?.paths ?? []) byPath.add(path, rule)
  return {
    everywhere: rules.filter((rule) => rule.resource === undefined),
    somewhere: rules.filter((rule) => rule.resource !== undefined),
    templates: rules.filter((rule) => rule.resource?.template !== undefined),
    byPath,
  }
}

/** Throws `PolicyProblem`. */
export function compilePolicy(text: string, { id, authorUin }: PolicySource): CompiledPolicy {
  return new CompiledPolicy(parsePolicy(text, authorUin), id, text.length)
}
