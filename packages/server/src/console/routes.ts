// Where the console lies: `/console`, and the redirect of `/` for browsers.

import type { IncomingMessage } from 'node:http'
import { oidcCallbackPath } from '../provider-logins/console-login.ts'

export type ConsoleRoute =
  | { readonly kind: 'redirect' }
  | { readonly kind: 'session' }
  | { readonly kind: 'api' }
  | { readonly kind: 'job-events'; readonly jobId: string }
  | { readonly kind: 'oidc-start' }
  | { readonly kind: 'oidc-callback' }
  | { readonly kind: 'docs'; readonly page: string }
  | { readonly kind: 'page'; readonly path: string }

export const consolePath = '/console'

/** A browser asks for the page behind the bare host; programs are answered as by any registry. */
export function isConsole(req: IncomingMessage): boolean {
  const path = pathOf(req)
  if (path === consolePath || path.startsWith(`${consolePath}/`)) return true
  const isRead = req.method === 'GET' || req.method === 'HEAD'
  return path === '/' && isRead && (req.headers.accept ?? '').includes('text/html')
}

export function parseConsoleRoute(req: IncomingMessage): ConsoleRoute {
  const path = pathOf(req)
  switch (path) {
    case '/':
    case consolePath:
      return { kind: 'redirect' }
    case `${consolePath}/session`:
      return { kind: 'session' }
    case `${consolePath}/api`:
      return { kind: 'api' }
    case `${consolePath}/session/oidc/start`:
      return { kind: 'oidc-start' }
    case oidcCallbackPath:
      return { kind: 'oidc-callback' }
  }
  const rest = path.slice(consolePath.length + 1)
  const job = /^api\/jobs\/([0-9a-z]+)\/events$/.exec(rest)?.[1]
  if (job !== undefined) return { kind: 'job-events', jobId: job }
  return rest.startsWith('docs/')
    ? { kind: 'docs', page: rest.slice('docs/'.length) }
    : { kind: 'page', path: rest }
}

function pathOf(req: IncomingMessage): string {
  const url = req.url ?? ''
  const mark = url.indexOf('?')
  return mark === -1 ? url : url.slice(0, mark)
}
