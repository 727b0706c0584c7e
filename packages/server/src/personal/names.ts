// What namespaces and repositories of the Personal edition may be called.

import { ApiError } from '@entrepot/contract/errors.ts'
import { parseRepositoryPath } from '@entrepot/oci/reference.ts'

/** Nobody may have these: they would look like the operator's, or like a part of the registry. */
const reserved: ReadonlySet<string> = new Set([
  ...['account', 'admin', 'administrator', 'api', 'auth', 'ccr', 'ccs', 'ccs-dev', 'console'],
  ...['default', 'docker', 'dockerhub', 'entrepot', 'k8s', 'kube-system', 'kubernetes', 'library'],
  ...['login', 'mirror', 'mirrors', 'official', 'open', 'personal', 'public', 'qcloud', 'registry'],
  ...['root', 'service', 'support', 'system', 'tcr', 'tencent', 'tencentcloud', 'tencentyun'],
  ...['tke', 'tkeimages', 'token', 'v1', 'v2'],
])

export function isReserved(namespace: string): boolean {
  return reserved.has(namespace)
}

/** Throws PERSONAL_NAMESPACE_RESERVED. */
export function assertNotReserved(namespace: string): void {
  if (!isReserved(namespace)) return
  throw new ApiError('PERSONAL_NAMESPACE_RESERVED', {
    message: {
      en: `the name ${namespace} is reserved; choose another`,
      zh: `命名空间名称 ${namespace} 为系统保留，请更换名称`,
    },
    detail: { namespace },
  })
}

export interface FlatPath {
  readonly path: string
  readonly namespace: string
  readonly name: string
}

/** `<namespace>/<name>`; undefined for what has another number of levels. */
export function parseFlatPath(text: string): FlatPath | undefined {
  const parsed = parseRepositoryPath(text)
  if (parsed?.namespace === undefined || parsed.name.includes('/')) return undefined
  return { path: parsed.path, namespace: parsed.namespace, name: parsed.name }
}

/** Before a push into a namespace that is there. Throws NAME_INVALID. */
export function assertFlatPath(path: string): void {
  if (parseFlatPath(path)) return
  throw new ApiError('NAME_INVALID', {
    message: {
      en: `the Personal edition has no paths of several levels: push to <namespace>/<name>, not to ${path}`,
      zh: `个人版不支持多级路径，请推送到 <命名空间>/<仓库>，而不是 ${path}`,
    },
    detail: { name: path },
  })
}
