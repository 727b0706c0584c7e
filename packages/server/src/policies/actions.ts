// The API's actions on policies and their versions.

import type { ActionReply } from '@entrepot/contract/action.ts'
import {
  createPolicy as createAction,
  createPolicyVersion,
  deletePolicy as deleteAction,
  deletePolicyVersion,
  getPolicy as getAction,
  getPolicyVersion,
  listPolicies as listAction,
  listPoliciesGrantingServiceAccess,
  listPolicyVersions,
  setDefaultPolicyVersion,
  updatePolicy as updateAction,
} from '@entrepot/contract/cam/policies.ts'
import { ApiError } from '@entrepot/contract/errors.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { reachFor } from '../actions/authority.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { type PageRange, pageRange } from '../actions/paging.ts'
import { chinaTime } from '../actions/times.ts'
import { countBoundaries, countTargets } from '../attachments/attachments.ts'
import { listGrants } from '../attachments/grants.ts'
import type { Queryable } from '../db/database.ts'
import { askForPolicy } from './asked-policy.ts'
import {
  createPolicy,
  createVersion,
  deletePolicy,
  deleteVersions,
  setDefaultVersion,
  unknownPolicy,
  updatePolicy,
} from './policies.ts'
import {
  findPolicy,
  findVersion,
  listPolicies,
  listVersions,
  type PolicyRecord,
  type PolicyVersion,
  pagePolicies,
} from './queries.ts'
import { mayReach, type Reach } from './reach.ts'
import { setPolicyTags, tagsOfPolicies } from './tags.ts'

export const policyHandlers: readonly Handler[] = [
  change(createAction, async ({ tx, at, actor, input }) => {
    const id = await createPolicy(tx, actor.ownerUin, {
      name: input.PolicyName,
      description: input.Description ?? '',
      document: input.PolicyDocument,
      createdBy: actor.uin,
      at,
    })
    const tags = (input.Tags ?? []).map(({ Key: key, Value: value }) => ({ key, value }))
    await setPolicyTags(tx, id, tags)
    return { PolicyId: id }
  }),

  read(getAction, async ({ db, actor, input }) => {
    const policy = await getPolicy(db, actor.ownerUin, input.PolicyId)
    const version = await findVersion(db, policy, policy.defaultVersion)
    const tags = await tagsOfPolicies(db, [policy.id])
    return {
      PolicyName: policy.name,
      Description: policy.description,
      Type: typeOf(policy),
      AddTime: chinaTime(policy.createdAt),
      UpdateTime: chinaTime(policy.updatedAt),
      PolicyDocument: version?.document ?? '',
      PresetAlias: null,
      IsServiceLinkedRolePolicy: 0,
      Tags: tags.get(policy.id) ?? [],
    }
  }),

  change(updateAction, async (call) => {
    const { tx, at, actor, input } = call
    const { PolicyId, PolicyName, Description: description, PolicyDocument: document } = input
    const policy = await askForPolicy(tx, call, updateAction.permission, PolicyId ?? PolicyName)
    // Without a number the name says which policy, and is no new one.
    const name = PolicyId === undefined ? undefined : PolicyName
    await updatePolicy(tx, actor.ownerUin, policy.id, { name, description, document, at })
    return { PolicyId: policy.id }
  }),

  change(deleteAction, async ({ tx, actor, input }) => {
    for (const id of new Set(input.PolicyId)) await deletePolicy(tx, actor.ownerUin, id)
    return {}
  }),

  read(listAction, async (call) => {
    const { db, actor, input } = call
    const { ownerUin } = actor
    const reach = await reachFor(call, listAction.permission, 'policyid/')
    const filter = { scope: input.Scope, keyword: input.Keyword ?? '' }
    const range = pageRange('page-size', input)
    const { total, policies } =
      reach.kind === 'all'
        ? await pagePolicies(db, ownerUin, filter, range)
        : pageOf(await listPolicies(db, ownerUin, filter), reach, range)
    return {
      TotalNum: total,
      List: await toList(db, ownerUin, policies),
      ServiceTypeList: [],
    }
  }),

  change(createPolicyVersion, async ({ tx, at, actor, input }) => {
    const { PolicyId: id, PolicyDocument: document, SetAsDefault: isInForce } = input
    const version = { document, isInForce, at }
    return { VersionId: await createVersion(tx, actor.ownerUin, id, version) }
  }),

  read(listPolicyVersions, async ({ db, actor, input }) => {
    const policy = await getPolicy(db, actor.ownerUin, input.PolicyId)
    const versions = await listVersions(db, policy)
    return { Versions: versions.map((version) => toVersion(policy, version)) }
  }),

  read(getPolicyVersion, async ({ db, actor, input }) => {
    const policy = await getPolicy(db, actor.ownerUin, input.PolicyId)
    const version = await findVersion(db, policy, input.VersionId)
    if (!version) throw new ApiError('POLICY_VERSION_NOT_FOUND')
    return { PolicyVersion: { ...toVersion(policy, version), Document: version.document } }
  }),

  change(setDefaultPolicyVersion, async ({ tx, at, actor, input }) => {
    const { PolicyId: id, VersionId: version } = input
    await setDefaultVersion(tx, actor.ownerUin, id, { version, at })
    return {}
  }),

  change(deletePolicyVersion, async ({ tx, actor, input }) => {
    await deleteVersions(tx, actor.ownerUin, input.PolicyId, input.VersionId)
    return {}
  }),

  read(listPoliciesGrantingServiceAccess, async ({ db, actor, input }) => {
    const { TargetUin, RoleId, GroupId, ServiceType: service } = input
    const targets = [
      ...(TargetUin === undefined ? [] : [{ kind: 'user', id: TargetUin } as const]),
      ...(RoleId === undefined ? [] : [{ kind: 'role', id: RoleId } as const]),
      ...(GroupId === undefined ? [] : [{ kind: 'group', id: GroupId } as const]),
    ]
    const [target] = targets
    if (!target || targets.length > 1) {
      throw invalidValue('TargetUin', {
        en: 'exactly one of TargetUin, RoleId and GroupId must be given',
        zh: 'TargetUin、RoleId 与 GroupId 须且只能传入一个',
      })
    }
    const { ownerUin } = actor
    const grants = await listGrants(db, { ...target, ownerUin }, service || undefined)
    return {
      List: grants.map((grant) => ({
        Service: { ServiceType: grant.service, ServiceName: grant.service },
        Action: grant.actions.map((name) => ({ Name: name, Description: '' })),
        Policy: grant.policies.map((policy) => ({
          PolicyId: String(policy.id),
          PolicyName: policy.name,
          PolicyType: policy.isPreset ? ('Presetting' as const) : ('Custom' as const),
          PolicyDescription: policy.description,
        })),
      })),
    }
  }),
]

