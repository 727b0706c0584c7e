// The text of permissions.ts: what policies name, from the contract. Only the pages about policies load it.

import type { Access, Action } from '@entrepot/contract/action.ts'
import { findPlaces, listedActions } from './generate-actions.ts'

type Group =
  | 'instances'
  | 'network'
  | 'namespaces'
  | 'contents'
  | 'credentials'
  | 'tagRules'
  | 'triggers'
  | 'replication'
  | 'security'
  | 'personal'
  | 'work'
  | 'users'
  | 'groups'
  | 'roles'
  | 'policies'
  | 'keys'
  | 'providers'
  | 'other'

/** Modules of the contract by the group that their actions stand in; those of other modules are `other`. */
const modulesOf: Readonly<Record<Exclude<Group, 'other'>, readonly string[]>> = {
  instances: ['tcr/instances', 'entrepot/instances', 'entrepot/storage-backends'],
  network: ['tcr/endpoints', 'tcr/security-policies', 'tcr/domains'],
  namespaces: ['tcr/namespaces', 'entrepot/statistics'],
  contents: [
    ...['tcr/repositories', 'tcr/images', 'tcr/charts', 'tcr/ai-models', 'tcr/skills'],
    ...['entrepot/images', 'entrepot/repository-contents', 'entrepot/deletions'],
  ],
  credentials: ['tcr/credentials', 'entrepot/credentials'],
  tagRules: ['tcr/retention', 'tcr/immutability', 'tcr/gc'],
  triggers: ['tcr/webhooks'],
  replication: ['tcr/replication', 'tcr/sync'],
  security: ['tcr/signatures', 'tcr/acceleration'],
  personal: [
    ...['accounts', 'images', 'lifecycle', 'namespaces', 'repositories', 'triggers'].map(
      (name) => `tcr/personal-${name}`,
    ),
    'entrepot/personal',
  ],
  work: ['entrepot/jobs', 'entrepot/metering', 'entrepot/overview', 'entrepot/activity'],
  users: ['cam/users', 'cam/login-security', 'entrepot/accounts', 'entrepot/sessions'],
  groups: ['cam/groups'],
  roles: ['cam/roles', 'cam/boundaries'],
  policies: ['cam/policies', 'cam/attachments', 'entrepot/policies'],
  keys: ['cam/access-keys', 'entrepot/mfa'],
  providers: ['cam/identity-providers', 'entrepot/identity-providers', 'entrepot/token-exchange'],
}

type Kind = 'read' | 'write'
type On = 'instance' | 'repository' | 'repo' | 'none' | 'self' | 'other'

interface Permission {
  readonly name: string
  readonly group: Group
  readonly kind: Kind
  readonly on: On
  readonly en: string
  readonly zh: string
}

/** What the registry itself asks for, which no action of the API is named after. */
// biome-ignore format: a table
const ofRegistry: readonly Permission[] = [
  { name: 'tcr:PullRepository', group: 'contents', kind: 'read', on: 'repository', en: 'Pulls images and charts.', zh: '拉取镜像与 Chart。' },
  { name: 'tcr:PushRepository', group: 'contents', kind: 'write', on: 'repository', en: 'Pushes images and charts.', zh: '推送镜像与 Chart。' },
  { name: 'tcr:DescribeHelmCharts', group: 'contents', kind: 'read', on: 'repository', en: 'Lists charts.', zh: '查询 Helm Chart。' },
  { name: 'tcr:CreateHelmChart', group: 'contents', kind: 'write', on: 'repository', en: 'Pushes charts.', zh: '上传 Helm Chart。' },
  { name: 'tcr:PullRepositoryPersonal', group: 'personal', kind: 'read', on: 'repo', en: 'Pulls images of Personal edition.', zh: '拉取个人版镜像。' },
  { name: 'tcr:PushRepositoryPersonal', group: 'personal', kind: 'write', on: 'repo', en: 'Pushes images of Personal edition.', zh: '推送个人版镜像。' },
]

export async function generatePermissions(): Promise<string> {
  const places = await findPlaces()
  const known = new Map(ofRegistry.map((one) => [one.name, one]))
  for (const action of listedActions) {
    // Of several actions with one permission the first says what it is for.
    const isNamesake = action.permission === `${action.product}:${action.name}`
    if (known.has(action.permission) && !isNamesake) continue
    if (ofRegistry.some(({ name }) => name === action.permission)) continue
    known.set(action.permission, permissionOf(action, places.get(action)?.module ?? ''))
  }
  const rows = [...known.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map(rowOf)
  return [
    '// Made by packages/console/generate.ts from the contract; a change by hand is lost.',
    '',
    'export type PermissionGroup =',
    ...groupNames.map((name) => `  | '${name}'`),
    '',
    'export interface Permission {',
    '  readonly name: string',
    '  readonly group: PermissionGroup',
    "  readonly kind: 'read' | 'write'",
    '  /** What it is done to: the first word of the last segment of a resource; `self` needs no policy. */',
    "  readonly on: 'instance' | 'repository' | 'repo' | 'none' | 'self' | 'other'",
    '  readonly en: string',
    '  readonly zh: string',
    '}',
    '',
    '// biome-ignore format: a table, one action a line',
    'export const permissions: readonly Permission[] = [',
    ...rows,
    ']',
    '',
  ].join('\n')
}

const groupNames: readonly Group[] = [
  ...(Object.keys(modulesOf) as Exclude<Group, 'other'>[]),
  'other',
]

function rowOf({ name, group, kind, on, en, zh }: Permission): string {
  const texts = [name, group, kind, on, en, zh].map((text) => JSON.stringify(text))
  const [n, g, k, o, e, z] = texts
  return `  { name: ${n}, group: ${g}, kind: ${k}, on: ${o}, en: ${e}, zh: ${z} },`
}

function permissionOf(action: Action, module: string): Permission {
  const { permission: name, kind, doc, access } = action
  const plain = module.replace(/\.ts$/, '')
  const group = groupNames.find(
    (one) => one !== 'other' && modulesOf[one].some((listed) => listed === plain),
  )
  return { name, group: group ?? 'other', kind, on: placeOf(access), en: doc.en, zh: doc.zh }
}

function placeOf(access: Access): On {
  if (access.kind === 'self' || access.kind === 'open') return 'self'
  if (access.kind === 'operation' || access.kind === 'operator') return 'none'
  const [first] = access.resources[0]?.split('/') ?? []
  return first === 'instance' || first === 'repository' || first === 'repo' ? first : 'other'
}
