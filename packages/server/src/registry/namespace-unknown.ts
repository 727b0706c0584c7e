import { ApiError } from '@entrepot/contract/errors.ts'
import type { Name } from './routes.ts'

/** A push into a namespace that isn't there, that the caller may not see, or with none in the name. */
export function namespaceUnknown(name: Name): ApiError {
  if (name.namespace === '') {
    return new ApiError('NAME_INVALID', {
      message: `the name ${name.path} has no namespace: push to <namespace>/${name.path}, into a namespace that exists`,
      detail: { name: name.path },
    })
  }
  return new ApiError('NAME_UNKNOWN', {
    message: `the namespace ${name.namespace} does not exist, or you may not use it: create it first, or ask its owner for access`,
    detail: { namespace: name.namespace },
  })
}
