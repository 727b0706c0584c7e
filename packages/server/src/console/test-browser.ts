// What a browser does with the console, for tests: keeps cookies, sends the CSRF token, knows its origin.

import assert from 'node:assert/strict'
import { type Product, productVersions } from '@entrepot/contract/action.ts'
import { parseSetCookie, type SetCookie } from 'cookie'
import type { ApiAnswer } from '../cloud-api/test-client.ts'

export interface LoginState {
  readonly person: {
    readonly uin: number
    readonly ownerUin: number
    readonly name: string
    readonly isOperator: boolean
    readonly roleName?: string
    readonly hasFactor: boolean
    readonly first?: string
  } | null
  readonly csrfToken: string
  readonly restEndsAt: number | null
  readonly endsAt: number | null
  readonly version: string
}

type Headers = Readonly<Record<string, string>>

export class TestBrowser {
  readonly url: string
  /** Beside its own: what a proxy adds, what an attacker lacks. */
  readonly headers: Headers
  readonly cookies = new Map<string, SetCookie>()
  /** `name=value` of another site's making, for a longer path: browsers send these first. */
  planted: readonly string[] = []
  csrfToken = ''

  constructor(url: string, headers: Headers = {}) {
    this.url = url
    this.headers = headers
  }

  async fetch(path: string, init: RequestInit & { headers?: Headers } = {}): Promise<Response> {
    const own = [...this.cookies.values()].map(({ name, value }) => `${name}=${value}`)
    const cookie = [...this.planted, ...own]
    const response = await fetch(`${this.url}${path}`, {
      redirect: 'manual',
      ...init,
      headers: {
        ...(cookie.length > 0 && { Cookie: cookie.join('; ') }),
        ...this.headers,
        ...init.headers,
      },
    })
    for (const line of response.headers.getSetCookie()) {
      const parsed = parseSetCookie(line)
      this.cookies.set(parsed.name, parsed)
    }
    return response
  }

  async state(headers: Headers = {}): Promise<LoginState> {
    const response = await this.fetch('/console/session', { headers })
    const state = (await response.json()) as LoginState
    this.csrfToken = state.csrfToken
    return state
  }

  post(path: string, body: unknown, headers: Headers = {}, method = 'POST'): Promise<Response> {
    return this.fetch(path, {
      method,
      body: JSON.stringify(body),
      headers: {
        'Content-Type': 'application/json',
        'X-CSRF-Token': this.csrfToken,
        Origin: new URL(this.url).origin,
        ...headers,
      },
    })
  }

  /** As the login page does: asks for the token first, and again afterwards. */
  async logIn(name: string, password: string, more: object = {}): Promise<ApiAnswer> {
    await this.state()
    const answer = await answerOf(await this.post('/console/session', { name, password, ...more }))
    await this.state()
    return answer
  }

  async logOut(): Promise<void> {
    await this.post('/console/session', {}, {}, 'DELETE')
  }

  async call(
    action: string,
    input: unknown = {},
    { product = 'tcr' as Product, headers = {} as Headers } = {},
  ): Promise<ApiAnswer> {
    const response = await this.post('/console/api', input, {
      'X-TC-Action': action,
      'X-TC-Version': productVersions[product],
      ...headers,
    })
    return answerOf(response)
  }
}

export async function answerOf(response: Response): Promise<ApiAnswer> {
  assert.equal(response.status, 200)
  const { Response: answer } = (await response.json()) as { Response: ApiAnswer }
  return answer
}
