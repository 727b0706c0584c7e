// Actions as policies name them: `tcr:PullRepository`, also `name/tcr:PullRepository`, with `*` for any
// characters. Capitals make no difference: a refusal must not miss for the sake of one.

import { PolicyProblem } from './problem.ts'
import { matchesWildcard, parseWildcard, type Wildcard } from './wildcard.ts'

const namePrefix = 'name/'
const permissionSetPrefix = 'permid/'
const maxActionChars = 128
const actionPattern = /^(?:\*|[a-z0-9_*-]+:[a-z0-9_*]+)$/

/**
 * Personal edition had an API of its own before; what it called otherwise. The rest of its actions only got
 * the ending.
 */
const olderNames: Readonly<Record<string, string>> = {
  createccrnamespace: 'createnamespacepersonal',
  deleteusernamespace: 'deletenamespacepersonal',
  getuserrepositorylist: 'describerepositoryownerpersonal',
  deletetag: 'deleteimagepersonal',
  batchdeletetag: 'batchdeleteimagepersonal',
  pull: 'pullrepositorypersonal',
  push: 'pushrepositorypersonal',
}
const olderProduct = 'ccr:'
const personalEnding = 'personal'

/**
 * The patterns that one written action stands for, in small letters. None for a permission set: what is in it is known
 * to Tencent Cloud only, so it can't grant anything here.
 */
export function parseAction(written: unknown, field: string): readonly Wildcard[] {
  if (typeof written !== 'string') {
    throw new PolicyProblem(field, { en: 'must be text', zh: '必须是字符串' })
  }
  const known = parsed.get(written)
  if (known) return known
  const patterns = patternsOf(written, field)
  if (parsed.size < maxParsed) parsed.set(written, patterns)
  return patterns
}

/** Statements name the same actions again and again: read once, all policies share them. */
const parsed = new Map<string, readonly Wildcard[]>()
const maxParsed = 2_000

function patternsOf(written: string, field: string): readonly Wildcard[] {
  if (isPermissionSet(written)) return []
  const plain = written.startsWith(namePrefix) ? written.slice(namePrefix.length) : written
  const text = plain.toLowerCase()
  if (plain.length > maxActionChars || !actionPattern.test(text)) {
    throw new PolicyProblem(field, {
      en: `must be *, or <service>:<action> of at most ${maxActionChars} characters, such as tcr:Describe*`,
      zh: `必须是 *，或不超过 ${maxActionChars} 个字符的 <service>:<action>，例如 tcr:Describe*`,
    })
  }
  const patterns = text.startsWith(olderProduct) ? twinsOf(text) : [text]
  return patterns.map(parseWildcard)
}

export function isPermissionSet(written: string): boolean {
  return written.startsWith(permissionSetPrefix) && /^permid\/\d{1,20}$/.test(written)
}

function twinsOf(older: string): string[] {
  const name = parseWildcard(older.slice(olderProduct.length))
  const renamed = Object.keys(olderNames).filter((known) => matchesWildcard(name, known))
  const endings = name.text.endsWith(personalEnding) ? '' : personalEnding
  const twins = renamed.map((known) => `tcr:${olderNames[known]}`)
  return [...twins, `tcr:${name.text}${endings}`]
}

export function matchesAction(patterns: readonly Wildcard[], action: string): boolean {
  return patterns.some((pattern) => matchesWildcard(pattern, action))
}