function pageOf(all: readonly PolicyRecord[], reach: Reach, { offset, limit }: PageRange) {
  const policies = all.filter(({ id }) => mayReach(reach, String(id)))
  return { total: policies.length, policies: policies.slice(offset, offset + limit) }
}

async function getPolicy(db: Queryable, ownerUin: number, id: number): Promise<PolicyRecord> {
  const policy = await findPolicy(db, ownerUin, id)
  if (!policy) throw unknownPolicy(id)
  return policy
}

/** 1 custom, 2 preset. */
function typeOf({ isPreset }: PolicyRecord): number {
  return isPreset ? 2 : 1
}

/** Made by writing a policy; nothing else makes one here. */
const createMode = 2

type PolicyList = NonNullable<ActionReply<typeof listAction>['List']>

async function toList(
  db: Queryable,
  ownerUin: number,
  policies: readonly PolicyRecord[],
): Promise<PolicyList> {
  const ids = policies.map(({ id }) => id)
  const targets = await countTargets(db, ownerUin, ids)
  const boundaries = await countBoundaries(db, ownerUin, ids)
  const tags = await tagsOfPolicies(db, ids)
  return policies.map((policy) => {
    const { user, group, role } = targets.get(policy.id) ?? { user: 0, group: 0, role: 0 }
    return {
      PolicyId: policy.id,
      PolicyName: policy.name,
      AddTime: chinaTime(policy.createdAt),
      Type: typeOf(policy),
      Description: policy.description,
      CreateMode: createMode,
      Attachments: user,
      ServiceType: null,
      IsAttached: null,
      Deactived: 0,
      DeactivedDetail: null,
      IsServiceLinkedPolicy: 0,
      AttachEntityCount: user + group + role,
      AttachEntityBoundaryCount: boundaries.get(policy.id) ?? 0,
      UpdateTime: chinaTime(policy.updatedAt),
      Tags: tags.get(policy.id) ?? [],
      PermissionLevel: null,
    }
  })
}

function toVersion({ defaultVersion }: PolicyRecord, { version, createdAt }: PolicyVersion) {
  return {
    VersionId: version,
    CreateDate: chinaTime(createdAt),
    IsDefaultVersion: version === defaultVersion ? 1 : 0,
  }
}
