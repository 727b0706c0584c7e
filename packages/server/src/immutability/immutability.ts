// Immutability: a rule of a namespace says which of its tags can be neither moved nor deleted. Everything that moves or
// deletes tags asks `assertMutable` (queries.ts) in the transaction that does it.

import { ApiError } from '@entrepot/contract/errors.ts'
import { compilePattern, isAllPattern, type NameTest } from '@entrepot/contract/pattern.ts'

export interface Decorated {
  readonly pattern: string
  /** True: all that the pattern does not match. */
  readonly excludes: boolean
}

export interface RuleText {
  /** On names within the namespace. */
  readonly repository: Decorated
  readonly tag: Decorated
  readonly isOn: boolean
}

export interface Rule extends RuleText {
  /** What the API calls RuleId. */
  readonly number: number
  readonly namespaceId: string
}

/** `sha256-<hex>.sig`, `.att`, `.sbom`: where cosign keeps signatures, and moves the tag with each one added. */
const signatureTag = /^sha256-[0-9a-f]{64}(?:\.[a-z]+)?$/

/** Whether the rule covers a tag of a repository; asked for many, it compiles its patterns once. */
export function coverageOf(rule: RuleText): (repository: string, tag: string) => boolean {
  if (!rule.isOn) return () => false
  const coversRepository = testOf(rule.repository)
  const coversTag = testOf(rule.tag)
  const namesSignatures = !rule.tag.excludes && !isAllPattern(rule.tag.pattern)
  return (repository, tag) => {
    // "All tags" is about images: a second signature would be refused.
    if (!namesSignatures && signatureTag.test(tag)) return false
    return coversRepository(repository) && coversTag(tag)
  }
}

function testOf({ pattern, excludes }: Decorated): NameTest {
  const matches = compilePattern(pattern)
  return excludes ? (name) => !matches(name) : matches
}

/** The rule in a few words, for refusals: `tags but "latest" of repositories "**"`. */
function inWords({ repository, tag }: RuleText): { readonly en: string; readonly zh: string } {
  const shown = ({ pattern }: Decorated) => JSON.stringify(pattern === '' ? '**' : pattern)
  const but = ({ excludes }: Decorated) => (excludes ? 'but ' : '')
  const except = ({ excludes }: Decorated) => (excludes ? '除外于' : '匹配')
  return {
    en: `tags ${but(tag)}${shown(tag)} of repositories ${but(repository)}${shown(repository)}`,
    zh: `仓库${except(repository)} ${shown(repository)}，版本${except(tag)} ${shown(tag)}`,
  }
}

export function tagImmutable(rule: Rule, repository: string, tag: string): ApiError {
  const words = inWords(rule)
  const [namespace = ''] = repository.split('/')
  return new ApiError('TAG_IMMUTABLE', {
    message: {
      en: `${repository}:${tag} is immutable by rule ${rule.number} of namespace ${namespace} (${words.en}): push another tag, or change the rule`,
      zh: `${repository}:${tag} 受命名空间 ${namespace} 的版本不可变规则 ${rule.number} 保护（${words.zh}），请使用其他版本或修改规则`,
    },
    detail: { repository, tag, rule: rule.number },
  })
}

export function ruleExists(namespace: string): ApiError {
  return new ApiError('RULE_EXISTS', {
    message: {
      en: `namespace ${namespace} has an immutability rule: change that one`,
      zh: `命名空间 ${namespace} 已有版本不可变规则，请修改该规则`,
    },
    detail: { namespace },
  })
}
