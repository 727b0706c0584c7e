// Policies that every account has and nobody can change. Their numbers are for ever: attachments and
// Terraform states name them.

import { type CompiledPolicy, compilePolicy } from './compiled.ts'

export interface PresetPolicy {
  readonly id: number
  readonly name: string
  readonly description: { readonly en: string; readonly zh: string }
  readonly document: string
}

/** Policies that people write have larger numbers. */
export const maxPresetId = 9_999

function allowing(...action: readonly string[]): string {
  return JSON.stringify({ version: '2.0', statement: [{ effect: 'allow', action, resource: '*' }] })
}

function full(id: number, name: string, service: string, product: Words): PresetPolicy {
  const description = {
    en: `All actions of ${product.en}`,
    zh: `${product.zh}全读写访问权限`,
  }
  return { id, name, description, document: allowing(`${service}:*`) }
}

function reading(id: number, name: string, actions: readonly string[], product: Words) {
  const description = { en: `Reads ${product.en}`, zh: `${product.zh}只读访问权限` }
  return { id, name, description, document: allowing(...actions) }
}

type Words = PresetPolicy['description']

const registry: Words = { en: 'Tencent Container Registry', zh: '容器镜像服务（TCR）' }
const entrepot: Words = { en: "Entrepot's own product", zh: 'Entrepot 自有产品' }
const cam: Words = { en: 'Cloud Access Management', zh: '访问管理（CAM）' }
const tags: Words = { en: 'tags', zh: '标签（Tag）' }
const audit: Words = { en: 'the audit log', zh: '操作审计（CloudAudit）' }
const kms: Words = { en: 'keys', zh: '密钥管理系统（KMS）' }
const ssl: Words = { en: 'certificates', zh: 'SSL 证书' }
const vpc: Words = { en: 'private networks', zh: '私有网络（VPC）' }

export const presets: readonly PresetPolicy[] = [
  {
    id: 1,
    name: 'AdministratorAccess',
    description: { en: 'Everything in the account', zh: '账号内所有操作的权限' },
    document: allowing('*'),
  },
  {
    id: 2,
    name: 'ReadOnlyAccess',
    description: { en: 'Reads everything in the account', zh: '账号内所有资源的只读权限' },
    document: allowing(
      ...['*:Describe*', '*:List*', '*:LookUp*', '*:Query*', '*:Inquiry*', '*:Inquire*'],
      ...['cam:Get*', 'tag:Get*', 'cloudaudit:Get*', 'kms:GetKey*', 'kms:GetServiceStatus'],
      ...['sts:GetCallerIdentity', 'tcr:Check*', 'tcr:Validate*', 'tcr:PullRepository*'],
      ...['entrepot:Get*'],
    ),
  },
  full(1001, 'QcloudTCRFullAccess', 'tcr', registry),
  reading(1002, 'QcloudTCRReadOnlyAccess', ['tcr:Describe*', 'tcr:PullRepository*'], registry),
  full(1011, 'EntrepotFullAccess', 'entrepot', entrepot),
  reading(
    1012,
    'EntrepotReadOnlyAccess',
    ['entrepot:Describe*', 'entrepot:Get*', 'entrepot:List*'],
    entrepot,
  ),
  full(1021, 'QcloudCamFullAccess', 'cam', cam),
  reading(1022, 'QcloudCamReadOnlyAccess', ['cam:Get*', 'cam:List*', 'cam:Describe*'], cam),
  full(1031, 'QcloudTAGFullAccess', 'tag', tags),
  reading(1032, 'QcloudTAGReadOnlyAccess', ['tag:Describe*', 'tag:Get*'], tags),
  full(1041, 'QcloudAuditFullAccess', 'cloudaudit', audit),
  reading(
    1042,
    'QcloudAuditReadOnlyAccess',
    ['Describe*', 'Get*', 'List*', 'LookUp*', 'Inquire*'].map((name) => `cloudaudit:${name}`),
    audit,
  ),
  full(1051, 'QcloudKMSFullAccess', 'kms', kms),
  reading(1052, 'QcloudKMSReadOnlyAccess', ['kms:Describe*', 'kms:List*', 'kms:GetKey*'], kms),
  full(1061, 'QcloudSSLFullAccess', 'ssl', ssl),
  reading(1062, 'QcloudSSLReadOnlyAccess', ['ssl:Describe*'], ssl),
  full(1071, 'QcloudVPCFullAccess', 'vpc', vpc),
  reading(1072, 'QcloudVPCReadOnlyAccess', ['vpc:Describe*'], vpc),
]

/** Whoever has one of them may give rights to others: AdministratorAccess, QcloudCamFullAccess. */
export const presetsOfAdministrators: readonly number[] = [1, 1021]

const byId = new Map(presets.map((preset) => [preset.id, preset]))
const byName = new Map(presets.map((preset) => [preset.name, preset]))

export function findPreset(key: number | string): PresetPolicy | undefined {
  return typeof key === 'number' ? byId.get(key) : byName.get(key)
}

/** In place of a main account's own policies, so that session policies narrow it too. */
export const everythingAllowed: CompiledPolicy = compilePolicy(allowing('*'), {
  id: 0,
  authorUin: undefined,
})
