// Logging in, step by step: name and password, then a code where the person has a second factor, then a new password
// where one must be chosen.

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { logIn, sessionKey } from '../../api/session.ts'

export type LoginStep = 'password' | 'code' | 'new-password'

export interface LoginValues {
  readonly name: string
  readonly password: string
  readonly code: string
  readonly newPassword: string
  readonly again: string
}

export const emptyLogin: LoginValues = {
  name: '',
  password: '',
  code: '',
  newPassword: '',
  again: '',
}

/** Part of a pattern that no text has. */
const nothing = '(?!)'

/**
 * What the server says of a login stands above the form: "the password breaks the rules" would else be put to the
 * present password, which is not on the screen when a new one is chosen.
 */
export const loginApiNames: { readonly [K in keyof LoginValues]: string } = {
  name: nothing,
  password: nothing,
  code: nothing,
  newPassword: nothing,
  again: nothing,
}

export interface LoginProgress {
  readonly step: LoginStep
  /** True: logged in. Throws CallError. */
  submit(values: LoginValues): Promise<boolean>
  restart(): void
}

export function useLogin(): LoginProgress {
  const [step, setStep] = useState<LoginStep>('password')
  const client = useQueryClient()
  return {
    step,
    restart: () => setStep('password'),
    submit: async ({ name, password, code, newPassword }) => {
      const outcome = await logIn({
        name,
        password,
        ...(step !== 'password' && code !== '' && { code }),
        ...(step === 'new-password' && { newPassword }),
      })
      if (outcome.kind === 'code-needed') {
        setStep('code')
        return false
      }
      // Another login has another CSRF token; and where a second factor must be set up, the login page goes on with that.
      await client.refetchQueries({ queryKey: sessionKey })
      if (outcome.first === 'password-change') {
        setStep('new-password')
        return false
      }
      return true
    },
  }
}
