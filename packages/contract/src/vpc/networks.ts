// Networks: what the console picks VPC links and whitelists from (4 actions). `Offset` and `Limit` are texts here.

import { type Action, actionsOf, listed, on } from '../action.ts'
import {
  flag,
  integer,
  list,
  listOf,
  nullable,
  object,
  oneOf,
  required,
  structure,
  text,
  withDefault,
} from '../fields.ts'

const action = actionsOf('vpc')

/** One call names or filters by at most so many. */
const maxIds = 100

const decimal = {
  minChars: 1,
  maxChars: 10,
  rule: { pattern: /^\d+$/, words: { en: 'a decimal number', zh: '十进制数字' } },
} as const

const paged = {
  Offset: withDefault(text('How many to skip, as text', '跳过的条数（字符串）', decimal), '0'),
  Limit: withDefault(
    text(
      'Entries a page, as text: 20 unless told, 100 at most',
      '每页条数（字符串），默认 20，最大 100',
      decimal,
    ),
    '20',
  ),
} as const

const totalCount = integer('How many there are in all', '总数')

const filter = structure('Filter', 'A filter; several must all match', '过滤条件，多个之间为与', {
  Name: required(text('What is compared', '过滤属性名', { maxChars: 64 })),
  Values: required(
    list(text('A value', '值', { maxChars: 256 }), 'Any of these', '取值，多个之间为或', {
      maxItems: maxIds,
    }),
  ),
})

const filters = (names: string) => listOf(filter, `By ${names}`, `支持 ${names}`, { maxItems: 10 })

const id = (en: string, zh: string) => text(en, zh, { minChars: 1, maxChars: 64 })
const ids = (of: ReturnType<typeof id>) =>
  list(of, 'Only these', '只查询这些 ID', { maxItems: maxIds })

const vpcId = id('Id of a VPC: vpc- and 8 characters', 'VPC ID，形如 vpc-xxxxxxxx')
const subnetId = id('Id of a subnet: subnet- and 8 characters', '子网 ID，形如 subnet-xxxxxxxx')
const groupId = id('Id of a security group: sg- and 8 characters', '安全组 ID，形如 sg-xxxxxxxx')

const tag = structure('Tag', 'A cloud tag', '云标签', {
  Key: text('Key', '标签键'),
  Value: text('Value', '标签值'),
})

const cidrBlock = text('IPv4 addresses, CIDR', 'IPv4 网段')
const ipv6CidrBlock = text('IPv6 addresses, CIDR', 'IPv6 网段')
const createdTime = text('When it was made', '创建时间')
const tagSet = listOf(tag, 'Cloud tags', '云标签')
const isDefault = flag('True: the default one', 'true 为默认')

// What only Tencent's own network knows is null.

const subnet = structure('Subnet', 'A subnet', '子网', {
  VpcId: vpcId,
  SubnetId: subnetId,
  SubnetName: text('Name', '子网名称'),
  CidrBlock: cidrBlock,
  IsDefault: isDefault,
  EnableBroadcast: nullable(flag('True: with broadcast', 'true 为开启广播')),
  Zone: text('Zone', '可用区'),
  RouteTableId: nullable(text('Its route table', '路由表 ID')),
  CreatedTime: createdTime,
  AvailableIpAddressCount: integer('Free IPv4 addresses', '可用 IPv4 数'),
  Ipv6CidrBlock: ipv6CidrBlock,
  NetworkAclId: nullable(text('Its network ACL', '关联的网络 ACL ID')),
  IsRemoteVpcSnat: nullable(flag('True: of an SNAT pool', 'true 为 SNAT 地址池子网')),
  TotalIpAddressCount: integer('IPv4 addresses in all', 'IPv4 总数'),
  TagSet: tagSet,
  CdcId: nullable(text('Dedicated cluster', 'CDC 实例 ID')),
  IsCdcSubnet: nullable(integer('1: of a dedicated cluster', '1 为 CDC 所属子网')),
})

