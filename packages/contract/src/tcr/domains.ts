// Custom domains of an instance (3 actions).

import { type Action, on } from '../action.ts'
import { listOf, oneOf, required, structure, text } from '../fields.ts'
import { action, limit, recordOffset, registryId, totalCount } from './parameters.ts'

const maxDomainChars = 253

const domainName = required(
  text('The host name', '域名', { minChars: 1, maxChars: maxDomainChars }),
)
const certificateId = text('Id of the certificate', '证书 ID', { minChars: 1, maxChars: 64 })

export const createInstanceCustomizedDomain = action('CreateInstanceCustomizedDomain', {
  doc: { en: 'Binds a domain with its certificate.', zh: '绑定自定义域名及其证书。' },
  kind: 'write',
  // The handler also asks whether the caller may use the certificate: that is a resource of `ssl`.
  access: on('instance/{RegistryId}'),
  ratePerSecond: 1,
  input: {
    RegistryId: registryId,
    DomainName: domainName,
    CertificateId: required(certificateId),
  },
  output: {},
})

const customizedDomain = structure('CustomizedDomainInfo', 'A custom domain', '自定义域名', {
  RegistryId: registryId,
  CertId: required(certificateId),
  DomainName: domainName,
  Status: required(oneOf(['SUCCESS', 'FAILURE', 'CREATING', 'DELETING'], 'How it stands', '状态')),
})

export const describeInstanceCustomizedDomain = action('DescribeInstanceCustomizedDomain', {
  doc: { en: 'Lists the custom domains of an instance.', zh: '查询实例的自定义域名。' },
  kind: 'read',
  access: on('instance/{RegistryId}'),
  paging: 'record',
  input: { RegistryId: registryId, Limit: limit, Offset: recordOffset },
  output: {
    DomainInfoList: listOf(customizedDomain, 'The domains', '域名列表'),
    TotalCount: totalCount,
  },
})

export const deleteInstanceCustomizedDomain = action('DeleteInstanceCustomizedDomain', {
  doc: { en: 'Unbinds a domain; its certificate stays.', zh: '解绑自定义域名，不删除证书。' },
  kind: 'write',
  access: on('instance/{RegistryId}'),
  ratePerSecond: 1,
  input: { RegistryId: registryId, DomainName: domainName, CertificateId: certificateId },
  output: {},
})

export const domainActions: readonly Action[] = [
  createInstanceCustomizedDomain,
  describeInstanceCustomizedDomain,
  deleteInstanceCustomizedDomain,
]
