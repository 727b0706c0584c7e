// Route and method to endpoint.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { Reply } from '../registry/call.ts'
import type { ChartCall } from './call.ts'
import { getFile } from './files.ts'
import { getIndex, listCharts } from './index-yaml.ts'
import { removeVersion } from './removal.ts'
import type { ChartRoute } from './routes.ts'
import { addProvenance, pushChart } from './uploads.ts'

export function dispatch(call: ChartCall, route: ChartRoute): Promise<Reply> {
  const { method } = call
  switch (route.kind) {
    case 'index':
      if (method === 'GET') return getIndex(call, route.namespace)
      throw unsupported('GET, HEAD')
    case 'file':
      if (method === 'GET') return getFile(call, route)
      throw unsupported('GET, HEAD')
    case 'prov':
      if (method === 'POST') return addProvenance(call, route.namespace)
      throw unsupported('POST')
    case 'charts':
      return dispatchCharts(call, route)
  }
}

function dispatchCharts(
  call: ChartCall,
  route: Extract<ChartRoute, { kind: 'charts' }>,
): Promise<Reply> {
  const { method } = call
  const { namespace, name, version } = route
  if (method === 'GET') return listCharts(call, route)
  if (name === undefined) {
    if (method === 'POST') return pushChart(call, namespace)
    throw unsupported('GET, HEAD, POST')
  }
  if (version === undefined) throw unsupported('GET, HEAD')
  if (method === 'DELETE') return removeVersion(call, { namespace, name, version })
  throw unsupported('GET, HEAD, DELETE')
}

function unsupported(allow: string): ApiError {
  return new ApiError('UNSUPPORTED', { headers: { Allow: allow } })
}
