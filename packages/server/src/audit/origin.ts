// Who did something, and from where: the same five facts in every audit row and event.

export interface Origin {
  /** `actorName()`: a uin, a service account's name, `anonymous`, or a part of this program. */
  readonly actor: string
  /** Which of the actor's credentials, never its secret. */
  readonly credential: string | null
  readonly address: string | null
  /** The client's `User-Agent`. */
  readonly agent: string | null
  readonly requestId: string | null
}

/** What this program does by itself: `systemOrigin('gc')`. */
export function systemOrigin(part: string): Origin {
  return {
    actor: `system:${part}`,
    credential: null,
    address: null,
    agent: null,
    requestId: null,
  }
}
