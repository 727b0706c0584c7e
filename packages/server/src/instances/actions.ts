// The API's actions on instances.

import { maxInstancesPerAccount } from '@entrepot/contract/editions.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import type { InputEntry } from '@entrepot/contract/fields.ts'
import {
  checkInstance,
  checkInstanceName,
  createInstance as createAction,
  deleteInstance,
  describeInstanceStatus,
  describeInstances,
  describeRegions,
  modifyInstance,
  modifyInstanceStorage,
  renewInstance,
} from '@entrepot/contract/tcr/instances.ts'
import type { filter, tagSpecification } from '@entrepot/contract/tcr/parameters.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { lockMainAccount } from '../accounts/accounts.ts'
import { reachFor } from '../actions/authority.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { findCloudTags, setCloudTags } from '../cloud-tags/cloud-tags.ts'
import type { Tx } from '../db/database.ts'
import { schedule } from '../jobs/jobs.ts'
import { defaultBackend, findBackend } from '../storage/backends.ts'
import { createInstance, updateInstanceSwitches } from './instances.ts'
import { deleteJob, deployJob, maxDeleteAttempts, maxDeployAttempts } from './jobs.ts'
import { startMove } from './moves.ts'
import { assertName, judgeName } from './names.ts'
import { extendTo, payInAdvance } from './prepaid.ts'
import {
  countInstances,
  getInstances,
  isNameTaken,
  listInstances,
  lockInstance,
} from './queries.ts'
import { changeEdition } from './quotas.ts'
import { regionOf } from './regions.ts'
import { assertRemovable } from './removal.ts'
import { insertSection } from './sections.ts'
import { conditionsOf, wireStatus } from './states.ts'
import { getNamedStore, probeNamedStore } from './stores.ts'
import { toWire } from './wire.ts'

