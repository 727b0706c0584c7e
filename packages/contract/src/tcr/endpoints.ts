// Endpoints: the public one, links to private networks, and the names that resolve there (7 actions).

import { type Action, listed, on } from '../action.ts'
import { flag, listOf, nullable, oneOf, required, structure, text, withDefault } from '../fields.ts'
import { action, regionId, regionName, registryId, totalCount } from './parameters.ts'

export const maxDnsQuestionsPerCall = 100

const idRules = { minChars: 1, maxChars: 64 }
const operation = required(oneOf(['Create', 'Delete'], 'Open or close', 'Create 开启，Delete 关闭'))
const vpcId = text('Id of the network: vpc-…', 'VPC ID，形如 vpc-xxxxxxxx', idRules)
const subnetId = text('Id of the subnet: subnet-…', '子网 ID，形如 subnet-xxxxxxxx', idRules)
const eniLBIp = required(text('Address of the link in the network', '内网链路的 IP', idRules))

/** The actions about names in private networks say `InstanceId` where all others say `RegistryId`. */
const instanceId = registryId
const usePublicDomain = withDefault(
  flag(
    'True: the name of the public domain; false: the one with -vpc',
    'true 解析默认域名，false 解析带 -vpc 的域名',
  ),
  false,
)

export const manageExternalEndpoint = action('ManageExternalEndpoint', {
  doc: { en: 'Starts to open or close the public endpoint.', zh: '开启或关闭公网访问入口。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: { RegistryId: registryId, Operation: operation },
  output: { RegistryId: registryId },
})

export const describeExternalEndpointStatus = action('DescribeExternalEndpointStatus', {
  doc: { en: 'Tells how the public endpoint stands.', zh: '查询公网访问入口的状态。' },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  input: { RegistryId: registryId },
  output: {
    // Terraform knows `Deleting` where the console says that it is closing.
    Status: oneOf(['Opening', 'Opened', 'Closing', 'Deleting', 'Closed'], 'How it stands', '状态'),
    Reason: text('Why it stands so, empty if as wanted', '原因，正常时为空'),
  },
})

export const manageInternalEndpoint = action('ManageInternalEndpoint', {
  doc: { en: 'Links a private network, or ends a link.', zh: '建立或移除内网访问链路。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  input: {
    RegistryId: registryId,
    Operation: operation,
    VpcId: required(vpcId),
    SubnetId: required(subnetId),
    RegionId: { ...regionId, doc: { en: 'Region of a replica', zh: '复制实例的地域 ID' } },
    RegionName: { ...regionName, doc: { en: 'The same by name', zh: '复制实例的地域名称' } },
  },
  output: { RegistryId: registryId },
})

const accessVpc = structure('AccessVpc', 'A link to a private network', '内网访问链路', {
  VpcId: vpcId,
  SubnetId: subnetId,
  Status: text('How it stands, for example Running', '状态，如 Running'),
  // Terraform reads it without asking whether it is there.
  AccessIp: text('Its address, empty until it has one', '内网 IP，分配前为空'),
})

export const describeInternalEndpoints = action('DescribeInternalEndpoints', {
  doc: { en: 'Lists the links to private networks.', zh: '查询内网访问链路。' },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  input: { RegistryId: registryId },
  output: {
    AccessVpcSet: nullable(listOf(accessVpc, 'The links', '链路列表')),
    TotalCount: totalCount,
  },
})

export const createInternalEndpointDns = action('CreateInternalEndpointDns', {
  doc: {
    en: "Lets an instance's name resolve to the link within a private network.",
    zh: '在 VPC 内将实例域名解析到内网链路。',
  },
  kind: 'write',
  access: on('instance/{InstanceId}'),
  input: {
    InstanceId: instanceId,
    VpcId: required(vpcId),
    EniLBIp: eniLBIp,
    UsePublicDomain: usePublicDomain,
    RegionName: regionName,
    RegionId: regionId,
  },
  output: {},
})

export const deleteInternalEndpointDns = action('DeleteInternalEndpointDns', {
  doc: {
    en: "Ends the resolution of an instance's name within a private network.",
    zh: '移除 VPC 内的实例域名解析。',
  },
  kind: 'write',
  access: on('instance/{InstanceId}'),
  input: {
    InstanceId: instanceId,
    VpcId: required(vpcId),
    EniLBIp: eniLBIp,
    UsePublicDomain: usePublicDomain,
    RegionName: regionName,
  },
  output: {},
})

const vpcAndDomain = structure(
  'VpcAndDomainInfo',
  'A name and the network in which it may resolve',
  '待查询的域名与 VPC',
  {
    InstanceId: instanceId,
    VpcId: required(vpcId),
    EniLBIp: eniLBIp,
    UsePublicDomain: usePublicDomain,
    RegionName: regionName,
  },
)

const vpcPrivateDomainStatus = structure(
  'VpcPrivateDomainStatus',
  'Whether a name resolves in a network',
  'VPC 内的域名解析状态',
  {
    Region: regionName,
    VpcId: vpcId,
    Status: oneOf(['ENABLED', 'DISABLED', 'ERROR'], 'Whether it resolves there', '是否已解析'),
  },
)

export const describeInternalEndpointDnsStatus = action('DescribeInternalEndpointDnsStatus', {
  doc: { en: 'Tells whether names resolve in private networks.', zh: '查询 VPC 内的解析状态。' },
  kind: 'read',
  // The instances are named within the list, so the handler asks for sight of each.
  access: listed('instance/*'),
  input: {
    VpcSet: required(
      listOf(vpcAndDomain, 'What is asked', '待查询列表', {
        minItems: 1,
        maxItems: maxDnsQuestionsPerCall,
      }),
    ),
  },
  output: { VpcSet: listOf(vpcPrivateDomainStatus, 'In the order asked', '结果，与请求顺序一致') },
})

export const endpointActions: readonly Action[] = [
  manageExternalEndpoint,
  describeExternalEndpointStatus,
  manageInternalEndpoint,
  describeInternalEndpoints,
  createInternalEndpointDns,
  deleteInternalEndpointDns,
  describeInternalEndpointDnsStatus,
]