const assistantCidr = structure('AssistantCidr', 'Further addresses of a VPC', '辅助网段', {
  VpcId: vpcId,
  CidrBlock: cidrBlock,
  AssistantType: integer('0 plain, 1 of containers', '0 普通，1 容器'),
  SubnetSet: listOf(subnet, 'Its subnets', '子网列表'),
})

const ispIpv6CidrBlock = structure(
  'ISPIPv6CidrBlock',
  'IPv6 addresses by carrier',
  '运营商 IPv6 网段',
  {
    IPv6CidrBlock: ipv6CidrBlock,
    ISPType: text('Carrier', '运营商类型'),
    AddressType: text('`GUA` or `ULA`', 'GUA 全球单播，ULA 唯一本地'),
  },
)

const vpc = structure('Vpc', 'A VPC', '私有网络', {
  VpcName: text('Name', '名称'),
  VpcId: vpcId,
  CidrBlock: cidrBlock,
  IsDefault: isDefault,
  EnableMulticast: nullable(flag('True: with multicast', 'true 为开启组播')),
  CreatedTime: createdTime,
  DnsServerSet: list(text('An address', '地址'), 'Its DNS servers', 'DNS 列表'),
  DomainName: nullable(text('Domain by DHCP', 'DHCP 域名')),
  DhcpOptionsId: nullable(text('Its DHCP options', 'DHCP 选项集 ID')),
  EnableDhcp: nullable(flag('True: with DHCP', 'true 为开启 DHCP')),
  Ipv6CidrBlock: ipv6CidrBlock,
  TagSet: tagSet,
  AssistantCidrSet: listOf(assistantCidr, 'Further addresses', '辅助网段'),
  EnableRouteVpcPublish: nullable(flag('True: routes go by VPC', 'true 为按 VPC 网段发布路由')),
  Ipv6CidrBlockSet: listOf(ispIpv6CidrBlock, 'IPv6 addresses by carrier', '运营商 IPv6 网段'),
  EnableRouteVpcPublishIpv6: nullable(
    flag('True: IPv6 routes go by VPC', 'true 为按 VPC 网段发布 IPv6 路由'),
  ),
})

export const describeVpcs = action('DescribeVpcs', {
  doc: { en: 'Lists the VPCs.', zh: '查询私有网络列表。' },
  kind: 'read',
  access: listed('vpc/*'),
  paging: 'record',
  input: {
    VpcIds: ids(vpcId),
    Filters: filters('vpc-name, is-default, vpc-id, cidr-block'),
    ...paged,
  },
  output: { TotalCount: totalCount, VpcSet: listOf(vpc, 'The VPCs', '私有网络列表') },
})

export const describeSubnets = action('DescribeSubnets', {
  doc: { en: 'Lists the subnets.', zh: '查询子网列表。' },
  kind: 'read',
  access: listed('subnet/*'),
  paging: 'record',
  input: {
    SubnetIds: ids(subnetId),
    Filters: filters('subnet-id, vpc-id, cidr-block, subnet-name, zone'),
    ...paged,
    MaxResults: integer('Entries a page, by token', '每页条数，与 NextToken 配合', {
      min: 1,
      max: 100,
    }),
    NextToken: text('Of the page before', '上一页返回的凭证', { maxChars: 256 }),
  },
  output: {
    TotalCount: totalCount,
    SubnetSet: listOf(subnet, 'The subnets', '子网列表'),
    NextToken: text('Of the next page; empty after the last', '下一页的凭证，最后一页为空'),
  },
})

const securityGroup = structure('SecurityGroup', 'A security group', '安全组', {
  SecurityGroupId: groupId,
  SecurityGroupName: text('Name', '安全组名称'),
  SecurityGroupDesc: text('Remark', '安全组备注'),
  ProjectId: text('Project', '项目 ID'),
  IsDefault: isDefault,
  CreatedTime: createdTime,
  TagSet: tagSet,
  UpdateTime: text('When it last changed', '最近修改时间'),
})

