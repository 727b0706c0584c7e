// A trigger's condition: a regular expression over `<repository>:<tag>`, the repository without its namespace. It is
// RE2's, whose time is linear in what it reads, and it may begin and end anywhere, as it does in Go.

import type { ApiError } from '@entrepot/contract/errors.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { RE2JS, RE2JSSyntaxException } from 're2js'

/** Of a compiled expression: `(a{100}){10}` says in eleven characters what takes a thousand steps a character. */
const maxSteps = 500
/** What one counts to, together: compiling takes as long as what comes out. */
const maxCounted = 200

export type Condition = (repository: string, tag: string) => boolean

/** Throws INVALID_PARAMETER_VALUE, naming the place. */
export function compileCondition(text: string, parameter = 'Condition'): Condition {
  if (countedIn(text) > maxCounted) throw tooLarge(parameter)
  const expression = parse(text, parameter)
  if (expression.programSize() > maxSteps) throw tooLarge(parameter)
  return (repository, tag) => expression.test(`${repository}:${tag}`)
}

/** In repetitions: `a{2,5}` counts to 5. */
function countedIn(text: string): number {
  let counted = 0
  for (const [, min, max] of text.matchAll(/\{(\d+)(?:,(\d*))?\}/g)) {
    counted += Number(max || min)
  }
  return counted
}

function parse(text: string, parameter: string): RE2JS {
  try {
    return RE2JS.compile(text)
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error
    throw invalidSyntax(text, parameter, error)
  }
}

function invalidSyntax(text: string, parameter: string, error: RE2JSSyntaxException): ApiError {
  const piece = error.getPattern() ?? ''
  const at = text.indexOf(piece) + 1
  return invalidValue(parameter, {
    en: `is no regular expression (RE2): ${error.getDescription()} at character ${at}: ${piece}`,
    zh: `不是合法的正则表达式（RE2 语法）：第 ${at} 个字符处“${piece}”有误（${error.getDescription()}）`,
  })
}

function tooLarge(parameter: string): ApiError {
  return invalidValue(parameter, {
    en: 'is too large: fewer or smaller repetitions, please',
    zh: '过于复杂，请减少重复次数',
  })
}
