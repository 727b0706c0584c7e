// The whitelist of the public endpoint (6 actions). Entries have no ids: an index from 0 that closes up on deletion,
// and a version of the whole list that each change raises.

import { type Action, on } from '../action.ts'
import { integer, listOf, nullable, required, structure, text } from '../fields.ts'
import { action, registryId } from './parameters.ts'

export const maxSecurityPoliciesPerCall = 100
const maxRemarkChars = 255

const policyIndex = integer('Its place in the list, from 0', '序号，从 0 开始')
const policyVersion = text('Version of the list that the caller saw', '白名单版本', {
  maxChars: 20,
})
const cidrBlock = text('An address or a block, as 192.0.2.0/24', 'IP 或网段，如 192.0.2.0/24', {
  maxChars: 64,
})
const remark = text('Remark', '备注', { maxChars: maxRemarkChars })

const securityPolicy = structure('SecurityPolicy', 'An entry of the whitelist', '白名单条目', {
  PolicyIndex: policyIndex,
  Description: remark,
  CidrBlock: cidrBlock,
  PolicyVersion: policyVersion,
})

const entries = required(
  listOf(securityPolicy, 'The entries', '白名单条目', {
    minItems: 1,
    maxItems: maxSecurityPoliciesPerCall,
  }),
)

export const createSecurityPolicy = action('CreateSecurityPolicy', {
  doc: { en: 'Adds an entry to the whitelist.', zh: '添加公网访问白名单条目。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    CidrBlock: required({ ...cidrBlock, minChars: 1 }),
    Description: required({ ...remark, minChars: 1 }),
  },
  output: { RegistryId: registryId },
})

export const createMultipleSecurityPolicy = action('CreateMultipleSecurityPolicy', {
  doc: { en: 'Adds several entries to the whitelist.', zh: '批量添加公网访问白名单条目。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: { RegistryId: registryId, SecurityGroupPolicySet: entries },
  output: { RegistryId: registryId },
})

export const describeSecurityPolicies = action('DescribeSecurityPolicies', {
  doc: { en: 'Lists the entries of the whitelist.', zh: '查询公网访问白名单。' },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  input: { RegistryId: registryId },
  output: {
    SecurityPolicySet: nullable(listOf(securityPolicy, 'The entries', '白名单条目')),
  },
})

export const modifySecurityPolicy = action('ModifySecurityPolicy', {
  doc: { en: 'Changes an entry of the whitelist.', zh: '修改公网访问白名单条目。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    PolicyIndex: required(policyIndex),
    CidrBlock: required({ ...cidrBlock, minChars: 1 }),
    Description: required({ ...remark, minChars: 1 }),
  },
  output: { RegistryId: registryId },
})

export const deleteSecurityPolicy = action('DeleteSecurityPolicy', {
  doc: {
    en: 'Deletes an entry of the whitelist; CidrBlock wins over PolicyIndex.',
    zh: '删除公网访问白名单条目，CidrBlock 优先于 PolicyIndex。',
  },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    PolicyIndex: policyIndex,
    PolicyVersion: policyVersion,
    CidrBlock: cidrBlock,
  },
  output: { RegistryId: registryId },
})

export const deleteMultipleSecurityPolicy = action('DeleteMultipleSecurityPolicy', {
  doc: { en: 'Deletes several entries of the whitelist.', zh: '批量删除公网访问白名单条目。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: { RegistryId: registryId, SecurityGroupPolicySet: entries },
  output: { RegistryId: registryId },
})

export const securityPolicyActions: readonly Action[] = [
  createSecurityPolicy,
  createMultipleSecurityPolicy,
  describeSecurityPolicies,
  modifySecurityPolicy,
  deleteSecurityPolicy,
  deleteMultipleSecurityPolicy,
]
