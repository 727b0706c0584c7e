// An instance as the API shows it. Clients read every field without asking whether it is there.

import type { ActionReply } from '@entrepot/contract/action.ts'
import type { describeInstances } from '@entrepot/contract/tcr/instances.ts'
import { chinaDate, rfc3339 } from '../actions/times.ts'
import type { CloudTag } from '../cloud-tags/cloud-tags.ts'
import { toldCredentialHours } from './instances.ts'
import type { InstanceRecord } from './queries.ts'
import { regionOf } from './regions.ts'
import { wireStatus } from './states.ts'

export type WireRegistry = ActionReply<typeof describeInstances>['Registries'][number]

export interface Place {
  readonly baseDomain: string | undefined
  /** That the client used. */
  readonly clientHost: string | undefined
  readonly nowMs: number
}

export function toWire(row: InstanceRecord, tags: readonly CloudTag[], place: Place): WireRegistry {
  const standing = {
    state: row.state,
    chargeType: row.charge_type,
    renewFlag: row.renew_flag,
    expiresAt: row.expires_at,
  }
  const region = regionOf(row.region)
  return {
    RegistryId: row.id,
    RegistryName: row.name,
    RegistryType: row.edition,
    Status: wireStatus(standing, place.nowMs),
    PublicDomain: publicDomainOf(row.name, row.is_default === 1, place),
    CreatedAt: rfc3339(row.created_at),
    RegionName: region.name,
    RegionId: region.id,
    EnableAnonymous: row.anonymous_pull === 1,
    TokenValidTime: toldCredentialHours,
    InternalEndpoint: place.baseDomain ? `${row.name}-vpc.${place.baseDomain}` : '',
    TagSpecification: {
      ResourceType: 'instance',
      Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })),
    },
    ExpiredAt: row.expires_at === null ? '' : chinaDate(row.expires_at),
    PayMod: row.charge_type === 1 ? 1 : 0,
    RenewFlag: row.renew_flag,
    DeletionProtection: row.deletion_protection === 1,
    AIFeature: false,
    EnableCosMAZ: row.multi_zone === 1,
    EnableCosVersioning: row.versioning === 1,
  }
}

/** Without a base domain every host is the default instance, and no host is another's: ''. */
export function publicDomainOf(
  name: string,
  isDefault: boolean,
  { baseDomain, clientHost }: Pick<Place, 'baseDomain' | 'clientHost'>,
): string {
  if (baseDomain) return `${name}.${baseDomain}`
  return isDefault ? (clientHost ?? '') : ''
}
