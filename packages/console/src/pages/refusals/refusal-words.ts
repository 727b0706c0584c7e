// Each reason of a refusal in words, and what to do about it.

import type { Reply } from '../../api/call.ts'
import { paths } from '../../paths.ts'
import type { WordKey } from '../../words/use-words.ts'

export type Refusal = Reply<'DescribeRefusals'>['Refusals'][number]

interface ReasonWords {
  readonly what: WordKey
  readonly remedy: WordKey
  /** Where the remedy is done, of an instance. */
  readonly place?: { readonly label: WordKey; to(instance: string): string }
}

const ownCredentials = { label: 'refusals.toCredentials', to: paths.userCredentials } as const
const theInstance = {
  label: 'refusals.toInstance',
  to: (id: string) => paths.instance(id),
} as const
const itsNamespaces = { label: 'refusals.toNamespaces', to: paths.namespaces } as const

export const reasonWords: Readonly<Record<Refusal['Reason'], ReasonWords>> = {
  UnknownHost: { what: 'refusals.unknownHost', remedy: 'refusals.unknownHostRemedy' },
  WrongCredential: {
    what: 'refusals.wrongCredential',
    remedy: 'refusals.wrongCredentialRemedy',
    place: ownCredentials,
  },
  CredentialDisabled: {
    what: 'refusals.credentialDisabled',
    remedy: 'refusals.credentialDisabledRemedy',
    place: ownCredentials,
  },
  CredentialExpired: {
    what: 'refusals.credentialExpired',
    remedy: 'refusals.credentialExpiredRemedy',
    place: ownCredentials,
  },
  AccountSuspended: {
    what: 'refusals.accountSuspended',
    remedy: 'refusals.accountSuspendedRemedy',
  },
  OtherInstance: {
    what: 'refusals.otherInstance',
    remedy: 'refusals.otherInstanceRemedy',
    place: ownCredentials,
  },
  TooManyAttempts: { what: 'refusals.tooManyAttempts', remedy: 'refusals.tooManyAttemptsRemedy' },
  LoginNeeded: {
    what: 'refusals.loginNeeded',
    remedy: 'refusals.loginNeededRemedy',
    place: ownCredentials,
  },
  TokenTooNarrow: { what: 'refusals.tokenTooNarrow', remedy: 'refusals.tokenTooNarrowRemedy' },
  NoPermission: { what: 'refusals.noPermission', remedy: 'refusals.noPermissionRemedy' },
  DeniedByPolicy: { what: 'refusals.deniedByPolicy', remedy: 'refusals.deniedByPolicyRemedy' },
  NamespaceMissing: {
    what: 'refusals.namespaceMissing',
    remedy: 'refusals.namespaceMissingRemedy',
    place: itsNamespaces,
  },
  ReadOnly: { what: 'refusals.readOnly', remedy: 'refusals.readOnlyRemedy', place: theInstance },
}

/** The statement that would have allowed it; undefined: no statement would. */
export function neededStatement({ Reason, Permission, Resource }: Refusal): string | undefined {
  if (Reason !== 'NoPermission' || Permission === null || Resource === null) return undefined
  const statement = { effect: 'allow', action: [Permission], resource: [`qcs::tcr:::${Resource}`] }
  return JSON.stringify(statement, undefined, 2)
}
