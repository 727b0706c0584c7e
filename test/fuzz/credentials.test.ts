import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { ApiError } from '../../packages/contract/src/errors.ts'
import { formatScope, parseScope, parseScopes } from '../../packages/server/src/access/scopes.ts'
import {
  type Authorization,
  parseAuthorization,
} from '../../packages/server/src/credentials/authorization-header.ts'
import { parseServiceLogin } from '../../packages/server/src/credentials/service-account-name.ts'
import { parseRoute } from '../../packages/server/src/registry/routes.ts'
import { fuzzLength, fuzzText, valueOr } from './generate.ts'

const isApiError = (error: unknown) => error instanceof ApiError
const isUnauthorized = (error: unknown) => isApiError(error) && error.code === 'UNAUTHORIZED'
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('scopes', () => {
  const examples = [
    'repository:demo/nginx:pull,push',
    'repository(plugin):a.example:5000/b:*',
    'registry:catalog:*',
    'repository:a/b:pull repository:c/d:push',
  ] as const
  fuzzText('one', [...examples], (text) => {
    const scope = parseScope(text)
    if (scope === undefined) return
    assert.ok(scope.actions.length > 0)
    assert.deepEqual(parseScope(formatScope(scope)), scope)
  })
  fuzzText('many', [...examples], (text) => {
    const scopes = parseScopes([text, text])
    assert.deepEqual(parseScopes(scopes.map(formatScope)), scopes)
    assert.equal(new Set(scopes.map(({ type, name }) => `${type}:${name}`)).size, scopes.length)
  })
  const pieces = ['repository:', ':', ',', 'pull,', '(', 'a/', ' ', 'repository:a:pull ']
  fuzzLength('a scope', pieces, parseScope)
  fuzzLength('a list of scopes', pieces, (text) => parseScopes([text]))
})

describe('authorization headers', () => {
  const examples = [
    `Basic ${base64('tcr$ci:secret')}`,
    'Bearer a.b.c',
    'basic  YTpi',
    'Basic =',
  ] as const
  fuzzText('are Basic, Bearer or refused', [...examples], (text) => {
    const parsed = valueOr(() => parseAuthorization(text), isUnauthorized)
    if (parsed === undefined) return
    assert.deepEqual(parseAuthorization(formatAuthorization(parsed)), parsed)
  })
  fuzzText('hold every login that they accept', ['tcr$ci', '100000000001', 'ü', 'a:b'], (text) => {
    const header = `Basic ${base64(`user:${text}`)}`
    const parsed = valueOr(() => parseAuthorization(header), isUnauthorized)
    if (parsed?.scheme === 'basic') assert.equal(parsed.password, text.toWellFormed())
  })
  fuzzText('name service accounts', ['tcr$ci', 'tcr@ci.bot', 'ci'], (text) => {
    const name = parseServiceLogin(text)
    if (name !== undefined) assert.ok(text.endsWith(name))
  })
  const pieces = ['Basic ', 'Bearer ', ' ', '=', 'YQ', 'YTpi', ':']
  fuzzLength('an authorization header', pieces, parseAuthorization)
  fuzzLength('a token', pieces, (text) => parseAuthorization(`Bearer ${text}`))
  fuzzLength('the name of a service account', ['tcr$', 'a', 'a-', '.'], parseServiceLogin)
})

function formatAuthorization(parsed: Authorization): string {
  if (parsed.scheme === 'bearer') return `Bearer ${parsed.token}`
  return `Basic ${base64(`${parsed.username}:${parsed.password}`)}`
}

describe('routes', () => {
  const digest = `sha256:${'a'.repeat(64)}`
  const examples = [
    '/v2/',
    '/v2/_catalog',
    '/v2/a/b/manifests/latest',
    `/v2/a/manifests/b/manifests/${digest}`,
    `/v2/a/b/blobs/${digest}`,
    '/v2/a/b/blobs/uploads/',
    '/v2/a/blobs/uploads/0123456789abcdefghij',
    '/v2/a/b/tags/list',
    `/v2/a/b/referrers/${digest}`,
    '/service/token',
  ] as const
  fuzzText('lead somewhere, nowhere or to a refusal', [...examples], (text) => {
    const route = valueOr(() => parseRoute(text), isApiError)
    if (route === undefined || !('name' in route)) return
    assert.ok(decodeURIComponent(text).startsWith(`/v2/${route.name.path}/`))
  })
  fuzzLength('a route', ['/v2/', '/', 'a/', '%2f', '%', '/manifests/', 'blobs/uploads/'], (text) =>
    parseRoute(`/v2/${text}`),
  )
})
