// The API's actions on roles.

import type { ActionReply } from '@entrepot/contract/action.ts'
import {
  createRole as createAction,
  createServiceLinkedRole as createLinkedAction,
  deleteRole as deleteAction,
  deleteServiceLinkedRole,
  describeRoleList,
  getRole as getAction,
  getServiceLinkedRoleDeletionStatus,
  tagRole,
  untagRole,
  updateAssumeRolePolicy,
  updateRoleConsoleLogin,
  updateRoleDescription,
  updateRoleSessionDuration,
} from '@entrepot/contract/cam/roles.ts'
import { reachFor } from '../actions/authority.ts'
import { change, type Handler, read } from '../actions/define.ts'
import { pageRange } from '../actions/paging.ts'
import { chinaTime } from '../actions/times.ts'
import { mayReach } from '../policies/reach.ts'
import { askForRole } from './asked-role.ts'
import { createRole, deleteRole, listRoles, type Role, roleArn, updateRole } from './roles.ts'
import {
  assertNotServiceLinked,
  createServiceLinkedRole,
  findDeletions,
  getDeletion,
  scheduleDeletion,
} from './service-linked.ts'
import { type RoleTag, removeRoleTags, setRoleTags, tagsOfRoles } from './tags.ts'

interface NamesRole {
  readonly RoleId?: string | number | undefined
  readonly RoleName?: string | undefined
}

function keyOf({ RoleId: id, RoleName: name }: NamesRole) {
  return { id, name }
}

type TagInput = readonly { readonly Key: string; readonly Value: string }[]

function tagsOf(input: TagInput = []): RoleTag[] {
  return input.map(({ Key: key, Value: value }) => ({ key, value }))
}

export const roleHandlers: readonly Handler[] = [
  change(createAction, async ({ tx, at, actor, input }) => {
    const id = await createRole(tx, actor.ownerUin, {
      name: input.RoleName,
      description: input.Description ?? '',
      trustPolicy: input.PolicyDocument,
      sessionSeconds: input.SessionDuration ?? 0,
      mayLogIn: input.ConsoleLogin === 1,
      at,
    })
    await setRoleTags(tx, id, tagsOf(input.Tags))
    return { RoleId: String(id) }
  }),

  read(getAction, async (call) => {
    const { db, input } = call
    const role = await askForRole(db, call, getAction.permission, keyOf(input))
    const tags = await tagsOfRoles(db, [role.id])
    const deletions = await findDeletions(db, [role])
    return { RoleInfo: toWire(role, tags.get(role.id), deletions.get(role.id)) }
  }),

  read(describeRoleList, async (call) => {
    const { db, actor, input } = call
    const reach = await reachFor(call, describeRoleList.permission, 'role/')
    const all = await listRoles(db, actor.ownerUin)
    const keyword = (input.Keyword ?? '').toLowerCase()
    const reached = all.filter(
      ({ id, name }) => mayReach(reach, String(id)) && name.toLowerCase().includes(keyword),
    )
    const tags = await tagsOfRoles(
      db,
      reached.map(({ id }) => id),
    )
    const wanted = tagsOf(input.Tags)
    const roles = reached.filter(({ id }) => hasAll(tags.get(id) ?? [], wanted))
    const { offset, limit } = pageRange('page-size', input)
    const shown = roles.slice(offset, offset + limit)
    const deletions = await findDeletions(db, shown)
    return {
      List: shown.map((role) => toWire(role, tags.get(role.id), deletions.get(role.id))),
      TotalNum: roles.length,
    }
  }),

  change(updateRoleDescription, async (call) => {
    const { tx, at, input } = call
    const role = await askForRole(tx, call, updateRoleDescription.permission, keyOf(input))
    await updateRole(tx, role, { description: input.Description, at })
    return {}
  }),

  change(updateRoleConsoleLogin, async (call) => {
    const { tx, at, input } = call
    const role = await askForRole(tx, call, updateRoleConsoleLogin.permission, keyOf(input))
    await updateRole(tx, role, { mayLogIn: input.ConsoleLogin === 1, at })
    return {}
  }),

  change(updateRoleSessionDuration, async (call) => {
    const { tx, at, input } = call
    const role = await askForRole(tx, call, updateRoleSessionDuration.permission, keyOf(input))
    await updateRole(tx, role, { sessionSeconds: input.SessionDuration, at })
    return {}
  }),

  change(updateAssumeRolePolicy, async (call) => {
    const { tx, at, input } = call
    const role = await askForRole(tx, call, updateAssumeRolePolicy.permission, keyOf(input))
    assertNotServiceLinked(role)
    await updateRole(tx, role, { trustPolicy: input.PolicyDocument, at })
    return {}
  }),

  change(deleteAction, async (call) => {
    const { tx, input } = call
    const role = await askForRole(tx, call, deleteAction.permission, keyOf(input))
    assertNotServiceLinked(role)
    await deleteRole(tx, role)
    return {}
  }),

  change(tagRole, async (call) => {
    const { tx, input } = call
    const role = await askForRole(tx, call, tagRole.permission, keyOf(input))
    await setRoleTags(tx, role.id, tagsOf(input.Tags))
    return {}
  }),

  change(untagRole, async (call) => {
    const { tx, input } = call
    const role = await askForRole(tx, call, untagRole.permission, keyOf(input))
    await removeRoleTags(tx, role.id, input.TagKeys)
    return {}
  }),

  change(createLinkedAction, async ({ tx, at, actor, input }) => {
    const id = await createServiceLinkedRole(tx, actor.ownerUin, {
      services: input.QCSServiceName,
      suffix: input.CustomSuffix,
      description: input.Description ?? '',
      at,
    })
    await setRoleTags(tx, id, tagsOf(input.Tags))
    return { RoleId: String(id) }
  }),

  change(deleteServiceLinkedRole, async (call) => {
    const { tx, at, input } = call
    const role = await askForRole(tx, call, deleteServiceLinkedRole.permission, keyOf(input))
    return { DeletionTaskId: await scheduleDeletion(tx, role, at) }
  }),

  read(getServiceLinkedRoleDeletionStatus, async ({ db, actor, input }) => {
    const task = await getDeletion(db, actor.ownerUin, input.DeletionTaskId)
    return {
      Status: task.status,
      Reason: task.reason,
      ServiceType: task.serviceType,
      ServiceName: task.serviceName,
    }
  }),
]

function hasAll(tags: readonly RoleTag[], wanted: readonly RoleTag[]): boolean {
  return wanted.every(({ key, value }) =>
    tags.some((tag) => tag.key === key && (value === '' || tag.value === value)),
  )
}

function toWire(
  role: Role,
  tags: readonly RoleTag[] = [],
  deletionTaskId: string | null = null,
): ActionReply<typeof getAction>['RoleInfo'] {
  return {
    RoleId: String(role.id),
    RoleName: role.name,
    PolicyDocument: role.trustPolicy,
    Description: role.description,
    AddTime: chinaTime(role.createdAt),
    UpdateTime: chinaTime(role.updatedAt),
    ConsoleLogin: role.mayLogIn ? 1 : 0,
    RoleType: role.kind,
    SessionDuration: role.sessionSeconds,
    DeletionTaskId: deletionTaskId,
    Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })),
    RoleArn: roleArn(role),
  }
}
