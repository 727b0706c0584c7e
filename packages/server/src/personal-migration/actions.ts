// The API's actions on the way from the Personal edition into an instance.

import type { ActionReply } from '@entrepot/contract/action.ts'
import {
  describePersonalNamespaceMigrations,
  migratePersonalNamespace,
} from '@entrepot/contract/entrepot/personal.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { assertMayDo } from '../actions/authority.ts'
import { type ChangeCall, change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { isoUtc } from '../actions/times.ts'
import { createNamespace, findNamespace } from '../namespaces/namespaces.ts'
import { getPersonalInstance } from '../personal/instance.ts'
import { getOwnNamespace } from '../personal/own.ts'
import {
  listMigrations,
  type Migration,
  type MigrationState,
  type NamespacePair,
  scheduleMigration,
} from './migrations.ts'

export const personalMigrationHandlers: readonly Handler[] = [
  change(migratePersonalNamespace, async (call) => {
    const { tx, at, ground, actor, origin, instance, input } = call
    const { ownerUin, uin: createdBy } = actor
    const personal = await getPersonalInstance(tx, ground.region)
    const pairs = await pairsOf(call)
    for (const { from } of pairs) {
      await assertMayDo(call, 'tcr:PullRepositoryPersonal', [`repo/${from}/*`])
      await getOwnNamespace(tx, personal, ownerUin, from)
    }
    for (const { to } of pairs) await ensureNamespace(call, to)
    const overrides = input.Override
    const wanted = { instance, ownerUin, pairs, overrides, createdBy, by: origin.actor, at }
    return { JobId: await scheduleMigration(tx, wanted) }
  }),

  read(describePersonalNamespaceMigrations, async ({ db, instance, input }) => {
    const page = pageRange(describePersonalNamespaceMigrations.paging, input)
    const id = input.JobId || undefined
    const { total, migrations } = await listMigrations(db, instance.id, id, page)
    return { Migrations: migrations.map(toWire), TotalCount: total }
  }),
]

type Call = ChangeCall<typeof migratePersonalNamespace>

async function pairsOf({ tx, actor, input }: Call): Promise<readonly NamespacePair[]> {
  const pairs = input.Namespaces
    ? input.Namespaces.map(({ Namespace, DestinationNamespace }) => ({
        from: Namespace,
        to: DestinationNamespace || Namespace,
      }))
    : await allPairs(tx, actor.ownerUin)
  if (pairs.length === 0) {
    throw invalidValue('Namespaces', {
      en: 'the account has no namespace of the Personal edition',
      zh: '账号没有个人版命名空间',
    })
  }
  // Two that become one would overwrite each other's images.
  for (const side of ['from', 'to'] as const) {
    if (new Set(pairs.map((pair) => pair[side])).size === pairs.length) continue
    throw invalidValue('Namespaces', {
      en: 'names a namespace twice',
      zh: '重复指定了命名空间',
    })
  }
  return pairs
}

async function allPairs(tx: Call['tx'], ownerUin: number): Promise<readonly NamespacePair[]> {
  const rows = await tx
    .selectFrom('namespaces')
    .select('name')
    .where('owner_uin', '=', ownerUin)
    .where('deleted_at', 'is', null)
    .orderBy('name')
    .execute()
  return rows.map(({ name }) => ({ from: name, to: name }))
}

/** A new one is private: what is public there is a matter of the namespace, here of each repository. */
async function ensureNamespace(call: Call, name: string): Promise<void> {
  const { tx, at, actor, origin, instance } = call
  if (await findNamespace(tx, instance.id, name)) return
  await assertMayDo(call, 'tcr:CreateNamespace', [`repository/${instance.id}/${name}`])
  await createNamespace(tx, instance, { name, isPublic: false, createdBy: actor.uin, at }, origin)
}

const states: Readonly<Record<MigrationState, WireMigration['State']>> = {
  waiting: 'Waiting',
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Cancelled',
}

type WireMigration = ActionReply<typeof describePersonalNamespaceMigrations>['Migrations'][number]

function toWire(migration: Migration): WireMigration {
  const isBroken = migration.state === 'failed' && migration.reason === null
  return {
    JobId: migration.id,
    RegistryId: migration.instanceId,
    Namespaces: migration.pairs.map(({ from, to }) => ({
      Namespace: from,
      DestinationNamespace: to,
    })),
    State: states[migration.state],
    RepositoryCount: migration.repositoryCount,
    RepositoriesDone: migration.repositoriesDone,
    TagCount: migration.tagCount,
    TagsDone: migration.tagsDone,
    TagsFailed: migration.tagsFailed,
    Reason: isBroken ? 'it was tried too often; see the log of the job' : migration.reason,
    CreateTime: isoUtc(migration.createdAt),
    EndTime: migration.endedAt === null ? null : isoUtc(migration.endedAt),
  }
}
