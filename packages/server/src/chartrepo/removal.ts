// A version of a chart goes, as its tag does.

import { deleteImage } from '../access/actions.ts'
import { recordAudit } from '../audit/audit.ts'
import { deleteVersions } from '../charts/delete.ts'
import { authorize, namespaceOf } from '../registry/authorize.ts'
import type { Reply } from '../registry/call.ts'
import { locate } from '../repositories/repositories.ts'
import type { ChartCall } from './call.ts'

interface Target {
  readonly namespace: string
  readonly name: string
  readonly version: string
}

export async function removeVersion(call: ChartCall, target: Target): Promise<Reply> {
  const { registry, instance, origin } = call
  const path = `${target.namespace}/${target.name}`
  const name = { path, namespace: target.namespace }
  const key = { instance: instance.id, namespace: target.namespace, path }
  const namespace = namespaceOf((await registry.db.fetch(locate, key))[0])
  await call.know([path])
  authorize(call, { action: deleteImage, name, namespace, hiddenAs: 'CHART_UNKNOWN' })
  await registry.db.write(async (tx) => {
    const at = await registry.clock.deployment(tx)
    await deleteVersions(tx, { instance, path, origin, at }, [target.version])
    await recordAudit(tx, {
      at,
      instanceId: instance.id,
      origin,
      action: deleteImage,
      ownerUin: namespace?.ownerUin,
      resource: path,
      reference: target.version,
      result: 'ok',
    })
  })
  const body = JSON.stringify({ deleted: true })
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body }
}
