// Certificates that are uploaded for custom domains (5 actions). Of what a shop of certificates would say, replies hold
// null: there is none here.

import { type Action, actionsOf, listed, on, operation } from '../action.ts'
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
import {
  certificateChainEntry,
  certificateExtra,
  domainProof,
  domainProofs,
  orderFacts,
  rootCertificates,
  submittedData,
  tag,
} from './structures.ts'

const action = actionsOf('ssl')

const maxPageEntries = 1000
/** A chain in PEM. */
const maxPemChars = 65_536

const givenCertificateId = required(
  text('Id of the certificate', '证书 ID', { minChars: 1, maxChars: 64 }),
)
const certificateId = text('Id of the certificate', '证书 ID')
const certificateOnly = on('certificate/{CertificateId}')
const alias = text('Alias', '备注名称', { maxChars: 200 })
const certificateType = oneOf(
  ['SVR', 'CA'],
  'SVR: of a server; CA: of an authority',
  'SVR 服务器证书，CA 为 CA 证书',
)
const publicKey = text('The certificate and its chain, PEM', '证书与证书链，PEM', {
  maxChars: maxPemChars,
})
const privateKey = text('The private key, PEM', '私钥，PEM', {
  maxChars: maxPemChars,
  secret: true,
})
const tags = listOf(tag, 'Cloud tags', '云标签', { maxItems: 50 })

export const uploadCertificate = action('UploadCertificate', {
  doc: {
    en: 'Uploads a certificate, once chain, key, names and dates were checked.',
    zh: '上传证书，检查证书链、私钥、域名和有效期。',
  },
  kind: 'write',
  access: operation,
  input: {
    CertificatePublicKey: required({ ...publicKey, minChars: 1 }),
    CertificatePrivateKey: privateKey,
    CertificateType: withDefault(certificateType, 'SVR'),
    Alias: alias,
    ProjectId: integer('Project', '项目 ID'),
    CertificateUse: text('What it is for', '证书用途', { maxChars: 64 }),
    Tags: tags,
    Repeatable: withDefault(
      flag(
        'False: the same once more is not stored, but told as RepeatCertId',
        '默认 true；false 表示不重复保存相同证书，返回 RepeatCertId',
      ),
      true,
    ),
    KeyPassword: text('Password of the private key', '私钥密码', { maxChars: 256, secret: true }),
  },
  output: {
    CertificateId: certificateId,
    RepeatCertId: text('The one that is the same; else empty', '重复证书的 ID，没有则为空'),
  },
})

/** A filter of 0 or 1. */
const only = (en: string, zh: string) => integer(en, zh, { values: [0, 1] })

const status = integer(
  '0 in review, 1 issued, 2 failed, 3 expired, 7 cancelled; an upload is 1, or 3',
  '0 审核中，1 已通过，2 审核失败，3 已过期，7 已取消；上传的证书为 1 或 3',
)
const time = (en: string, zh: string) =>
  text(`${en}, YYYY-MM-DD hh:mm:ss, GMT+8`, `${zh}，YYYY-MM-DD hh:mm:ss，GMT+8`)

/** What list and detail both show. */
const facts = {
  CertificateId: certificateId,
  Alias: alias,
  Domain: text('Its first name', '主域名'),
  SubjectAltName: list(text('A name', '域名'), 'Its names', '证书包含的域名', { maxItems: 1000 }),
  Status: status,
  StatusName: text('The status in words', '状态名称'),
  CertBeginTime: nullable(time('Valid from', '生效时间')),
  CertEndTime: nullable(time('Valid until', '失效时间')),
  CertificateType: certificateType,
  From: text('Whence: `upload`', '证书来源，此处为 upload'),
  InsertTime: time('When it was uploaded', '上传时间'),
  Tags: tags,
  OwnerUin: text('Uin of the main account', '所属主账号的 uin'),
  ProjectId: text('Project', '项目 ID'),
  ValidityPeriod: text('Months that it is valid', '有效期（月）'),
  IsWildcard: flag('True: with a wildcard', 'true 为泛域名证书'),
  Deployable: flag('True: it can be used', 'true 为可部署'),
  EncryptAlgorithm: nullable(text('Algorithm of the key', '证书算法')),
} as const

const certificate = structure('Certificates', 'A certificate', '证书', {
  ...facts,
  IsExpiring: flag('True: it ends within 30 days', 'true 为 30 天内到期'),
  ...orderFacts,
})

