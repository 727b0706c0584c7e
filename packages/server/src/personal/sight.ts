// Whether a caller of the management API may see what lies in a repository of any account: the same question as
// a pull's.

import { pullRepository } from '../access/actions.ts'
import type { Account } from '../access/actor.ts'
import { decide } from '../access/decide.ts'
import type { Client } from '../http/client-address.ts'
import type { Instance } from '../instances/instances.ts'
import type { PersonalRepository } from './own.ts'

interface Asking {
  readonly actor: Account
  readonly client: Client
  readonly nowMs: number
}

export function maySee(
  { actor, client, nowMs }: Asking,
  instance: Instance,
  { namespaceId, path, isPublic, ownerUin }: PersonalRepository,
): boolean {
  const name = path.slice(0, path.indexOf('/'))
  const namespace = { id: namespaceId, name, isPublic, ownerUin }
  return decide({
    actor,
    action: pullRepository,
    resource: { kind: 'repository', namespace, path },
    address: client.address,
    nowMs,
    network: 'public',
    instance,
  }).allowed
}
