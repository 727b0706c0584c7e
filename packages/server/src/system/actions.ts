// Own actions on the deployment itself.

import { describeDeployment } from '@entrepot/contract/entrepot/deployment.ts'
import { type Handler, read } from '../actions/define.ts'
import { hostName } from '../http/client-address.ts'
import { findDefaultInstance } from '../instances/instances.ts'
import { regionOf } from '../instances/regions.ts'
import { getPersonalInstance, personalHost } from '../personal/instance.ts'

export const systemHandlers: readonly Handler[] = [
  read(describeDeployment, async ({ ground, db, actor, client }) => {
    const { baseDomain, program } = ground
    const region = regionOf(ground.region)
    const ownDefault = await findDefaultInstance(db)
    const personal = await getPersonalInstance(db, ground.region)
    const host = client.host ?? ''
    return {
      Version: program.version,
      RegionName: region.name,
      RegionId: region.id,
      Scheme: client.scheme,
      Host: hostName(host),
      Port: portOf(host),
      BaseDomain: baseDomain ?? null,
      // Without a base domain no host leads to it.
      PersonalHost: baseDomain === undefined ? null : personalHost(personal, baseDomain),
      DefaultRegistryId: ownDefault?.ownerUin === actor.ownerUin ? ownDefault.id : null,
      MaxBlobBytes: program.maxBlobBytes,
    }
  }),
]

/** Null where the host says none: that of the scheme. */
function portOf(host: string): number | null {
  const port = host.slice(hostName(host).length + 1)
  return port === '' ? null : Number(port)
}
