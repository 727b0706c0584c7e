// Who sent a request, by which credential, and how far its token reaches.

import { type Actor, anonymous } from '../access/actor.ts'
import type { Scope } from '../access/scopes.ts'

/** Which credential stands behind a caller, and the versions it was verified at. */
export type CredentialRef =
  | {
      readonly kind: 'long-term'
      readonly id: string
      readonly version: number
      readonly uin: number
      readonly personVersion: number
    }
  /** No row of its own: it holds as long as its person does, at most an hour. */
  | {
      readonly kind: 'temporary'
      readonly id: string
      readonly uin: number
      readonly personVersion: number
      /** Milliseconds; what is made of it ends with it. */
      readonly expiresAt: number
    }
  | { readonly kind: 'service-account'; readonly id: string; readonly version: number }
  /** A person's one password of the Personal edition; the id is the uin. */
  | {
      readonly kind: 'personal'
      readonly id: string
      readonly version: number
      readonly uin: number
      readonly personVersion: number
    }
  /** For a token of an identity provider; the id is that of the rule which let it in. */
  | {
      readonly kind: 'exchanged'
      readonly id: string
      /** Of the rule. */
      readonly version: number
      /** Of the service account or role that it stands for. */
      readonly personVersion: number
      /** Whom the provider named. */
      readonly subject: string
      /** Milliseconds; what is made of it ends with it. */
      readonly expiresAt: number
    }

export interface Caller {
  readonly actor: Actor
  /** Undefined: anonymous. */
  readonly credential: CredentialRef | undefined
  /** For audit rows and events: `long-term:<id>`; null: anonymous. Never secret. */
  readonly credentialLabel: string | null
  /** For audit rows and events: the uin, `tcr$name`, or `anonymous`. */
  readonly name: string
  /** The upper bound that a Bearer token carries; undefined (Basic, no header): no bound. */
  readonly scopes: readonly Scope[] | undefined
}

export const anonymousCaller: Caller = {
  actor: anonymous,
  credential: undefined,
  credentialLabel: null,
  name: 'anonymous',
  scopes: undefined,
}

export function credentialLabel(credential: CredentialRef): string {
  const label = `${credential.kind}:${credential.id}`
  // A rule is for many: the log names whom the provider named.
  return credential.kind === 'exchanged' ? `${label}:${credential.subject}` : label
}
