// The API's actions on signing keys.

import {
  createHelmChartKey,
  deleteHelmChartKey,
  describeHelmChartKeys,
} from '@entrepot/contract/entrepot/chart-keys.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { type ActionCall, change, type Handler, read } from '../actions/define.ts'
import { isoUtc } from '../actions/times.ts'
import type { Queryable } from '../db/database.ts'
import {
  findNamespace,
  lockNamespace,
  type Namespace,
  namespaceUnknown,
} from '../namespaces/namespaces.ts'
import { deleteKey, listKeys, saveKey } from './key-queries.ts'
import { readSigningKey, type SigningKey } from './signing-keys.ts'

export const chartKeyHandlers: readonly Handler[] = [
  read(describeHelmChartKeys, async ({ db, instance, input }) => {
    const { id } = await getNamed(db, instance.id, input.NamespaceName)
    const keys = await listKeys(db, id)
    return {
      Keys: keys.map((key) => ({
        Fingerprint: key.fingerprint,
        UserIds: [...key.userIds],
        PublicKey: key.armored,
        CreatedBy: key.createdBy,
        CreateTime: isoUtc(key.createdAt),
      })),
      TotalCount: keys.length,
    }
  }),

  change(
    createHelmChartKey,
    async ({ tx, at, origin, instance, input, prepared: key }) => {
      const { id } = await lockNamespace(tx, instance.id, input.NamespaceName)
      await saveKey(tx, id, key, { at, by: origin.actor })
      return { Fingerprint: key.fingerprint, UserIds: [...key.userIds] }
    },
    prepareKey,
    ({ NamespaceName }, { Fingerprint }) => ({ resource: NamespaceName, reference: Fingerprint }),
  ),

  change(deleteHelmChartKey, async ({ tx, instance, input }) => {
    const { id } = await lockNamespace(tx, instance.id, input.NamespaceName)
    if (!(await deleteKey(tx, id, input.Fingerprint.toUpperCase()))) throw keyUnknown()
    return {}
  }),
]

/** Outside the transaction: OpenPGP takes its time. */
function prepareKey(call: ActionCall<typeof createHelmChartKey>): Promise<SigningKey> {
  return readSigningKey(call.input.PublicKey, call.nowMs)
}

async function getNamed(db: Queryable, instanceId: string, name: string): Promise<Namespace> {
  const namespace = await findNamespace(db, instanceId, name)
  if (!namespace) throw namespaceUnknown(name)
  return namespace
}

function keyUnknown(): ApiError {
  return new ApiError('CHART_UNKNOWN', {
    message: { en: 'the namespace has no such key', zh: '命名空间没有这个公钥' },
  })
}
