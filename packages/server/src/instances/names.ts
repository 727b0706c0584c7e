// What an instance may be called. Its name is a label of its domain, and final.

import { ApiError } from '@entrepot/contract/errors.ts'

const minChars = 5
const maxChars = 50

/** Hosts under the base domain that are, or may become, something else than an instance's. */
const reserved: ReadonlySet<string> = new Set([
  ...['account', 'accounts', 'admin', 'administrator', 'api-docs', 'assets', 'audit', 'auth0'],
  ...['cloudapi', 'cloudaudit', 'console', 'dashboard', 'default', 'docker', 'download'],
  ...['downloads', 'entrepot', 'gateway', 'healthz', 'helpdesk', 'identity', 'images', 'internal'],
  ...[
    'localhost',
    'login',
    'logout',
    'metrics',
    'mirror',
    'monitor',
    'oauth',
    'oauth2',
    'official',
  ],
  ...[
    'openapi',
    'personal',
    'private',
    'proxy',
    'public',
    'registry',
    'replica',
    'robot',
    'robots',
  ],
  ...[
    'security',
    'service',
    'signin',
    'signup',
    'static',
    'status',
    'storage',
    'support',
    'system',
  ],
  ...['tencent', 'tencentcloud', 'tencentcloudcr', 'token', 'tokens', 'webhook', 'webhooks'],
])

export type NameVerdict = 'good' | 'length' | 'letters' | 'reserved'

/** Pure: whether it is taken only the database knows. */
export function judgeName(name: string): NameVerdict {
  if (name.length < minChars || name.length > maxChars) return 'length'
  if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])$/.test(name)) return 'letters'
  // `<name>-vpc` is the host of another one's private twin.
  return reserved.has(name) || name.endsWith('-vpc') ? 'reserved' : 'good'
}

/** Throws INSTANCE_NAME_LENGTH, INSTANCE_NAME_ILLEGAL, INSTANCE_NAME_RESERVED. */
export function assertName(name: string): void {
  const verdict = judgeName(name)
  if (verdict === 'good') return
  const codes = {
    length: 'INSTANCE_NAME_LENGTH',
    letters: 'INSTANCE_NAME_ILLEGAL',
    reserved: 'INSTANCE_NAME_RESERVED',
  } as const
  throw new ApiError(codes[verdict], { detail: { name: name.slice(0, maxChars) } })
}
