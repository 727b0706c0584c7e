// One request as the endpoints see it, and what they answer. Endpoints return a reply or throw an ApiError;
// only `handler.ts` writes to the response.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FactsByPath } from '../access/resource-facts.ts'
import type { AuditBatch } from '../audit/batch.ts'
import type { Origin } from '../audit/origin.ts'
import type { OpenUploads } from '../blobs/open-uploads.ts'
import type { Ingest } from '../blobs/writing.ts'
import type { Authenticator } from '../credentials/authenticate.ts'
import type { Caller } from '../credentials/caller.ts'
import type { Vault } from '../crypto/vault.ts'
import type { Client } from '../http/client-address.ts'
import type { Body } from '../http/send.ts'
import type { InstanceDirectory } from '../instances/directory.ts'
import type { Instance } from '../instances/instances.ts'
import type { Log } from '../log.ts'
import type { UsageMeter } from '../metering/usage.ts'
import type { Namespace } from '../namespaces/namespaces.ts'
import type { SmallObjects } from '../storage/small-objects.ts'
import type { TokenService } from './token.ts'

export interface RegistrySettings {
  readonly stallMs: number
  readonly graceMs: number
}

/** What the registry's endpoints need of the program. */
export interface Registry extends Ingest {
  readonly log: Log
  readonly vault: Vault
  readonly directory: InstanceDirectory
  readonly authenticator: Authenticator
  readonly tokens: TokenService
  readonly audit: AuditBatch
  readonly usage: UsageMeter
  readonly openUploads: OpenUploads
  readonly smallObjects: SmallObjects
  readonly settings: RegistrySettings
}

export interface Call {
  readonly registry: Registry
  readonly req: IncomingMessage
  readonly res: ServerResponse
  /** `GET` for a HEAD too: `isHead` tells. */
  readonly method: string
  readonly isHead: boolean
  /** Parsed when an endpoint asks. */
  readonly query: URLSearchParams
  readonly client: Client
  readonly instance: Instance
  readonly caller: Caller
  /** Of the repositories that the request names, where a policy of the caller asks for them. */
  readonly facts: FactsByPath | undefined
  readonly origin: Origin
  /** Something in this namespace was allowed: the request is counted for it. */
  uses(namespace: Pick<Namespace, 'name' | 'ownerUin'>): void
  /**
   * Aborted when the caller's credential ends while bytes flow; a transfer of few bytes ends sooner and gets
   * one that never fires.
   */
  signal(sizeBytes?: number): AbortSignal
  /** The body, after `100 Continue` where the client waits for it. */
  body(): AsyncIterable<Uint8Array>
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | number>>
  readonly body?: string | Uint8Array | Body
}