export const instanceHandlers: readonly Handler[] = [
  change(createAction, async ({ tx, at, actor, origin, region, input }) => {
    assertName(input.RegistryName)
    const prepaid = prepaidOf(input, at)
    await lockMainAccount(tx, actor.ownerUin)
    await assertBelowLimit(tx, actor.ownerUin, region)
    const { StorageName: store } = input
    const backend = store
      ? await getNamedStore(tx, store, 'StorageName')
      : await getBackend(tx, defaultBackend)
    const backendId = await insertSection(tx, backend, null, at)
    const made = await createInstance(tx, {
      name: input.RegistryName,
      region,
      edition: input.RegistryType,
      ownerUin: actor.ownerUin,
      backendId,
      state: 'pending',
      deletionProtection: input.DeletionProtection ?? false,
      multiZone: input.EnableCosMAZ ?? false,
      versioning: input.EnableCosVersioning ?? false,
      ...(prepaid && { prepaid }),
      createdBy: actor.uin,
      createdAt: at,
    })
    const { id } = made
    const ofInstance = { instance_id: id }
    await tx.updateTable('storage_backends').set(ofInstance).where('id', '=', backendId).execute()
    const tags = tagsOf(input.TagSpecification)
    const resource = { kind: 'instance', id, ownerUin: actor.ownerUin } as const
    if (tags) await setCloudTags(tx, resource, tags, { uin: actor.uin, at })
    await schedule(tx, {
      kind: deployJob,
      key: `${deployJob}:${id}`,
      payload: { instanceId: id },
      instanceId: id,
      isCancellable: false,
      at,
      by: origin.actor,
      maxAttempts: maxDeployAttempts,
    })
    return { RegistryId: id }
  }),

  read(describeInstances, async (call) => {
    const { db, actor, region, input, nowMs } = call
    const { permission, paging } = describeInstances
    const { total, instances } = await listInstances(
      db,
      {
        ownerUin: actor.ownerUin,
        reach: await reachFor(call, permission, 'instance/'),
        region: input.AllRegion ? undefined : region,
        ids: input.Registryids ?? [],
        names: nameFilters(input.Filters ?? []),
      },
      pageRange(paging, input),
    )
    const ids = instances.map(({ id }) => id)
    const tags = await findCloudTags(db, 'instance', ids)
    const place = { ...call.ground, clientHost: call.client.host, nowMs }
    return {
      TotalCount: total,
      Registries: instances.map((one) => toWire(one, tags.get(one.id) ?? [], place)),
    }
  }),

  read(describeInstanceStatus, async ({ db, actor, input, nowMs }) => {
    const rows = await getInstances(db, input.RegistryIds, actor.ownerUin)
    return {
      RegistryStatusSet: rows.map((row) => {
        const standing = {
          state: row.state,
          chargeType: row.charge_type,
          renewFlag: row.renew_flag,
          expiresAt: row.expires_at,
        }
        return {
          RegistryId: row.id,
          Status: wireStatus(standing, nowMs),
          Conditions: conditionsOf(standing, row.state_reason, nowMs),
        }
      }),
    }
  }),

  change(modifyInstance, async ({ tx, instance, input }) => {
    if (input.RegistryType) await changeEdition(tx, instance.id, input.RegistryType)
    await updateInstanceSwitches(tx, instance.id, {
      deletionProtection: input.DeletionProtection,
      versioning: input.EnableCosVersioning,
    })
    return {}
  }),

  change(renewInstance, async ({ tx, at, instance, input }) => {
    const { charge_type: chargeType, expires_at: expiresAt } = await lockInstance(tx, instance.id)
    assertRenewable(chargeType === payInAdvance, input.Flag)
    const { Period, RenewFlag } = input.RegistryChargePrepaid
    const columns = {
      charge_type: payInAdvance,
      renew_flag: RenewFlag,
      expires_at: extendTo(expiresAt, at, Period),
    }
    await tx.updateTable('instances').set(columns).where('id', '=', instance.id).execute()
    return { RegistryId: instance.id }
  }),

  change(deleteInstance, async ({ tx, at, origin, instance, input }) => {
    const row = await lockInstance(tx, instance.id)
    if (row.state === 'deleting') return {}
    await assertRemovable(tx, row)
    if (input.DryRun) throw dryRun(row.name, input.DeleteBucket)
    await tx
      .updateTable('instances')
      .set({ state: 'deleting', state_reason: '' })
      .where('id', '=', row.id)
      .execute()
    await schedule(tx, {
      kind: deleteJob,
      key: `${deleteJob}:${row.id}`,
      payload: { instanceId: row.id, withBytes: input.DeleteBucket },
      instanceId: row.id,
      isCancellable: false,
      at,
      by: origin.actor,
      maxAttempts: maxDeleteAttempts,
    })
    return {}
  }),

  read(checkInstance, ({ instance, nowMs }) => ({
    IsValidated: wireStatus(instance, nowMs) === 'Running',
    RegionId: regionOf(instance.region).id,
  })),

  read(checkInstanceName, async ({ db, input }) => {
    const verdict = judgeName(input.RegistryName)
    const code = verdict === 'good' ? nameCodes.good : nameCodes[verdict]
    const isTaken = verdict === 'good' && (await isNameTaken(db, input.RegistryName))
    const DetailCode = isTaken ? takenCode : code
    return { IsValidated: DetailCode === nameCodes.good, DetailCode }
  }),

  change(
    modifyInstanceStorage,
    async ({ tx, at, origin, instance, input }) => {
      const store = await getNamedStore(tx, input.TargetStorageName)
      await startMove(tx, instance.id, store, { at, by: origin.actor })
      return {}
    },
    async ({ ground, region, input }) => {
      assertRegion(region, input.TargetRegion)
      await probeNamedStore(ground, input.TargetStorageName)
      return undefined
    },
  ),

  read(describeRegions, ({ ground }) => {
    const { id, name, alias } = regionOf(ground.region)
    return {
      TotalCount: 1,
      Regions: [
        {
          Alias: alias,
          RegionId: id,
          RegionName: name,
          Status: 'alluser',
          Remark: '',
          CreatedAt: '',
          UpdatedAt: '',
          Id: id,
        },
      ],
    }
  }),
]