export const describeCertificates = action('DescribeCertificates', {
  doc: { en: 'Lists the certificates.', zh: '查询证书列表。' },
  kind: 'read',
  access: listed('certificate/*'),
  paging: 'record',
  input: {
    Offset: withDefault(integer('How many to skip', '跳过的条数'), 0),
    Limit: withDefault(
      integer('Entries a page: 10 unless told, 1000 at most', '每页条数，默认 10，最大 1000', {
        max: maxPageEntries,
      }),
      10,
    ),
    SearchKey: text('Part of id, alias or name', '模糊匹配证书 ID、备注名称或域名', {
      maxChars: 256,
    }),
    CertificateType: certificateType,
    ProjectId: integer('Only of this project', '项目 ID'),
    ExpirationSort: oneOf(
      ['ASC', 'DESC'],
      'Sorted by expiry; else newest first',
      '按到期时间排序，不传按上传时间倒序',
    ),
    CertificateStatus: list(status, 'Only in these states', '证书状态列表', { maxItems: 32 }),
    Deployable: only('1: only those that can be used', '1 仅可部署的'),
    Upload: only('1: only uploads that are renewed', '1 仅上传托管的'),
    Renew: only('1: only those that can be renewed', '1 仅可续期的'),
    FilterSource: oneOf(['upload', 'buy'], 'Only from there', '来源：upload 上传，buy 购买'),
    IsSM: only('1: only those with SM2', '1 仅国密证书'),
    FilterExpiring: only('1: only those that expire soon', '1 仅即将过期的'),
    Hostable: only('1: only those that can be renewed by itself', '1 仅可托管的'),
    Tags: tags,
    IsPendingIssue: nullable(only('1: only those not issued yet', '1 仅等待签发的')),
    CertIds: list(
      text('Id of a certificate', '证书 ID', { maxChars: 64 }),
      'Only these',
      '证书 ID 列表',
      {
        maxItems: 100,
      },
    ),
    ServiceId: text('Only of this subscription', '订阅服务 ID', { maxChars: 64 }),
  },
  output: {
    TotalCount: integer('How many there are in all', '总数'),
    Certificates: listOf(certificate, 'The certificates', '证书列表', { maxItems: maxPageEntries }),
  },
})

export const describeCertificateDetail = action('DescribeCertificateDetail', {
  doc: {
    en: 'Shows a certificate; the private key never leaves the server.',
    zh: '查询证书详情，不返回私钥。',
  },
  kind: 'read',
  access: certificateOnly,
  input: { CertificateId: givenCertificateId },
  output: {
    ...facts,
    PackageType: nullable(text('Package that was bought', '证书套餐类型')),
    ProductZhName: text('Name of the product', '证书产品名称'),
    StatusMsg: nullable(text('More about the status', '状态信息')),
    VerifyType: nullable(text('How the names were proved', '验证类型')),
    VulnerabilityStatus: nullable(text('State of a scan', '漏洞扫描状态')),
    OrderId: nullable(text('Order', '订单 ID')),
    CertificateExtra: nullable(object(certificateExtra)),
    CertificatePrivateKey: nullable(privateKey),
    CertificatePublicKey: nullable(publicKey),
    DvAuthDetail: nullable(object(domainProof)),
    VulnerabilityReport: nullable(text('Report of a scan', '漏洞扫描报告')),
    TypeName: nullable(text('Name of its kind', '证书类型名称')),
    IsVip: flag('True: it was bought', 'true 为付费证书'),
    IsDv: flag('True: proves a domain only', 'true 为 DV 证书'),
    IsVulnerability: flag('True: scans are on', 'true 为启用漏洞扫描'),
    SubmittedData: nullable(object(submittedData)),
    RenewAble: flag('True: it can be renewed', 'true 为可续费'),
    RootCert: nullable(object(rootCertificates)),
    EncryptCert: nullable(text('SM2: certificate to encrypt', '国密加密证书')),
    EncryptPrivateKey: nullable(text('SM2: its key', '国密加密私钥', { secret: true })),
    CertFingerprint: nullable(text('SHA-1 of the certificate', '证书 SHA1 指纹')),
    EncryptCertFingerprint: nullable(text('SM2: its SHA-1', '国密加密证书 SHA1 指纹')),
    DvRevokeAuthDetail: nullable(listOf(domainProofs, 'Proofs for a revocation', '吊销验证信息')),
    CertChainInfo: nullable(listOf(certificateChainEntry, 'The chain', '证书链信息')),
    DomainType: nullable(
      integer(
        '1 one name, 2 several, 3 wildcard, 4 several wildcards',
        '1 单域名，2 多域名，3 泛域名，4 多泛域名',
      ),
    ),
    CertType: nullable(text('DV, OV or EV', '证书类型：DV、OV 或 EV')),
    UseCrossSignRoot: nullable(flag('True: with a cross-signed root', 'true 为使用交叉根')),
    HostingStatus: nullable(
      integer('Renewal by itself; -1: none', '托管状态，-1 为未托管', { min: -1 }),
    ),
  },
})

export const deleteCertificate = action('DeleteCertificate', {
  doc: {
    en: 'Deletes a certificate that no custom domain uses.',
    zh: '删除未被自定义域名使用的证书。',
  },
  kind: 'write',
  access: certificateOnly,
  input: {
    CertificateId: givenCertificateId,
    IsCheckResource: flag('Use is always checked here', '是否检查关联资源，此处始终检查'),
  },
  output: {
    DeleteResult: flag('True: it is deleted', 'true 为删除成功'),
    TaskId: nullable(text('Task that deletes it', '删除任务 ID')),
  },
})

export const modifyCertificateAlias = action('ModifyCertificateAlias', {
  doc: { en: 'Changes the alias of a certificate.', zh: '修改证书的备注名称。' },
  kind: 'write',
  access: certificateOnly,
  input: { CertificateId: givenCertificateId, Alias: alias },
  output: { CertificateId: certificateId },
})

export const certificateActions: readonly Action[] = [
  uploadCertificate,
  describeCertificates,
  describeCertificateDetail,
  deleteCertificate,
  modifyCertificateAlias,
]
