// For tests: people of the Personal edition, and clients at its host.

import assert from 'node:assert/strict'
import { addStranger, type TestPerson } from '../accounts/test-people.ts'
import { basic, TestClient } from '../registry/test-client.ts'
import { type TestApp, type TestAppOptions, testApp } from '../test-app.ts'

export const personalHost = 'ccr.registry.example.com'
export const personalPassword = 'Passw0rd-12'

export const personalEnv = { ENTREPOT_BASE_DOMAIN: 'registry.example.com' }

export function personalApp(options: TestAppOptions): Promise<TestApp> {
  return testApp({ ...options, env: personalEnv })
}

type Caller = Pick<TestPerson, 'uin' | 'key'>

export interface PersonalUser extends Caller {
  /** At the Personal host, with the password. */
  readonly client: TestClient
  api(action: string, input?: object, product?: 'tcr' | 'entrepot'): ReturnType<TestApp['api']>
  /** The code of the error; undefined: it worked. */
  code(action: string, input?: object, product?: 'tcr' | 'entrepot'): Promise<string | undefined>
  done(action: string, input?: object, product?: 'tcr' | 'entrepot'): Promise<void>
}

export function userOf(app: TestApp, { uin, key }: Caller): PersonalUser {
  const api: PersonalUser['api'] = (action, input = {}, product = 'tcr') =>
    app.api(action, input, { key, product })
  return {
    uin,
    key,
    client: new TestClient(app.url, basic(uin, personalPassword), personalHost),
    api,
    code: async (action, input, product) => (await api(action, input, product)).Error?.Code,
    async done(action, input, product) {
      const { Error: error } = await api(action, input, product)
      assert.equal(error, undefined, `${action}: ${error?.Message}`)
    },
  }
}

/** A main account that has begun. */
export async function begunUser(app: TestApp, uin: number): Promise<PersonalUser> {
  const user = userOf(app, await addStranger(app, uin))
  await user.done('CreateUserPersonal', { Password: personalPassword })
  return user
}
