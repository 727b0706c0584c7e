// What the generated pages say beside the words of the declarations.

import type { Access, Action } from '../action.ts'
import {
  type Doc,
  type Field,
  type IntegerField,
  maxListItems,
  maxTextChars,
  type TextField,
} from '../fields.ts'

export const words = {
  warning: {
    en: 'Made from `packages/contract`; a change by hand is lost.',
    zh: '由 `packages/contract` 生成，请勿手工修改。',
  },
  actions: { en: 'Actions', zh: '接口' },
  structures: { en: 'Structures', zh: '数据结构' },
  action: { en: 'Action', zh: '接口' },
  meaning: { en: 'What it does', zh: '说明' },
  request: { en: 'Request', zh: '请求参数' },
  reply: { en: 'Reply', zh: '返回参数' },
  field: { en: 'Field', zh: '字段' },
  type: { en: 'Type', zh: '类型' },
  required: { en: 'Required', zh: '必填' },
  description: { en: 'Meaning', zh: '说明' },
  limits: { en: 'Limits', zh: '限制' },
  yes: { en: 'yes', zh: '是' },
  no: { en: 'no', zh: '否' },
  nothing: { en: 'Nothing but the `RequestId`.', zh: '只有 `RequestId`。' },
  noRequest: { en: 'No fields: the request is `{}`.', zh: '无参数，请求为 `{}`。' },
  secret: { en: 'secret', zh: '敏感信息' },
} as const satisfies Readonly<Record<string, Doc>>

export function typeName(field: Exclude<Field, { readonly kind: 'list' | 'object' }>): Doc {
  switch (field.kind) {
    case 'text':
      return { en: 'text', zh: '字符串' }
    case 'integer':
      return { en: 'whole number', zh: '整数' }
    case 'number':
      return { en: 'number', zh: '数字' }
    case 'flag':
      return { en: 'true or false', zh: '布尔' }
  }
}

export function listOfWords(item: string): Doc {
  return { en: `list of ${item}`, zh: `${item} 列表` }
}

/** What a value is held to, as far as it is not what every field is held to. */
export function limitWords(field: Field): readonly Doc[] {
  switch (field.kind) {
    case 'text':
      return textLimits(field)
    case 'integer':
      return integerLimits(field)
    case 'list': {
      const { minItems, maxItems } = field
      const own = minItems > 0 || maxItems !== maxListItems
      const items = rangeWords(minItems, maxItems)
      return [
        ...(own ? [{ en: `${items.en} items`, zh: `${items.zh} 个元素` }] : []),
        ...limitWords(field.item),
      ]
    }
    default:
      return []
  }
}

function textLimits(field: TextField): readonly Doc[] {
  const { minChars, maxChars, rule, values, secret } = field
  const own = minChars > 0 || maxChars !== maxTextChars
  const chars = rangeWords(minChars, maxChars)
  return [
    ...(values ? [oneOfWords(values)] : []),
    ...(own ? [{ en: `${chars.en} characters`, zh: `${chars.zh} 个字符` }] : []),
    ...(rule ? [rule.words] : []),
    ...(secret ? [words.secret] : []),
  ]
}

function integerLimits({ min, max, values }: IntegerField): readonly Doc[] {
  if (values) return [oneOfWords(values.map(String))]
  if (max !== Number.MAX_SAFE_INTEGER) return [rangeWords(min, max)]
  if (min === 0) return []
  if (min === Number.MIN_SAFE_INTEGER) return [{ en: 'may be negative', zh: '可为负数' }]
  return [{ en: `at least ${min}`, zh: `不小于 ${min}` }]
}

function rangeWords(min: number, max: number): Doc {
  if (min === 0) return { en: `at most ${max}`, zh: `最多 ${max}` }
  if (min === max) return { en: String(max), zh: String(max) }
  return { en: `${min} to ${max}`, zh: `${min} 到 ${max}` }
}

function oneOfWords(values: readonly string[]): Doc {
  const quoted = values.map((value) => (value === '' ? '`""`' : `\`${value}\``))
  return { en: `one of ${quoted.join(', ')}`, zh: `可取值：${quoted.join('、')}` }
}

export function defaultWords(fallback: unknown): Doc {
  const value = `\`${JSON.stringify(fallback)}\``
  return { en: `${value} when left out`, zh: `默认 ${value}` }
}

/** Where an action is allowed: goes after the name of its permission. */
export function accessWords({ access, permission }: Pick<Action, 'access' | 'permission'>): Doc {
  const name = `\`${permission}\``
  const resources = resourcesOf(access).map((resource) => `\`${resource}\``)
  switch (access.kind) {
    case 'resource':
      return {
        en: `needs ${name} on ${resources.join(' and ')}`,
        zh: `需要 ${resources.join('、')} 上的 ${name} 权限`,
      }
    case 'list':
      return {
        en: `needs ${name} on something of ${resources.join(' or ')}; the rest is out of reach`,
        zh: `需要 ${resources.join('、')} 下任一资源的 ${name} 权限，仅涉及有权限的资源`,
      }
    case 'operation':
      return { en: `needs ${name} on \`*\``, zh: `需要 \`*\` 上的 ${name} 权限` }
    case 'operator':
      return {
        en: `needs ${name} on \`*\`, in the main account that runs the deployment`,
        zh: `需要运营主账号中 \`*\` 上的 ${name} 权限`,
      }
    case 'self':
      return { en: 'for everyone, on what is his own', zh: '登录者均可调用，仅限本人的数据' }
    case 'open':
      return { en: 'for everyone, also without a signature', zh: '无需登录' }
  }
}

export function resourcesOf(access: Access): readonly string[] {
  return 'resources' in access ? access.resources : []
}

export function kindWords(kind: Action['kind']): Doc {
  return kind === 'read' ? { en: 'Reads', zh: '读操作' } : { en: 'Changes', zh: '写操作' }
}

export function rateWords(ratePerSecond: number): Doc {
  return {
    en: `${ratePerSecond} ${ratePerSecond === 1 ? 'call' : 'calls'} a second`,
    zh: `每秒 ${ratePerSecond} 次`,
  }
}
