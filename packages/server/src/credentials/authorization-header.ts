// `Authorization` in its two forms (RFC 7617 Basic, RFC 6750 Bearer), bounded before anything is decoded.

import { ApiError } from '@entrepot/contract/errors.ts'

/** A token of a hundred scopes fits; Node itself stops at 64 KiB of headers. */
export const maxAuthorizationLength = 48 * 1024
const maxUsernameLength = 256
const maxPasswordLength = 8 * 1024

export type Authorization =
  | { readonly scheme: 'basic'; readonly username: string; readonly password: string }
  | { readonly scheme: 'bearer'; readonly token: string }

/** Docker shows a refusal as `<code in lower case>: <message>`: "unauthorized: authentication required". */
export function unauthorized(explanation?: string, cause?: object): ApiError {
  if (explanation === undefined) return new ApiError('UNAUTHORIZED', { cause })
  return new ApiError('UNAUTHORIZED', {
    message: `authentication required: ${explanation}`,
    cause,
  })
}

/** @throws ApiError UNAUTHORIZED for every header that is neither. */
export function parseAuthorization(header: string): Authorization {
  if (header.length > maxAuthorizationLength) {
    throw unauthorized('the Authorization header is too long')
  }
  const match = /^(basic|bearer) +([^ ]+) *$/i.exec(header)
  const [, scheme = '', value = ''] = match ?? []
  if (scheme.toLowerCase() === 'bearer') return { scheme: 'bearer', token: value }
  if (scheme.toLowerCase() === 'basic') return parseBasic(value)
  throw unauthorized('use Basic or Bearer in the Authorization header')
}

function parseBasic(value: string): Authorization {
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(value)) throw unauthorized('the Basic header is malformed')
  const text = Buffer.from(value, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) throw unauthorized('the Basic header is malformed')
  const login = { username: text.slice(0, colon), password: text.slice(colon + 1) }
  checkLogin(login.username, login.password)
  return { scheme: 'basic', ...login }
}

/** What no login of ours can be is refused before the database is asked. */
export function checkLogin(username: string, password: string): void {
  const isPossible =
    username.length > 0 &&
    username.length <= maxUsernameLength &&
    password.length > 0 &&
    password.length <= maxPasswordLength &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: PostgreSQL takes no NUL, and no login has any
    !/[\u0000-\u001f\u007f]/.test(username + password)
  if (!isPossible) throw unauthorized()
}
