// Structures of certificates. All but the tag and the chain are about certificates that are bought.

import {
  flag,
  integer,
  list,
  listOf,
  nullable,
  object,
  required,
  structure,
  text,
} from '../fields.ts'

/** Never known here. */
const unknown = (en: string, zh: string) => nullable(text(en, zh))
const unknownFlag = (en: string, zh: string) => nullable(flag(en, zh))
const unknownNumber = (en: string, zh: string) => nullable(integer(en, zh, { min: -1 }))
const unknownList = (en: string, zh: string) =>
  nullable(list(text('One of them', '其中一项'), en, zh))

export const tag = structure('Tags', 'A cloud tag', '云标签', {
  TagKey: required(text('Key', '标签键', { minChars: 1, maxChars: 127 })),
  TagValue: required(text('Value', '标签值', { maxChars: 255 })),
})

export const certificateChainEntry = structure(
  'CertBasicInfo',
  'A certificate of the chain',
  '证书链中的证书',
  {
    Issuer: text('Who signed it', '颁发者'),
    Subject: text('Whom it names', '颁发给'),
    Fingerprint: text('Fingerprint', '证书指纹'),
    ValidFrom: text('Valid from', '有效期开始时间'),
    ValidTo: text('Valid until', '有效期结束时间'),
  },
)

export const certificateExtra = structure(
  'CertificateExtra',
  'More about an order',
  '证书扩展信息',
  {
    DomainNumber: unknown('How many names it may have', '可配置域名数量'),
    OriginCertificateId: unknown('The one that it renews', '续费的原证书 ID'),
    ReplacedBy: unknown('The one that it replaces', '重颁发的原证书 ID'),
    ReplacedFor: unknown('The one that replaced it', '重颁发的新证书 ID'),
    RenewOrder: unknown('The one that renewed it', '续费的新证书 ID'),
    SMCert: nullable(integer('1: with SM2', '1 为国密证书')),
    CompanyType: nullable(integer('1 person, 2 company', '1 个人，2 公司')),
    ServiceRenewCertificateId: unknown('Next of the subscription', '订阅服务的下一张证书 ID'),
    ServiceOriginCertificateId: unknown('Before it in the subscription', '订阅服务的上一张证书 ID'),
  },
)

export const domainProofs = structure('DvAuths', 'Proof of a name', '域名验证信息', {
  DvAuthKey: unknown('Key of the record', '验证记录的键'),
  DvAuthValue: unknown('Value of the record', '验证记录的值'),
  DvAuthDomain: unknown('The name', '验证的域名'),
  DvAuthPath: unknown('Path of the file', '验证文件的路径'),
  DvAuthSubDomain: unknown('Label of the record', '验证的子域名'),
  DvAuthVerifyType: unknown('TXT, FILE or CNAME', '验证类型：TXT、FILE 或 CNAME'),
})

export const domainProof = structure('DvAuthDetail', 'Proofs of the names', '域名验证详情', {
  DvAuthKey: unknown('Key of the record', '验证记录的键'),
  DvAuthValue: unknown('Value of the record', '验证记录的值'),
  DvAuthDomain: unknown('The name', '验证的域名'),
  DvAuthPath: unknown('Path of the file', '验证文件的路径'),
  DvAuthKeySubDomain: unknown('Label of the record', '验证的子域名'),
  DvAuths: nullable(listOf(domainProofs, 'By name', '按域名列出')),
})

export const rootCertificates = structure('RootCertificates', 'Root certificates', '根证书', {
  Sign: unknown('SM2: to sign', '国密签名证书'),
  Encrypt: unknown('SM2: to encrypt', '国密加密证书'),
  Standard: unknown('Usual', '标准证书'),
})

export const submittedData = structure('SubmittedData', 'What an order said', '申请时提交的资料', {
  CsrType: unknown('How the request was made', 'CSR 类型'),
  CsrContent: unknown('The request', 'CSR 内容'),
  CertificateDomain: unknown('The name', '域名信息'),
  DomainList: nullable(list(text('A name', '域名'), 'The names', '域名列表')),
  KeyPassword: nullable(text('Password of the key', '私钥密码', { secret: true })),
  OrganizationName: unknown('Organisation', '企业或单位名称'),
  OrganizationDivision: unknown('Department', '部门'),
  OrganizationAddress: unknown('Address', '地址'),
  OrganizationCountry: unknown('Country', '国家'),
  OrganizationCity: unknown('City', '市'),
  OrganizationRegion: unknown('Province', '省'),
  PostalCode: unknown('Postal code', '邮政编码'),
  PhoneAreaCode: unknown('Area code', '座机区号'),
  PhoneNumber: unknown('Phone number', '座机号码'),
  AdminFirstName: unknown('Administrator, first name', '管理员名'),
  AdminLastName: unknown('Administrator, last name', '管理员姓'),
  AdminPhoneNum: unknown('Administrator, phone', '管理员电话'),
  AdminEmail: unknown('Administrator, e-mail', '管理员邮箱'),
  AdminPosition: unknown('Administrator, position', '管理员职位'),
  ContactFirstName: unknown('Contact, first name', '联系人名'),
  ContactLastName: unknown('Contact, last name', '联系人姓'),
  ContactNumber: unknown('Contact, phone', '联系人电话'),
  ContactEmail: unknown('Contact, e-mail', '联系人邮箱'),
  ContactPosition: unknown('Contact, position', '联系人职位'),
  VerifyType: unknown('How the names were proved', '验证类型'),
})

