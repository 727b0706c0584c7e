// What an audit row says, in the words of the API and as one line of JSON: in replies, exports and forwardings the same.

import type { Action } from '@entrepot/contract/action.ts'
import { findActions } from '@entrepot/contract/catalog.ts'
import { deploymentLog } from '../audit/audit.ts'
import type { AuditRow } from './search.ts'

interface Words {
  readonly en: string
  readonly zh: string
}

export interface EventFacts {
  readonly product: string
  readonly resourceType: string
  readonly isWrite: boolean
  /** Deletes, and all that changes who may do what. */
  readonly isSensitive: boolean
  readonly words: Words
}

/** What clients of the registry do has no action of the API. */
const registryEvents: Readonly<
  Record<string, Pick<EventFacts, 'isWrite' | 'words'> & Partial<Pick<EventFacts, 'resourceType'>>>
> = {
  PullRepository: { isWrite: false, words: { en: 'Pulls an image', zh: '拉取镜像' } },
  PushRepository: { isWrite: true, words: { en: 'Pushes an image', zh: '推送镜像' } },
  CreateRepository: { isWrite: true, words: { en: 'Creates a repository', zh: '创建镜像仓库' } },
  DeleteImage: { isWrite: true, words: { en: 'Deletes an image', zh: '删除镜像' } },
  LoginRegistry: {
    isWrite: false,
    // Its resource is the name that was sent.
    resourceType: 'uin',
    words: { en: 'Logs in to a registry', zh: '登录镜像仓库' },
  },
}

const known = new Map<string, EventFacts>()

/** `action`: as policies name it. Rows are many, and their events few. */
export function factsOf({ action, event }: Pick<AuditRow, 'action' | 'event'>): EventFacts {
  const key = `${action} ${event}`
  let facts = known.get(key)
  if (!facts) {
    facts = makeFacts(action, event)
    known.set(key, facts)
  }
  return facts
}

/** Of an event whose permission is not at hand: a name that two products share is taken for the first one's. */
export function factsNamed(event: string): EventFacts {
  return factsOf({ action: findActions(event)[0]?.permission ?? `tcr:${event}`, event })
}

function makeFacts(permission: string, event: string): EventFacts {
  const product = productOf(permission)
  const named = findActions(event)
  const action = named.find((one) => one.permission === permission) ?? named[0]
  const registry = registryEvents[event]
  const isWrite = registry?.isWrite ?? action?.kind !== 'read'
  return {
    product,
    resourceType: registry
      ? (registry.resourceType ?? 'repository')
      : action
        ? resourceTypeOf(action)
        : product,
    isWrite,
    isSensitive: isWrite && (event.startsWith('Delete') || product === 'cam' || product === 'sts'),
    words: registry?.words ?? action?.doc ?? { en: event, zh: event },
  }
}

function productOf(permission: string): string {
  const colon = permission.indexOf(':')
  return colon === -1 ? 'entrepot' : permission.slice(0, colon)
}

/** The first segment of what policies are asked about; the product where that is nothing in particular. */
function resourceTypeOf({ access, permission }: Action): string {
  const template = 'resources' in access ? access.resources[0] : undefined
  const [kind] = template?.split('/') ?? []
  return kind === undefined || kind === '*' ? productOf(permission) : kind
}

const resourceTypesCn: Readonly<Record<string, string>> = {
  repository: '镜像仓库',
  repo: '个人版镜像仓库',
  instance: '实例',
  uin: '用户',
  groupid: '用户组',
  role: '角色',
  policyid: '策略',
  tcr: '容器镜像服务',
  cam: '访问管理',
  sts: '安全凭证服务',
  tag: '标签',
  cloudaudit: '操作审计',
  kms: '密钥管理',
  ssl: '证书',
  vpc: '私有网络',
  entrepot: '部署',
}

export function resourceTypeCn(type: string): string {
  return resourceTypesCn[type] ?? type
}

/** The key of `api-key:AKID…` and `temporary-key:AKID…` is what the API calls SecretId; other credentials keep their kind. */
export function secretIdOf(credential: string | null): string {
  return credential?.replace(/^(?:api|temporary)-key:/, '') ?? ''
}

/** The whole event. Nothing in it is secret: rows hold no request's body. */
export function eventOf(row: AuditRow, region: string): Readonly<Record<string, unknown>> {
  const { product, resourceType, isWrite } = factsOf(row)
  return {
    eventId: String(row.id),
    eventTime: new Date(row.at).toISOString(),
    eventName: row.event,
    eventSource: product,
    actionType: isWrite ? 'Write' : 'Read',
    permission: row.action,
    accountId: row.owner_uin === deploymentLog ? null : row.owner_uin,
    actor: row.actor,
    credential: row.credential,
    sourceIPAddress: row.address,
    userAgent: row.agent,
    requestId: row.request_id,
    region,
    instanceId: row.instance_id,
    resourceType,
    resource: row.resource,
    resourceName: row.resource_name,
    reference: row.reference,
    result: row.result,
    reason: row.reason,
    count: row.count,
  }
}

export function lineOf(row: AuditRow, region: string): string {
  return JSON.stringify(eventOf(row, region))
}
