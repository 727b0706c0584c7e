// A request against its declaration. What comes out is exactly the declared shape: nothing undeclared, nothing of
// another type, nothing beyond its limit; defaults are filled in.

import type { Action } from './action.ts'
import { ApiError } from './errors.ts'
import type { Field, Fields, InputOf, IntegerField, ListField, TextField } from './fields.ts'

/** Throws MISSING_PARAMETER, INVALID_PARAMETER, INVALID_PARAMETER_VALUE or UNKNOWN_PARAMETER, naming the field. */
export function validateInput<I extends Fields, O extends Fields>(
  action: Action<I, O>,
  request: unknown,
): InputOf<I> {
  // Made field by field from the declaration that the type is made of.
  return toObject(action.input, request, '') as InputOf<I>
}

function toObject(fields: Fields, value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongType(path, 'an object', '对象')
  }
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(fields, name)) throw unknownParameter(join(path, name))
  }
  const given = new Map(Object.entries(value))
  const input: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    const at = join(path, name)
    // The SDKs leave out what is null; other clients write it.
    const one = given.get(name) ?? undefined
    if (one !== undefined) input[name] = toValue(field, one, at)
    else if (field.presence === 'required') throw missing(at)
    else if (field.presence === 'defaulted') input[name] = field.fallback
  }
  return input
}

function toValue(field: Field, value: unknown, path: string): unknown {
  switch (field.kind) {
    case 'text':
      return toText(field, value, path)
    case 'integer':
      return toInteger(field, value, path)
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) {
        throw wrongType(path, 'a number', '数字')
      }
      return value
    case 'flag':
      if (typeof value !== 'boolean') throw wrongType(path, 'true or false', 'true 或 false')
      return value
    case 'list':
      return toList(field, value, path)
    case 'object':
      return toObject(field.structure.fields, value, path)
  }
}

function toText(field: TextField, value: unknown, path: string): string {
  if (typeof value !== 'string') throw wrongType(path, 'a string', '字符串')
  // Characters, not UTF-16 units: the limits are for people.
  const chars = value.length <= field.minChars ? value.length : [...value].length
  if (value.includes('\0')) throw breaksRule(path, 'must not hold NUL', '不能包含 NUL 字符')
  if (chars < field.minChars || chars > field.maxChars) {
    const { minChars, maxChars } = field
    throw breaksRule(
      path,
      `must have ${minChars} to ${maxChars} characters`,
      `长度应为 ${minChars} 到 ${maxChars} 个字符`,
    )
  }
  if (field.values && !field.values.includes(value)) {
    const values = field.values.map((one) => one || '""').join(', ')
    throw breaksRule(path, `must be one of ${values}`, `只能是 ${values} 之一`)
  }
  const { rule } = field
  if (rule && !rule.pattern.test(value)) {
    throw breaksRule(path, `must be ${rule.words.en}`, `应为${rule.words.zh}`)
  }
  return value
}

function toInteger(field: IntegerField, value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw wrongType(path, 'a whole number of at most 2^53 − 1', '不超过 2^53 − 1 的整数')
  }
  if (field.values && !field.values.includes(value)) {
    const values = field.values.join(', ')
    throw breaksRule(path, `must be one of ${values}`, `只能是 ${values} 之一`)
  }
  const { min, max } = field
  if (value < min || value > max) {
    throw breaksRule(path, `must be ${min} to ${max}`, `应在 ${min} 到 ${max} 之间`)
  }
  return value
}

function toList(field: ListField, value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongType(path, 'an array', '数组')
  const { minItems, maxItems } = field
  if (value.length < minItems || value.length > maxItems) {
    throw breaksRule(
      path,
      `must have ${minItems} to ${maxItems} items`,
      `应有 ${minItems} 到 ${maxItems} 个元素`,
    )
  }
  return value.map((item, index) => toValue(field.item, item, join(path, String(index))))
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

function missing(path: string): ApiError {
  return new ApiError('MISSING_PARAMETER', {
    message: { en: `${path}: this parameter is required`, zh: `${path}：缺少必填参数` },
    detail: { parameter: path },
  })
}

/** Names of fields come from the caller. */
const maxNameChars = 128

function unknownParameter(path: string): ApiError {
  const name = path.slice(0, maxNameChars)
  return new ApiError('UNKNOWN_PARAMETER', {
    message: { en: `${name}: the action has no such parameter`, zh: `${name}：该接口没有这个参数` },
    detail: { parameter: name },
  })
}

function wrongType(path: string, en: string, zh: string): ApiError {
  const name = path || 'the request'
  return new ApiError('INVALID_PARAMETER', {
    message: { en: `${name}: must be ${en}`, zh: `${path || '请求'}：应为${zh}` },
    detail: { parameter: path },
  })
}

function breaksRule(path: string, en: string, zh: string): ApiError {
  return invalidValue(path, { en, zh })
}

/** For rules that a declaration can't say; the words go on from the parameter's name. */
export function invalidValue(
  parameter: string,
  words: { readonly en: string; readonly zh: string },
): ApiError {
  return new ApiError('INVALID_PARAMETER_VALUE', {
    message: { en: `${parameter}: ${words.en}`, zh: `${parameter}：${words.zh}` },
    detail: { parameter },
  })
}
