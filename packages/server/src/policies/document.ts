// Policy documents, version 2.0. What is no policy is refused with the place and the rule; nothing that is
// written in one is ignored, since a misspelt refusal would refuse nothing.

import { isPermissionSet, parseAction } from './action-names.ts'
import { type Condition, type Effect, parseConditions } from './conditions.ts'
import { PolicyProblem } from './problem.ts'
import { type AccountPattern, parseResourcePattern, type ResourcePattern } from './resources.ts'
import type { Wildcard } from './wildcard.ts'

export interface Statement {
  readonly effect: Effect
  readonly actions: readonly Wildcard[]
  readonly resources: readonly ResourcePattern[]
  readonly conditions: readonly Condition[]
}

export interface TrustStatement {
  readonly effect: Effect
  readonly actions: readonly Wildcard[]
  readonly principal: Principals
  readonly conditions: readonly Condition[]
}

/** Who may take a role on: accounts and people, services, identity providers. */
export interface Principals {
  readonly qcs: readonly string[]
  readonly service: readonly string[]
  readonly federated: readonly string[]
}

/** A hundred statements of the usual kind are some 30 KB. */
export const maxDocumentChars = 128 * 1024
export const maxStatements = 500
/** Of actions, of resources and of principals, in one statement. */
export const maxItems = 500
const version = '2.0'
const ruleElements = ['effect', 'action', 'resource', 'condition']
const trustElements = ['effect', 'action', 'principal', 'resource', 'condition']
const principalKinds = ['qcs', 'service', 'federated'] as const

/**
 * An empty account in a resource means the author's main account; in a preset, which has no author, that of whoever
 * asks. Throws `PolicyProblem`.
 */
export function parsePolicy(text: string, authorUin?: number): Statement[] {
  const author: AccountPattern =
    authorUin === undefined ? { kind: 'owner' } : { kind: 'uin', uin: authorUin }
  return statementsOf(text).map(({ written, field }) => {
    const { effect, actions, conditions } = parseCore(written, field, ruleElements)
    const at = `${field}.resource`
    const resources = parseItems(written.resource, at, (item, place) =>
      parseResourcePattern(item, author, place),
    )
    return { effect, actions, resources, conditions }
  })
}

/** Of a role: who may take it on. Throws `PolicyProblem`. */
export function parseTrustPolicy(text: string): TrustStatement[] {
  return statementsOf(text).map(({ written, field }) => {
    const { effect, actions, conditions } = parseCore(written, field, trustElements)
    if (written.resource !== undefined && written.resource !== '*') {
      throw new PolicyProblem(`${field}.resource`, {
        en: 'must be left out: the resource is the role',
        zh: '必须省略：资源就是该角色',
      })
    }
    return { effect, actions, conditions, principal: parsePrincipals(written.principal, field) }
  })
}

type Written = Readonly<Record<string, unknown>>

function statementsOf(text: string): { written: Written; field: string }[] {
  const document = objectOf(parseJson(text), 'document')
  refuseOthers(document, ['version', 'statement'], 'document')
  if (document.version !== version) {
    throw new PolicyProblem('version', { en: `must be "${version}"`, zh: `必须是 "${version}"` })
  }
  const parse = (item: unknown, place: string) => ({ written: objectOf(item, place), field: place })
  return parseItems(document.statement, 'statement', parse, maxStatements)
}

function parseJson(text: string): unknown {
  if (text.length > maxDocumentChars) {
    throw new PolicyProblem('document', {
      en: `has at most ${maxDocumentChars} characters`,
      zh: `不能超过 ${maxDocumentChars} 个字符`,
    })
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new PolicyProblem('document', { en: 'must be JSON', zh: '必须是 JSON' })
  }
}

function objectOf(written: unknown, field: string): Written {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    throw new PolicyProblem(field, { en: 'must be an object', zh: '必须是对象' })
  }
  return written as Written
}