export const describeSecurityGroups = action('DescribeSecurityGroups', {
  doc: { en: 'Lists the security groups.', zh: '查询安全组列表。' },
  kind: 'read',
  access: listed('sg/*'),
  paging: 'record',
  input: {
    SecurityGroupIds: ids(groupId),
    Filters: filters('security-group-id, project-id, security-group-name'),
    ...paged,
    OrderField: oneOf(['CreatedTime', 'UpdateTime'], 'Sorted by', '排序字段'),
    OrderDirection: oneOf(['ASC', 'DESC'], 'Upwards or downwards', '排序方向'),
  },
  output: {
    SecurityGroupSet: listOf(securityGroup, 'The security groups', '安全组列表'),
    TotalCount: totalCount,
  },
})

const serviceTemplate = structure(
  'ServiceTemplateSpecification',
  'Ports by template',
  '协议端口模板',
  {
    ServiceId: text('Template', '协议端口 ID'),
    ServiceGroupId: text('Group of templates', '协议端口组 ID'),
  },
)

const addressTemplate = structure(
  'AddressTemplateSpecification',
  'Addresses by template',
  'IP 模板',
  {
    AddressId: text('Template', 'IP 地址 ID'),
    AddressGroupId: text('Group of templates', 'IP 地址组 ID'),
  },
)

const rule = structure('SecurityGroupPolicy', 'A rule of a security group', '安全组规则', {
  PolicyIndex: integer('Its place', '规则索引号'),
  Protocol: text('TCP, UDP, ICMP, ICMPv6 or ALL', '协议：TCP、UDP、ICMP、ICMPv6 或 ALL'),
  Port: text('Port, ports or all', '端口，all 为全部'),
  ServiceTemplate: nullable(object(serviceTemplate)),
  CidrBlock: text('IPv4 address or CIDR', 'IPv4 地址或网段'),
  Ipv6CidrBlock: text('IPv6 address or CIDR', 'IPv6 地址或网段'),
  SecurityGroupId: text('Members of this security group', '安全组 ID'),
  AddressTemplate: nullable(object(addressTemplate)),
  Action: oneOf(['ACCEPT', 'DROP'], 'What becomes of it', '策略：ACCEPT 允许，DROP 拒绝'),
  PolicyDescription: text('Remark', '规则描述'),
  ModifyTime: text('When it last changed', '最近修改时间'),
  Priority: nullable(integer('Priority', '优先级')),
})

const statistics = structure('PolicyStatistics', 'How many rules', '规则条目统计', {
  IngressIPv4TotalCount: integer('Inbound, IPv4', '入站 IPv4 总数'),
  IngressIPv6TotalCount: integer('Inbound, IPv6', '入站 IPv6 总数'),
  EgressIPv4TotalCount: integer('Outbound, IPv4', '出站 IPv4 总数'),
  EgressIPv6TotalCount: integer('Outbound, IPv6', '出站 IPv6 总数'),
})

const rules = structure('SecurityGroupPolicySet', 'The rules of a security group', '安全组规则集', {
  Version: text('Which version of them', '规则版本'),
  Egress: listOf(rule, 'Outbound', '出站规则'),
  Ingress: listOf(rule, 'Inbound', '入站规则'),
  PolicyStatistics: nullable(object(statistics)),
})

export const describeSecurityGroupPolicies = action('DescribeSecurityGroupPolicies', {
  doc: {
    en: 'Shows the rules of a security group, to import a whitelist from.',
    zh: '查询安全组规则，可用于导入白名单。',
  },
  kind: 'read',
  access: on('sg/{SecurityGroupId}'),
  input: {
    SecurityGroupId: required(groupId),
    Filters: filters('security-group-id, ip, direction'),
  },
  output: { SecurityGroupPolicySet: object(rules) },
})

export const networkActions: readonly Action[] = [
  describeVpcs,
  describeSubnets,
  describeSecurityGroups,
  describeSecurityGroupPolicies,
]
