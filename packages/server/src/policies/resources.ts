// Resources of policies, `qcs:<project>:<service>:<region>:<account>:<resource>`, and whether they cover what
// a request is about. `*` in the last segment crosses `/`, and `X/*` also covers `X` itself.

import { PolicyProblem } from './problem.ts'
import { matchesWildcard, overlaps, parseWildcard, type Wildcard } from './wildcard.ts'

/** What a request is about. A `*` in `path` or `region` means all of that form. */
export interface Resource {
  readonly service: string
  /** Empty where the service has none. */
  readonly region: string
  /** The main account that it belongs to. */
  readonly ownerUin: number
  /** `repository/tcr-1/team/app`. */
  readonly path: string
  readonly tags?: readonly ResourceTag[]
  readonly creatorUin?: number
  /**
   * The request makes it and its name is not known yet, so that `path` has a `*` in its place. A refusal then
   * counts only if it covers every name.
   */
  readonly isNew?: boolean
}

export interface ResourceTag {
  readonly key: string
  readonly value: string
}

/** Who asks: what variables stand for. */
export interface Asker {
  readonly uin: number
  readonly ownerUin: number
  readonly appId: number
}

/** `*` alone: everything, and operations that are about no resource. */
export interface Everything {
  readonly kind: 'everything'
}

export interface Segments {
  readonly kind: 'segments'
  /** Undefined for all. */
  readonly service: Wildcard | undefined
  readonly region: Wildcard | undefined
  readonly account: AccountPattern
  /** One, or two for `X/*`: itself and `X`. */
  readonly paths: readonly Wildcard[]
  /** As written, where it has variables: `paths` is then empty. */
  readonly template: string | undefined
}

export type ResourcePattern = Everything | Segments

export type AccountPattern =
  | { readonly kind: 'any' }
  | { readonly kind: 'owner' }
  | { readonly kind: 'uin'; readonly uin: number }
  | { readonly kind: 'app-id'; readonly appId: number }

export const maxResourceChars = 1024
const everything: Everything = { kind: 'everything' }

// Tencent Cloud's older product name for Personal edition, which had no resources but repositories.
const olderService = 'ccr'
const olderEverything = 'repo/*'

export const variableNames = ['uin', 'owner_uin', 'app_id'] as const
const variable = /\$\{([^}]*)\}/g

export function hasVariable(text: string): boolean {
  return text.includes('${')
}

export function checkVariables(text: string, field: string): void {
  if (!hasVariable(text)) return
  for (const [, name = ''] of text.matchAll(variable)) {
    if (!variableNames.some((known) => known === name)) {
      throw new PolicyProblem(field, {
        en: `has no variables but ${variableNames.map((known) => `\${${known}}`).join(', ')}`,
        zh: `只能使用变量 ${variableNames.map((known) => `\${${known}}`).join('、')}`,
      })
    }
  }
}

export function fillIn(text: string, asker: Asker): string {
  return text.replaceAll(variable, (_, name) => {
    if (name === 'uin') return String(asker.uin)
    return String(name === 'owner_uin' ? asker.ownerUin : asker.appId)
  })
}

/** `author`: whose an empty account is. */
export function parseResourcePattern(
  written: unknown,
  author: AccountPattern,
  field: string,
): ResourcePattern {
  if (written === '*') return everything
  const { service, region, account, path } = split(written, field)
  checkVariables(path, field)
  const isOlder = service === olderService
  const text = isOlder && path === '*' ? olderEverything : path
  const isTemplate = hasVariable(text)
  return {
    kind: 'segments',
    service: allOr(isOlder ? 'tcr' : service),
    region: allOr(region),
    account: parseAccount(account, author, field),
    paths: isTemplate ? [] : pathPatterns(text),
    template: isTemplate ? text : undefined,
  }
}

