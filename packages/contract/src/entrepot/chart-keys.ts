// Public keys with which the provenance files of a namespace's charts are verified (3 actions).

import { type Action, on } from '../action.ts'
import { list, listOf, required, structure, text } from '../fields.ts'
import { namespaceName, registryId, totalCount } from '../tcr/parameters.ts'
import { action, time } from './parameters.ts'

/** A key with many certifications has tens of thousands. */
export const maxKeyChars = 64 * 1024

const fingerprint = text('Fingerprint, in hex as gpg shows it', '密钥指纹（十六进制）', {
  minChars: 40,
  maxChars: 64,
})
const userIds = list(
  text('A user id', '用户 ID'),
  'User ids that the key certifies',
  '经该密钥自签名的用户 ID',
)

const inNamespace = { RegistryId: registryId, NamespaceName: namespaceName } as const
const ofNamespace = on('repository/{RegistryId}/{NamespaceName}')

const key = structure('HelmChartKey', 'A key that signs charts', '签名公钥', {
  Fingerprint: fingerprint,
  UserIds: userIds,
  PublicKey: text('The public key, armoured', 'ASCII 封装的公钥'),
  CreatedBy: text('Who added it', '添加者'),
  CreateTime: time('When it was added', '添加时间'),
})

export const describeHelmChartKeys = action('DescribeHelmChartKeys', {
  doc: {
    en: 'Lists the public keys by which a namespace verifies provenance files.',
    zh: '查询命名空间用于验证来源证明的公钥。',
  },
  kind: 'read',
  access: ofNamespace,
  permission: 'tcr:DescribeHelmCharts',
  input: inNamespace,
  output: { Keys: listOf(key, 'The keys, the oldest first', '公钥列表'), TotalCount: totalCount },
})

export const createHelmChartKey = action('CreateHelmChartKey', {
  doc: {
    en: 'Adds a public key of OpenPGP by which a namespace verifies provenance files, or brings one up to date.',
    zh: '为命名空间添加用于验证来源证明的 OpenPGP 公钥；指纹相同时更新该公钥。',
  },
  kind: 'write',
  access: ofNamespace,
  permission: 'tcr:ModifyNamespace',
  input: {
    ...inNamespace,
    PublicKey: required(
      text('As gpg --armor --export gives it', '由 gpg --armor --export 导出的公钥', {
        minChars: 1,
        maxChars: maxKeyChars,
      }),
    ),
  },
  output: { Fingerprint: fingerprint, UserIds: userIds },
})

export const deleteHelmChartKey = action('DeleteHelmChartKey', {
  doc: {
    en: 'Deletes a key of a namespace: what it signed is verified no more.',
    zh: '删除命名空间的公钥，由其签名的来源证明将不再通过验证。',
  },
  kind: 'write',
  access: ofNamespace,
  permission: 'tcr:ModifyNamespace',
  input: { ...inNamespace, Fingerprint: required(fingerprint) },
  output: {},
})

export const helmChartKeyActions: readonly Action[] = [
  describeHelmChartKeys,
  createHelmChartKey,
  deleteHelmChartKey,
]