function refuseOthers(written: Written, elements: readonly string[], field: string): void {
  const other = Object.keys(written).find((name) => !elements.includes(name))
  if (other === undefined) return
  throw new PolicyProblem(field === 'document' ? other : `${field}.${other}`, {
    en: `is not known here; there are ${elements.join(', ')}, in small letters`,
    zh: `不是这里的元素；可用的元素为 ${elements.join('、')}，均为小写`,
  })
}

function parseItems<T>(
  written: unknown,
  field: string,
  parse: (item: unknown, place: string) => T,
  most = maxItems,
): T[] {
  const isList = Array.isArray(written)
  if (written === undefined || (isList && (written.length === 0 || written.length > most))) {
    throw new PolicyProblem(field, {
      en: `must be one, or a list of 1 to ${most}`,
      zh: `必须是一个，或 1 到 ${most} 个的列表`,
    })
  }
  if (!isList) return [parse(written, field)]
  return written.map((item, n) => parse(item, `${field}[${n}]`))
}

function parseCore(written: Written, field: string, elements: readonly string[]) {
  refuseOthers(written, elements, field)
  const effect = parseEffect(written.effect, `${field}.effect`)
  const actions = parseItems(written.action, `${field}.action`, (item, place) => {
    if (effect === 'deny' && typeof item === 'string' && isPermissionSet(item)) {
      throw new PolicyProblem(place, {
        en: 'names a permission set, which is not known here and so would refuse nothing; name the actions',
        zh: '是此处未知的权限集，不会拒绝任何操作；请写出操作名',
      })
    }
    return parseAction(item, place)
  })
  const conditions = parseConditions(written.condition, `${field}.condition`)
  return { effect, actions: actions.flat(), conditions }
}

function parseEffect(written: unknown, field: string): Effect {
  if (written === 'allow' || written === 'deny') return written
  throw new PolicyProblem(field, { en: 'must be allow or deny', zh: '必须是 allow 或 deny' })
}

const accountPrincipal =
  /^qcs::cam::uin\/\d{1,15}:(?:root|uin\/(?:\d{1,15}|\*)|role(?:Name)?\/[\w+=,.@/-]{1,128})$/
const providerPrincipal =
  /^qcs::cam::uin\/\d{1,15}:(?:saml-provider|oidc-provider)\/[\w+=,.@-]{1,128}$/
const servicePrincipal = /^[a-z0-9.-]{1,128}$/

function parsePrincipals(written: unknown, field: string): Principals {
  const at = `${field}.principal`
  const object = objectOf(written, at)
  refuseOthers(object, principalKinds, at)
  if (principalKinds.every((kind) => object[kind] === undefined)) {
    throw new PolicyProblem(at, {
      en: `must name somebody under ${principalKinds.join(', ')}`,
      zh: `必须在 ${principalKinds.join('、')} 下指定身份`,
    })
  }
  return {
    qcs: parseNames(object.qcs, `${at}.qcs`, accountPrincipal, {
      en: 'must be qcs::cam::uin/<main account>:root, …:uin/<sub-account> or …:role/<role>',
      zh: '必须是 qcs::cam::uin/<主账号>:root、…:uin/<子账号> 或 …:role/<角色>',
    }),
    service: parseNames(object.service, `${at}.service`, servicePrincipal, {
      en: 'must be the name of a service',
      zh: '必须是服务名',
    }),
    federated: parseNames(object.federated, `${at}.federated`, providerPrincipal, {
      en: 'must be qcs::cam::uin/<main account>:oidc-provider/<name> or …:saml-provider/<name>',
      zh: '必须是 qcs::cam::uin/<主账号>:oidc-provider/<名称> 或 …:saml-provider/<名称>',
    }),
  }
}

function parseNames(
  written: unknown,
  field: string,
  pattern: RegExp,
  rule: PolicyProblem['rule'],
): string[] {
  if (written === undefined) return []
  return parseItems(written, field, (item, place) => {
    if (typeof item !== 'string' || !pattern.test(item)) throw new PolicyProblem(place, rule)
    return item
  })
}
