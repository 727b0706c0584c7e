// Route and method to endpoint.

import { ApiError } from '@entrepot/contract/errors.ts'
import { deleteBlob, getBlob } from './blobs.ts'
import type { Call, Reply } from './call.ts'
import { getCatalog, getReferrers, listTags } from './lists.ts'
import { getManifest, pushManifest, removeManifest } from './manifests.ts'
import { pushScope } from './mount-scope.ts'
import type { Route } from './routes.ts'
import { deleteUpload, getUploadStatus, patchUpload, putUpload, startUpload } from './uploads.ts'

const baseReply: Reply = {
  status: 200,
  headers: { 'Content-Type': 'application/json' },
  body: '{}',
}

export function dispatch(call: Call, route: Route): Reply | Promise<Reply> {
  const { method } = call
  switch (route.kind) {
    case 'base':
      if (method === 'GET') return baseReply
      throw unsupported('GET, HEAD')
    case 'catalog':
      if (method === 'GET') return getCatalog(call)
      throw unsupported('GET, HEAD')
    case 'manifest':
      if (method === 'GET') return getManifest(call, route)
      if (method === 'PUT') return pushManifest(call, route)
      if (method === 'DELETE') return removeManifest(call, route)
      throw unsupported('GET, HEAD, PUT, DELETE')
    case 'blob':
      if (method === 'GET') return getBlob(call, route)
      if (method === 'DELETE') return deleteBlob(call, route)
      throw unsupported('GET, HEAD, DELETE')
    case 'uploads':
      if (method === 'POST') return startUpload(call, route.name)
      throw unsupported('POST')
    case 'upload':
      return dispatchUpload(call, route)
    case 'tags':
      if (method === 'GET') return listTags(call, route.name)
      throw unsupported('GET, HEAD')
    case 'referrers':
      if (method === 'GET') return getReferrers(call, route.name, route.digest)
      throw unsupported('GET, HEAD')
    case 'token':
    case 'download':
      throw new Error(`${route.kind} has no caller`)
  }
}

function dispatchUpload(call: Call, route: Extract<Route, { kind: 'upload' }>): Promise<Reply> {
  switch (call.method) {
    case 'GET':
      return getUploadStatus(call, route)
    case 'PATCH':
      return patchUpload(call, route)
    case 'PUT':
      return putUpload(call, route)
    case 'DELETE':
      return deleteUpload(call, route)
    default:
      throw unsupported('GET, HEAD, PATCH, PUT, DELETE')
  }
}

function unsupported(allow: string): ApiError {
  return new ApiError('UNSUPPORTED', { headers: { Allow: allow } })
}

/** What a caller without a login should ask a token for; `from` is the source of a mount. */
export function scopeOf(
  route: Route,
  method: string,
  from: string | undefined,
): string | undefined {
  switch (route.kind) {
    case 'base':
    case 'token':
    case 'download':
      return undefined
    case 'catalog':
      return 'registry:catalog:*'
    case 'tags':
    case 'referrers':
      return `repository:${route.name.path}:pull`
    case 'uploads':
      return pushScope(route.name.path, from)
    case 'upload':
      return pushScope(route.name.path)
    case 'manifest':
    case 'blob':
      if (method === 'DELETE') return `repository:${route.name.path}:delete`
      return `repository:${route.name.path}:${method === 'PUT' ? 'pull,push' : 'pull'}`
  }
}
