// Every event there is, with what it tells. An event says that something became true; it carries no
// secret, and what it carries is what a subscriber can't find out later by asking the tables.
//
// A payload may gain fields. When one changes its meaning, the type's schema version is raised, and
// subscribers read both.

import type { Origin } from '../audit/origin.ts'

interface Payloads {
  /** A manifest of any kind, with or without tags: images, indexes, charts, signatures, referrers. */
  'image.pushed': {
    readonly digest: string
    readonly mediaType: string
    readonly artifactType: string | null
    readonly sizeBytes: number
    /** Digest of the manifest it refers to. */
    readonly subject: string | null
    readonly tags: readonly string[]
  }
  /** A GET of a manifest; written only where somebody asks for pulls. */
  'image.pulled': {
    readonly digest: string
    /** Null: it was pulled by its digest. */
    readonly tag: string | null
    /** Within a second, by the same client. */
    readonly count: number
  }
  'manifest.deleted': {
    readonly digest: string
    /** Deleted with it, each with an event of its own before this one; left out: nobody says. */
    readonly tags?: readonly string[]
  }
  'tag.moved': {
    readonly tag: string
    readonly digest: string
    /** Null: the tag is new. */
    readonly previousDigest: string | null
  }
  'tag.deleted': { readonly tag: string; readonly digest: string }
  /** With its first manifest. */
  'repository.created': Record<never, never>
  'repository.deleted': Record<never, never>
  /** Of the Personal edition. */
  'repository.access-changed': { readonly isPublic: boolean }
  'namespace.created': { readonly namespace: string; readonly isPublic: boolean }
  'namespace.access-changed': { readonly namespace: string; readonly isPublic: boolean }
  'namespace.deleted': { readonly namespace: string }
  'credential.created': CredentialPayload
  'credential.changed': CredentialPayload
  'credential.enabled': CredentialPayload
  'credential.disabled': CredentialPayload
  'credential.deleted': CredentialPayload
}

interface CredentialPayload {
  /** What `Origin.credential` says of it: `long-term:<id>`, `service-account:<id>`. */
  readonly credential: string
}

export type EventType = keyof Payloads

/** `image.pushed` 1 … : raised when a payload's field changes its meaning. */
export const schemaVersions: Readonly<Record<EventType, number>> = {
  'image.pushed': 1,
  'image.pulled': 1,
  'manifest.deleted': 1,
  'tag.moved': 1,
  'tag.deleted': 1,
  'repository.created': 1,
  'repository.deleted': 1,
  'repository.access-changed': 1,
  'namespace.created': 1,
  'namespace.access-changed': 1,
  'namespace.deleted': 1,
  'credential.created': 1,
  'credential.changed': 1,
  'credential.enabled': 1,
  'credential.disabled': 1,
  'credential.deleted': 1,
}

export type EventCause = 'user' | 'retention' | 'sync' | 'restore' | 'replica' | 'system'

interface EventFacts {
  /** By the deployment's clock. */
  readonly at: number
  readonly instanceId: string
  /** Where it happened; it may be read elsewhere. */
  readonly region: string
  readonly repository?: { readonly id: string; readonly path: string }
  readonly cause: EventCause
}

type EventOf<T extends EventType> = T extends EventType
  ? { readonly type: T; readonly payload: Payloads[T] }
  : never

export type NewEvent = EventFacts & { readonly origin: Origin } & EventOf<EventType>

/** As a subscriber gets it; `switch (event.type)` narrows the payload. */
export type RecordedEvent = EventFacts & {
  readonly position: number
  readonly schemaVersion: number
  readonly actor: string
  readonly credential: string | null
  readonly address: string | null
  readonly requestId: string | null
} & EventOf<EventType>