const projectInfo = structure('ProjectInfo', 'A project', '项目信息', {
  ProjectName: unknown('Its name', '项目名称'),
  ProjectCreatorUin: unknownNumber('Who made it', '项目创建者的 uin'),
  ProjectCreateTime: unknown('When it was made', '项目创建时间'),
  ProjectResume: unknown('Remark', '项目简述'),
  OwnerUin: unknownNumber('Uin of the main account', '所属主账号的 uin'),
  ProjectId: unknown('Its id', '项目 ID'),
})

const preAuditInfo = structure('PreAuditInfo', 'Review of an order', '证书预审核信息', {
  TotalPeriod: unknownNumber('Years in all', '证书总年限'),
  NowPeriod: unknownNumber('Which year', '证书当前年限'),
  ManagerId: unknown('Who reviews', '预审核管理人 ID'),
})

const supportDownloadType = structure(
  'SupportDownloadType',
  'For which servers',
  '支持下载的格式',
  {
    NGINX: unknownFlag('nginx', 'nginx 格式'),
    APACHE: unknownFlag('Apache', 'Apache 格式'),
    TOMCAT: unknownFlag('Tomcat', 'Tomcat 格式'),
    IIS: unknownFlag('IIS', 'IIS 格式'),
    JKS: unknownFlag('JKS', 'JKS 格式'),
    OTHER: unknownFlag('Others', '其他格式'),
    ROOT: unknownFlag('The root certificate', '根证书'),
  },
)

const hostingConfig = structure('HostingConfig', 'Renewal by itself', '托管配置', {
  ReplaceTime: unknownNumber('Days before its end', '到期前多少天替换'),
  MessageTypes: nullable(
    list(integer('A kind of notice', '消息类型'), 'What is told', '消息类型列表'),
  ),
  ReplaceStartTime: unknown('From which time of day', '替换开始时间'),
  ReplaceEndTime: unknown('Until which', '替换结束时间'),
})

/** What the list says of a certificate beside `facts`. */
export const orderFacts = {
  VulnerabilityStatus: unknown('State of a scan', '漏洞扫描状态'),
  StatusMsg: unknown('More about the status', '状态信息'),
  VerifyType: unknown('How the names were proved', '验证类型'),
  ProductZhName: unknown('Name of the product', '证书产品名称'),
  PackageType: unknown('Package that was bought', '证书套餐类型'),
  PackageTypeName: unknown('Name of the package', '证书套餐名称'),
  IsVip: unknownFlag('True: of a preferred customer', 'true 为 VIP 客户'),
  IsVulnerability: unknownFlag('True: scans are on', 'true 为启用漏洞扫描'),
  IsDv: unknownFlag('True: proves a domain only', 'true 为 DV 证书'),
  RenewAble: unknownFlag('True: it can be renewed by order', 'true 为可续费'),
  BoundResource: unknownList('Resources that use it', '关联的云资源'),
  IsIgnore: unknownFlag('True: no notice of its expiry', 'true 为忽略到期通知'),
  IsSM: unknownFlag('True: with SM2', 'true 为国密证书'),
  CAEncryptAlgorithms: unknownList('Of an authority: algorithms', 'CA 证书的加密算法'),
  CAEndTimes: unknownList('Of an authority: ends', 'CA 证书的过期时间'),
  CACommonNames: unknownList('Of an authority: names', 'CA 证书的通用名称'),
  AutoRenewFlag: unknownNumber('1: renewed by itself', '1 为自动续费'),
  HostingStatus: unknownNumber('Renewal by itself; -1: none', '托管状态，-1 为未托管'),
  HostingCompleteTime: unknown('When it was renewed by itself', '托管完成时间'),
  HostingRenewCertId: unknown('The one that renewed it', '托管的新证书 ID'),
  HasRenewOrder: unknown('Order that renews it', '续费的证书 ID'),
  ReplaceOriCertIsDelete: unknownFlag(
    'True: the one it replaced is gone',
    'true 为重颁发的原证书已删除',
  ),
  DVAuthDeadline: unknown('Until when its names must be proved', '域名验证截止时间'),
  ValidationPassedTime: unknown('When they were proved', '域名验证通过时间'),
  CertSANs: unknownList('Names of the order', '订单关联的域名'),
  AwaitingValidationMsg: unknown('Why a name was not proved', '域名验证驳回信息'),
  AllowDownload: unknownFlag('True: it can be downloaded', 'true 为允许下载'),
  IsDNSPODResolve: unknownFlag('True: all names are at DNSPod', 'true 为域名均由 DNSPod 解析'),
  IsPackage: unknownFlag('True: paid by points', 'true 为权益点购买'),
  KeyPasswordCustomFlag: unknownFlag('True: its key has a password', 'true 为私钥有密码'),
  CertRevokedTime: unknown('When it was revoked', '吊销完成时间'),
  HostingResourceTypes: unknownList('Kinds of resource that follow a renewal', '托管的资源类型'),
  IsHostingUploadRenewCert: unknownFlag('True: an upload renewed it', 'true 为上传证书托管续期'),
  ServiceId: unknown('Subscription', '订阅服务 ID'),
  ServiceStatus: unknown('State of the subscription', '订阅服务状态'),
  CertServiceBeginTime: unknown('Begin of the subscription', '订阅服务开始时间'),
  CertServiceEndTime: unknown('End of the subscription', '订阅服务结束时间'),
  CertServiceShareEnabled: unknownFlag(
    'True: the subscription is shared',
    'true 为开启订阅服务共享',
  ),
  CertServiceValidCertificateCount: unknownNumber(
    'Valid certificates of the subscription',
    '订阅服务下有效的证书数量',
  ),
  CertificateExtra: nullable(object(certificateExtra)),
  ProjectInfo: nullable(object(projectInfo)),
  PreAuditInfo: nullable(object(preAuditInfo)),
  SupportDownloadType: nullable(object(supportDownloadType)),
  HostingConfig: nullable(object(hostingConfig)),
} as const