const nameCodes = { good: 0, length: 1, letters: 1, reserved: 2 } as const
const takenCode = 3

type CreateInput = Parameters<Parameters<typeof change<typeof createAction>>[1]>[0]['input']

function prepaidOf({ RegistryChargeType, RegistryChargePrepaid }: CreateInput, at: number) {
  if (RegistryChargeType !== payInAdvance) return undefined
  if (!RegistryChargePrepaid) {
    throw new ApiError('MISSING_PARAMETER', {
      message: {
        en: 'RegistryChargePrepaid: required where RegistryChargeType is 1',
        zh: 'RegistryChargePrepaid：RegistryChargeType 为 1 时必填',
      },
      detail: { parameter: 'RegistryChargePrepaid' },
    })
  }
  const { Period, RenewFlag } = RegistryChargePrepaid
  return { expiresAt: extendTo(null, at, Period), renewFlag: RenewFlag }
}

/** The main account's row is held: two that count before they add can't both be the last one allowed. */
async function assertBelowLimit(tx: Tx, ownerUin: number, region: string): Promise<void> {
  const used = await countInstances(tx, ownerUin, region)
  if (used < maxInstancesPerAccount) return
  throw new ApiError('QUOTA_EXCEEDED', {
    message: {
      en: `an account has at most ${maxInstancesPerAccount} instances in a region`,
      zh: `每个账号在一个地域最多 ${maxInstancesPerAccount} 个实例`,
    },
    detail: { quota: 'instances', value: maxInstancesPerAccount, used, asked: 1 },
  })
}

async function getBackend(tx: Tx, id: string) {
  const backend = await findBackend(tx, id)
  if (!backend) throw new Error(`the storage backend ${id} has no row`)
  return backend
}

function assertRenewable(isPrepaid: boolean, flag: number): void {
  const isChange = flag === 1
  if (isPrepaid !== isChange) return
  throw new ApiError('OPERATION_DENIED', {
    message: isPrepaid
      ? {
          en: 'the instance is prepaid: renew it with Flag 0',
          zh: '实例已是预付费，请使用 Flag 0 续费',
        }
      : {
          en: 'the instance is paid by use: Flag 1 makes it prepaid',
          zh: '实例为按量计费，请使用 Flag 1 转为预付费',
        },
  })
}

function dryRun(name: string, withBytes: boolean): ApiError {
  return new ApiError('DRY_RUN', {
    message: withBytes
      ? {
          en: `${name} would be deleted with all that it stored, and could not be brought back`,
          zh: `实例 ${name} 及其全部存储数据将被删除，且不可恢复`,
        }
      : {
          en: `${name} would be deleted, and what it stored kept; it could not be brought back`,
          zh: `实例 ${name} 将被删除且不可恢复，存储数据会保留`,
        },
  })
}

function assertRegion(region: string, asked: string): void {
  if (asked === region) return
  throw new ApiError('UNSUPPORTED_REGION', {
    message: {
      en: `TargetRegion: this deployment is in ${region}, and so are its stores`,
      zh: `TargetRegion：本部署及其存储位于 ${region}`,
    },
    detail: { parameter: 'TargetRegion' },
  })
}

function tagsOf(specification: InputEntry<typeof tagSpecification> | undefined) {
  return specification?.Tags.map(({ Key, Value }) => ({ key: Key, value: Value }))
}

function nameFilters(filters: readonly InputEntry<typeof filter>[]) {
  return filters.map(({ Name, Values }, index) => {
    if (Name === 'RegistryName') return Values
    const words = { en: 'must be RegistryName', zh: '只能是 RegistryName' }
    throw invalidValue(`Filters.${index}.Name`, words)
  })
}
