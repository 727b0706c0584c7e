// The console's cookie. It goes back to the console's own paths only, so that no request to the registry carries it.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseCookie, stringifySetCookie } from 'cookie'
import { newSecret } from '../crypto/secrets.ts'

const sessionCookie = 'entrepot_session'
const tokenPattern = /^[A-Za-z0-9]{32}$/

/** Where a browser sees the console. */
export interface ConsolePlace {
  /** Of the proxy: empty, or `/some/path`. */
  readonly prefix: string
  readonly isEncrypted: boolean
}

/**
 * Of sessions, or of a visitor who has none yet. A browser sends every cookie of the name: one that another site of the
 * domain planted for a longer path comes before ours, and nothing tells them apart here.
 */
export function readTokens({ headers: { cookie = '' } }: IncomingMessage): readonly string[] {
  const tokens = cookie.split(';').flatMap((pair) => {
    const [name = '', value = ''] = pair.trim().split('=', 2)
    return name === sessionCookie && tokenPattern.test(value) ? [value] : []
  })
  return [...new Set(tokens)]
}

export function readCookie(
  req: IncomingMessage,
  name: string,
  pattern: RegExp,
): string | undefined {
  const { cookie } = req.headers
  const value = cookie === undefined ? undefined : parseCookie(cookie)[name]
  return value !== undefined && pattern.test(value) ? value : undefined
}

/** For a CSRF token before there is a session; logging in makes another. */
export function newVisitorToken(): string {
  return newSecret()
}

/**
 * Strict: the page itself is for everybody, and what it asks for afterwards is of its own site, so that links from
 * elsewhere work all the same. It ends with the browser; the server ends it sooner.
 */
export function setToken(res: ServerResponse, token: string, place: ConsolePlace): void {
  appendCookie(res, {
    name: sessionCookie,
    value: token,
    path: `${place.prefix}/console`,
    httpOnly: true,
    sameSite: 'strict',
    secure: place.isEncrypted,
  })
}

export function appendCookie(
  res: ServerResponse,
  cookie: Parameters<typeof stringifySetCookie>[0],
): void {
  res.appendHeader('Set-Cookie', stringifySetCookie(cookie))
}