function split(written: unknown, field: string) {
  const parts = typeof written === 'string' ? written.split(':') : []
  const [scheme, project, service = '', region = '', account = '', ...rest] = parts
  const path = rest.join(':')
  if (typeof written !== 'string' || scheme !== 'qcs' || path === '') {
    throw new PolicyProblem(field, {
      en: 'must be *, or six segments qcs::<service>:<region>:<account>:<resource>',
      zh: '必须是 *，或六段式 qcs::<service>:<region>:<account>:<resource>',
    })
  }
  if (project !== '') {
    throw new PolicyProblem(field, { en: 'must have no project', zh: '项目段必须为空' })
  }
  const isPlain = written.length <= maxResourceChars && /^[\x21-\x7e]+$/.test(path)
  if (!isPlain || !/^[a-z0-9_*-]*$/.test(service) || !/^[a-z0-9*-]*$/.test(region)) {
    throw new PolicyProblem(field, {
      en: `has at most ${maxResourceChars} characters of ASCII without blanks, service and region in small letters`,
      zh: `不能超过 ${maxResourceChars} 个 ASCII 字符，不能有空白，服务和地域用小写字母`,
    })
  }
  return { service, region, account, path }
}

const registryService = parseWildcard('tcr')

function allOr(segment: string): Wildcard | undefined {
  if (segment === registryService.text) return registryService
  return segment === '' || segment === '*' ? undefined : parseWildcard(segment)
}

function parseAccount(account: string, author: AccountPattern, field: string): AccountPattern {
  if (account === '' || account === 'uin/') return author
  if (account === '*' || account === 'uin/*') return { kind: 'any' }
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the policy's variable, not ours
  if (account === 'uin/${owner_uin}') return { kind: 'owner' }
  const [, kind, number] = /^(uin|uid)\/(\d{1,15})$/.exec(account) ?? []
  if (kind === 'uin') return { kind, uin: Number(number) }
  if (kind === 'uid') return { kind: 'app-id', appId: Number(number) }
  throw new PolicyProblem(field, {
    en: 'must have an empty account, uin/<number of the main account> or uid/<app id>',
    zh: '账号段必须为空、uin/<主账号 ID> 或 uid/<AppId>',
  })
}

function pathPatterns(text: string): Wildcard[] {
  const pattern = parseWildcard(text)
  const isBelow = pattern.text.endsWith('/*') && pattern.text.length > 2
  return isBelow ? [pattern, parseWildcard(pattern.text.slice(0, -2))] : [pattern]
}

/** `paths`, with the variables filled in. */
export function pathsFor(pattern: Segments, asker: Asker): readonly Wildcard[] {
  if (pattern.template === undefined) return pattern.paths
  return pathPatterns(fillIn(pattern.template, asker))
}

export type Place = Pick<Resource, 'service' | 'region' | 'ownerUin'>

/** How a set of resources (one with a star) is met: an allowing pattern must cover all of it, a denying one any. */
export type Reading = 'covers' | 'touches'

export function matchesPlace(
  pattern: Segments,
  place: Place,
  asker: Asker,
  reading: Reading,
): boolean {
  if (!matchesSegment(pattern.service, place.service, reading)) return false
  if (!matchesSegment(pattern.region, place.region, reading)) return false
  const { account } = pattern
  switch (account.kind) {
    case 'any':
      return true
    case 'owner':
      return place.ownerUin === asker.ownerUin
    case 'uin':
      return place.ownerUin === account.uin
    case 'app-id':
      return place.ownerUin === asker.ownerUin && account.appId === asker.appId
  }
}

function matchesSegment(pattern: Wildcard | undefined, segment: string, reading: Reading): boolean {
  if (pattern === undefined) return true
  return matchesText(pattern, segment, reading)
}

export function matchesText(pattern: Wildcard, text: string, reading: Reading): boolean {
  const isSet = reading === 'touches' && text.includes('*')
  return isSet ? overlaps(pattern, parseWildcard(text)) : matchesWildcard(pattern, text)
}

export function covers(
  pattern: Segments,
  resource: Resource,
  asker: Asker,
  reading: Reading,
): boolean {
  // The path first: of the rules in a folder most differ in it.
  for (const path of pathsFor(pattern, asker)) {
    if (!matchesText(path, resource.path, reading)) continue
    return matchesPlace(pattern, resource, asker, reading)
  }
  return false
}

/** For simulations and for APIs that take six segments: a resource that somebody names. */
export function parseResource(written: unknown, ownerUin: number, field: string): Resource {
  const { service, region, account, path } = split(written, field)
  const parsed = parseAccount(account, { kind: 'owner' }, field)
  const isOlder = service === olderService
  const { uin } = parsed.kind === 'uin' ? parsed : { uin: ownerUin }
  return { service: isOlder ? 'tcr' : service, region, ownerUin: uin, path }
}
