// `/console/session`: who is logged in (GET), logging in (POST), logging out (DELETE).

import { ApiError } from '@entrepot/contract/errors.ts'
import { z } from 'zod'
import { logInToConsole } from '../logins/console-login.ts'
import { endSession, restMs } from '../logins/sessions.ts'
import { listLoginProviders } from '../provider-logins/console-login.ts'
import type { ConsoleCall } from './call.ts'
import { newVisitorToken, setToken } from './cookies.ts'
import { csrfTokenOf } from './same-page.ts'
import type { OpenSession } from './sessions.ts'

/** Longer than anything that can be right. */
const maxNameChars = 256
const maxPasswordChars = 1024
const maxCodeChars = 64

const loginBody = z.strictObject({
  name: z.string().min(1).max(maxNameChars),
  password: z.string().min(1).max(maxPasswordChars),
  code: z.string().min(1).max(maxCodeChars).optional(),
  newPassword: z.string().min(1).max(maxPasswordChars).optional(),
})

type Fields = Readonly<Record<string, unknown>>

/** What the page knows before anything else; never a failure for want of a login. */
export async function describeLogin(call: ConsoleCall): Promise<object> {
  const { ground, open, res, place, version } = call
  const { db, operatorUin } = ground
  const token = call.token ?? newVisitorToken()
  if (token !== call.token) setToken(res, token, place)
  const { session } = open ?? {}
  return {
    person: open ? personOf(open, operatorUin) : null,
    csrfToken: csrfTokenOf(token),
    restEndsAt: session ? Math.min(session.seenAt + restMs, session.expiresAt) : null,
    endsAt: session?.expiresAt ?? null,
    providers: await listLoginProviders(db.read, operatorUin),
    version,
  }
}

function personOf({ session, caller, name, roleName, first }: OpenSession, operatorUin: number) {
  const { ownerUin } = caller.actor
  return {
    uin: session.uin,
    ownerUin,
    name,
    isOperator: ownerUin === operatorUin,
    hasFactor: session.hasFactor,
    ...(roleName !== undefined && { roleName }),
    ...(first && { first }),
  }
}

/** Throws as `logInToConsole` does, and INVALID_REQUEST. */
export async function logIn(call: ConsoleCall, body: unknown): Promise<Fields> {
  const { ground, res, place, client, agent, requestId } = call
  const parsed = loginBody.safeParse(body)
  if (!parsed.success) {
    const message = { en: 'name and password are needed', zh: '需要账号和密码' }
    throw new ApiError('INVALID_REQUEST', { message })
  }
  const login = { ...parsed.data, address: client.address, agent, requestId }
  const result = await logInToConsole(ground, login)
  if (result.kind === 'code-needed') return result
  // The browser forgets its token with this answer: nobody could end that session any more.
  await endOpen(call)
  setToken(res, result.token, place)
  return { kind: result.kind, ...(result.first && { first: result.first }) }
}

export async function logOut(call: ConsoleCall): Promise<Fields> {
  await endOpen(call)
  setToken(call.res, newVisitorToken(), call.place)
  return {}
}

export async function endOpen({
  ground,
  open,
}: Pick<ConsoleCall, 'ground' | 'open'>): Promise<void> {
  if (!open) return
  const { uin, id } = open.session
  await ground.db.write((tx) => endSession(tx, uin, id))
}
