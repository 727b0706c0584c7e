// The query of a request, within limits. Unknown parameters are ignored (containerd adds `ns` to everything).

import { ApiError } from '@entrepot/contract/errors.ts'

/** A PUT of a manifest with a hundred tags of 128 characters is the longest honest query. */
export const maxQueryChars = 16 * 1024
export const maxQueryParameters = 256

/** Of a request's target (`/v2/…?n=10`). Malformed percent-encoding becomes U+FFFD, which no name has. */
export function parseQuery(target: string): URLSearchParams {
  const mark = target.indexOf('?')
  return mark === -1
    ? new URLSearchParams()
    : parseParameters(target.slice(mark + 1), maxQueryChars)
}

/** Also for form bodies, which have a limit of their own. Throws PARAMETER_INVALID. */
export function parseParameters(text: string, maxChars: number): URLSearchParams {
  if (text.length > maxChars) {
    throw new ApiError('PARAMETER_INVALID', {
      message: `the parameters have more than ${maxChars} characters`,
      detail: { limit: maxChars },
    })
  }
  if (text.split('&', maxQueryParameters + 1).length > maxQueryParameters) {
    throw new ApiError('PARAMETER_INVALID', {
      message: `there are more than ${maxQueryParameters} parameters`,
      detail: { limit: maxQueryParameters },
    })
  }
  return new URLSearchParams(text)
}

/** A media type has no spaces: one is a `+` that the client left unencoded (`…v1+json`). Empty is absent. */
export function mediaTypeParameter(query: URLSearchParams, name: string): string | undefined {
  return query.get(name)?.replaceAll(' ', '+') || undefined
}
