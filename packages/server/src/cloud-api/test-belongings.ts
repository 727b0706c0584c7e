// For tests: accounts that have one of everything, and for each field that names something the names of what is one
// account's, the other's, and nobody's. A caller must be told the same about the other's and about nobody's.

import assert from 'node:assert/strict'
import type { Action } from '@entrepot/contract/action.ts'
import type { Field, Fields } from '@entrepot/contract/fields.ts'
import { addPerson, allow, policyOf } from '../accounts/test-people.ts'
import type { Queryable } from '../db/database.ts'
import type { Instance } from '../instances/instances.ts'
import { schedule } from '../jobs/jobs.ts'
import { beginSession } from '../logins/sessions.ts'
import type { TestApp } from '../test-app.ts'
import { insertDeliveries } from '../webhooks/deliveries.ts'
import type { ApiAnswer, TestKey } from './test-client.ts'
import { smallestInput } from './test-inputs.ts'

type Value = string | number

/** Of another account, of nobody, and of the caller's own account; the first two as long as each other. */
export interface Names {
  readonly theirs: Value
  readonly nobodys: Value
  readonly own: Value
}

/** By the field's own name. */
export type Belongings = Readonly<Record<string, Names>>

const digestOfNothing = `sha256:${'0'.repeat(64)}`
const nobodyKey = 'AKIDnobodyatall0123456789012345678'

interface Owner {
  readonly instance: Instance
  readonly key: TestKey | undefined
}

/** Of two main accounts, one of everything for each. */
export async function makeBelongings(
  test: TestApp,
  stranger: Required<Owner>,
): Promise<Belongings> {
  const theirs = await makeEverything(
    test,
    { instance: test.instance, key: undefined },
    'their-own',
  )
  const own = await makeEverything(test, stranger, 'my-own-one')
  const nobodys = namesOf({
    ...theirs,
    word: 'not-there',
    uin: theirs.uin + 5_000_000,
    groupId: 99_999_999,
    policyId: 99_999_999,
    roleId: 4_600_000_000_000_000,
    instanceId: 'tcr-00000000',
    secretId: nobodyKey,
    tokenId: '0'.repeat(theirs.tokenId.length),
    jobId: '0'.repeat(theirs.jobId.length),
    sessionId: '0'.repeat(theirs.sessionId.length),
    ruleId: '0'.repeat(theirs.ruleId.length),
    namespaceId: 9999,
    retentionId: 999,
    executionId: 9999,
    deletionId: '0'.repeat(theirs.deletionId.length),
    triggerId: theirs.triggerId + 5,
    deliveryId: theirs.deliveryId + 5,
  })
  const [ofThem, ofUs] = [namesOf(theirs), namesOf(own)]
  const names = Object.keys(ofThem).map((name) => [
    name,
    { theirs: ofThem[name], nobodys: nobodys[name], own: ofUs[name] },
  ])
  // An entry for each name, of the three values.
  return Object.fromEntries(names) as Belongings
}

/** What has a name of its own choice is called by one word. */
interface Everything {
  readonly word: string
  readonly ownerUin: number
  readonly uin: number
  readonly groupId: number
  readonly policyId: number
  readonly roleId: number
  readonly instanceId: string
  readonly secretId: string
  readonly tokenId: string
  readonly jobId: string
  readonly sessionId: string
  readonly ruleId: string
  readonly cleanupId: number
  readonly namespaceId: number
  readonly retentionId: number
  readonly executionId: number
  readonly deletionId: string
  readonly triggerId: number
  readonly deliveryId: number
}

function namesOf(all: Everything): Readonly<Record<string, Value>> {
  const { word, uin, groupId, roleId, instanceId } = all
  const six = `qcs::tcr::uin/${all.ownerUin}:instance/${instanceId}`
  const each = (names: readonly string[], value: Value) =>
    Object.fromEntries(names.map((name) => [name, value]))
  return {
    ...each(['AttachUin', 'DetachUin', 'TargetUin', 'SubUin', 'Uin', 'Uins', 'Uid'], uin),
    ...each(['OpUin', 'CreateUin', 'FilterSubAccountUin', 'ApproverUin'], uin),
    ...each(['GroupId', 'AttachGroupId', 'DetachGroupId', 'TargetGroupId'], groupId),
    ...each(['RoleId', 'AttachRoleId', 'DetachRoleId'], roleId),
    ...each(['RoleName', 'AttachRoleName', 'DetachRoleName', 'GroupName'], word),
    ...each(['Name', 'PolicyName', 'StorageName', 'TargetStorageName', 'ProviderId'], word),
    ...each(['ProviderName', 'ServiceAccountName'], word),
    ...each(['Namespace', 'NamespaceName', 'NamespaceNames', 'SourceNamespace'], word),
    ...each(['RepositoryName', 'SourceRepo', 'ModelName', 'TagKey', 'TagKeys'], word),
    SkillName: `${word}/${word}`,
    ...each(['RepoName', 'RepoNames', 'RepositoryPaths'], `${word}/app`),
    ...each(['RegistryIds', 'Registryids', 'TargetRegistryId'], instanceId),
    ...each(['Resource', 'Resources', 'ResourceList'], six),
    ...each(['ResourceId', 'ResourceIds'], instanceId),
    SrcImage: `${word}/app:v1`,
    RoleArn: `qcs::cam::uin/${all.ownerUin}:roleName/${word}`,
    PolicyId: all.policyId,
    AccessKeyId: all.secretId,
    SecretIdList: all.secretId,
    ...each(['TokenId', 'CredentialId'], all.tokenId),
    JobId: all.jobId,
    SessionId: all.sessionId,
    RuleId: all.ruleId,
    CleanupId: all.cleanupId,
    NamespaceId: all.namespaceId,
    RetentionId: all.retentionId,
    ExecutionId: all.executionId,
    DeletionId: all.deletionId,
    // As the actions about triggers call it.
    ...each(['Id', 'Trigger.Id'], all.triggerId),
    DeliveryId: all.deliveryId,
    ...each(['ChartName', 'Charts.ChartName'], word),
    Digest: digestOfNothing,
    'Permissions.Resource': word,
    Action: 'tcr:PullRepository',
  }
}

async function makeEverything(test: TestApp, owner: Owner, word: string): Promise<Everything> {
  const { app, clock } = test
  const { instance, key } = owner
  const { ownerUin } = instance
  const done = async (product: Action['product'], action: string, input: object) => {
    const answer = await test.api(action, input, { product, ...(key && { key }) })
    assert.equal(answer.Error, undefined, `${action}: ${answer.Error?.Message}`)
    return answer
  }
  const person = await addPerson({ ...test, instance }, word)
  const { GroupId } = await done('cam', 'CreateGroup', { GroupName: word })
  const policy = { PolicyName: word, PolicyDocument: everythingAllowed }
  const { PolicyId } = await done('cam', 'CreatePolicy', policy)
  await done('cam', 'AttachUserPolicy', { PolicyId, AttachUin: person.uin })
  await done('cam', 'AttachGroupPolicy', { PolicyId, AttachGroupId: GroupId })
  const role = { RoleName: word, PolicyDocument: trustOf(ownerUin) }
  const { RoleId } = await done('cam', 'CreateRole', role)
  await done('cam', 'AttachRolePolicy', { PolicyId, AttachRoleName: word })
  await done('cam', 'PutUserPermissionsBoundary', { TargetUin: person.uin, PolicyId })
  await done('cam', 'CreateOIDCConfig', { Name: word, ...oidcConfig })
  const { RuleId } = await done('entrepot', 'CreateTokenExchangeRule', {
    ProviderName: word,
    Name: word,
    Conditions: [{ Claim: 'sub', Operator: 'Like', Values: ['repo:team/*'] }],
    TargetType: 'Role',
    RoleId: String(RoleId),
  })
  const about = { RegistryId: instance.id }
  const namespace = { ...about, NamespaceName: word }
  await done('tcr', 'CreateNamespace', { ...namespace, IsPublic: false })
  const repository = { ...namespace, RepositoryName: word }
  await done('tcr', 'CreateRepository', repository)
  await done('tcr', 'DeleteRepository', { ...repository, ForceDelete: true })
  const { Deletions } = await done('entrepot', 'DescribeDeletions', about)
  await done('tcr', 'CreateRepository', repository)
  const retention = await makeRetention((action, input) => done('tcr', action, input), namespace)
  const Permissions = [{ Resource: word, Actions: ['tcr:PullRepository'] }]
  await done('tcr', 'CreateServiceAccount', { ...about, Name: word, Permissions, Duration: 1 })
  const lasting = { ...about, TokenType: 'longterm' }
  const { TokenId } = await done('tcr', 'CreateInstanceToken', lasting)
  await done('tcr', 'CreateUserPersonal', { Password: 'Passw0rd-12' })
  await done('tcr', 'CreateNamespacePersonal', { Namespace: word })
  await done('tcr', 'CreateRepositoryPersonal', { RepoName: `${word}/app`, Public: 0 })
  const Resource = `qcs::tcr::uin/:instance/${instance.id}`
  const ReplaceTags = [{ TagKey: word, TagValue: '' }]
  await done('tag', 'ModifyResourceTags', { Resource, ReplaceTags })
  // The operator's alone.
  const forwarding = { Name: word, Kind: 'File', Path: word, Enabled: false }
  if (!key) await done('entrepot', 'CreateAuditForwarding', forwarding)
  await done('tcr', 'CreateGCJob', { ...about, GCParameters: { Dryrun: true } })
  const { Jobs } = await done('tcr', 'DescribeGCJobs', about)
  const at = clock.now()
  const [jobId, sessionId] = await app.db.write(async (tx) => {
    const waiting = { kind: 'test', key: `test:${word}`, instanceId: instance.id, at }
    const login = { uin: person.uin, version: 1, hasFactor: false, address: null, agent: null, at }
    return [await schedule(tx, waiting), (await beginSession(tx, login)).id] as const
  })
  return {
    ...{ word, ownerUin, uin: person.uin, groupId: GroupId, policyId: PolicyId, jobId, sessionId },
    ...{ roleId: Number(RoleId), instanceId: instance.id, secretId: person.key.secretId },
    tokenId: TokenId,
    ruleId: RuleId,
    cleanupId: Jobs[0].ID,
    deletionId: Deletions[0].DeletionId,
    ...retention,
    ...(await makeTrigger(test, (action, input) => done('tcr', action, input), namespace)),
  }
}

type Done = (action: string, input: object) => Promise<ApiAnswer>

/** A rule, and a run of it that only says what it would do. */
async function makeRetention(
  done: Done,
  { RegistryId, NamespaceName }: { readonly RegistryId: string; readonly NamespaceName: string },
) {
  const about = { RegistryId }
  const { NamespaceList } = await done('DescribeNamespaces', { ...about, NamespaceName })
  const { NamespaceId } = NamespaceList[0]
  const RetentionRule = { Key: 'latestPushedK', Value: 1 }
  await done('CreateTagRetentionRule', {
    ...about,
    NamespaceId,
    CronSetting: 'manual',
    RetentionRule,
  })
  const { RetentionPolicyList } = await done('DescribeTagRetentionRules', {
    ...about,
    NamespaceName,
  })
  const rule = { ...about, RetentionId: RetentionPolicyList[0].RetentionId }
  await done('CreateTagRetentionExecution', { ...rule, DryRun: true })
  const { RetentionExecutionList } = await done('DescribeTagRetentionExecution', rule)
  return {
    namespaceId: NamespaceId,
    retentionId: rule.RetentionId,
    executionId: RetentionExecutionList[0].ExecutionId,
  }
}

/** A trigger, and what it once sent. */
async function makeTrigger(
  { app, clock }: TestApp,
  done: Done,
  { RegistryId, NamespaceName }: { readonly RegistryId: string; readonly NamespaceName: string },
) {
  const { Trigger } = await done('CreateWebhookTrigger', {
    RegistryId,
    Namespace: NamespaceName,
    Trigger: {
      Name: NamespaceName,
      Targets: [{ Address: 'https://example.com/hook' }],
      EventTypes: ['pushImage'],
      Condition: '.*',
      Enabled: true,
    },
  })
  const at = clock.now()
  const [target] = await listTargets(app.db.read, Trigger.Id)
  assert(target)
  await app.db.write((tx) =>
    insertDeliveries(tx, [
      {
        ...{ triggerId: target.triggerId, target, lane: 0, eventId: NamespaceName, sequence: 1 },
        ...{ event: 'pushImage', repository: `${NamespaceName}/app`, tag: 'v1', at },
        ...{ contentType: 'application/json', body: '{}', problem: 'never sent' },
      },
    ]),
  )
  const { id } = await app.db.read
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('trigger_id', '=', target.triggerId)
    .executeTakeFirstOrThrow()
  return { triggerId: Trigger.Id, deliveryId: id }
}

function listTargets(db: Queryable, triggerNumber: number) {
  return db
    .selectFrom('webhook_targets as target')
    .innerJoin('webhook_triggers as t', 't.id', 'target.trigger_id')
    .select(['target.id', 'target.address', 't.id as triggerId'])
    .where('t.number', '=', triggerNumber)
    .execute()
}

const everythingAllowed = policyOf(allow('*', '*'))

function trustOf(ownerUin: number): string {
  const principal = { qcs: [`qcs::cam::uin/${ownerUin}:root`] }
  return policyOf({ effect: 'allow', action: 'sts:AssumeRole', principal })
}

/** Of a provider of roles, but for its name. Its key is the base point of P-256. */
export const oidcConfig = {
  IdentityUrl: 'https://ci.example.com',
  ClientId: ['them'],
  IdentityKey: Buffer.from(
    JSON.stringify({
      keys: [
        {
          ...{ kty: 'EC', crv: 'P-256', kid: 'one', alg: 'ES256' },
          x: 'axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY',
          y: 'T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
        },
      ],
    }),
  ).toString('base64'),
} as const

/** They name what the call makes, or what is no row of anybody. */
const ownWords: readonly string[] = [
  ...['RoleSessionName', 'DisplayName', 'QCSServiceName', 'RegistryName', 'RegionName'],
  ...['VersionId', 'Filters.Name', 'DestinationNamespace', 'DeletionTaskId', 'ClientId'],
  'ExternalId',
  // Counted in each run.
  'TaskId',
  // Told in lists, and in requests only the rule's own.
  'Rule.NsName',
  // Any word: what it names is looked for when somebody logs in, in the provider's account.
  'TargetId',
]
const looksLikeName = /(?:Ids?|ids|Uins?|Uid|Arn|Names?|Namespace|Resources?|ResourceList)$/

/** A field that names something by its looks, and that nobody has put into the table or among the words. */
export function listUnknownNames(action: Action, known: Belongings, own: readonly string[]) {
  const unknown: string[] = []
  const walk = (fields: Fields, path: string): void => {
    for (const [name, field] of Object.entries(fields)) {
      const inner = field.kind === 'list' ? field.item : field
      if (inner.kind === 'object') walk(inner.structure.fields, `${path}${name}.`)
      else if (!looksLikeName.test(name) || ('values' in inner && inner.values)) continue
      else if (name in known || own.includes(name)) continue
      else if (!ownWords.includes(name) && !ownWords.includes(`${path}${name}`)) {
        unknown.push(`${path}${name}`)
      }
    }
  }
  walk(action.input, '')
  return unknown
}

export interface NamingInputs {
  readonly what: string
  readonly theirs: object
  readonly nobodys: object
}

/** Without these, actions are refused before they look for what was named. */
const needed: Readonly<Record<string, object>> = {
  CreatePolicyVersion: { PolicyDocument: everythingAllowed },
  UpdateAssumeRolePolicy: { PolicyDocument: trustOf(1) },
  GetFederationToken: { Policy: everythingAllowed },
  CreateServiceAccount: { Duration: 1 },
  ModifyServiceAccountPassword: { Random: true },
  ModifyResourceTags: { ReplaceTags: [{ TagKey: 'a', TagValue: '1' }] },
  UpdateOIDCConfig: oidcConfig,
  CreateTokenExchangeRule: { TargetType: 'Role' },
  DuplicateImagePersonal: { DestImage: 'my-own-one/app:v2' },
}

/**
 * Inputs that name what is theirs in all fields that have to be given, or in one field and the caller's own in the
 * others; and the same with what is nobody's.
 */
export function inputsNaming(
  action: Action,
  belongings: Belongings,
  instanceId: Readonly<Record<string, string>>,
): readonly NamingInputs[] {
  const filler = new Filler(action, belongings, instanceId)
  const both = (what: string, foreign: (path: string) => boolean, optional?: string) => ({
    what,
    theirs: filler.fill(foreign, 'theirs', optional),
    nobodys: filler.fill(foreign, 'nobodys', optional),
  })
  const fields = Object.entries(action.input)
  return [
    both('all', () => true),
    ...filler.paths.map((path) => both(`${path} alone`, (one) => one === path)),
    ...fields
      .filter(([name, { presence }]) => presence !== 'required' && filler.isNaming(name))
      .map(([name]) => both(`${name} too`, (one) => one === name, name)),
  ].filter(({ theirs, nobodys }) => JSON.stringify(theirs) !== JSON.stringify(nobodys))
}

/** May be left out, but something has to be named so: the caller's own, where something else is the foreign one. */
const alternatives: Readonly<Record<string, readonly string[]>> = {
  AttachRolePolicy: ['AttachRoleName', 'PolicyName'],
  DetachRolePolicy: ['DetachRoleName', 'PolicyName'],
  PutRolePermissionsBoundary: ['RoleName'],
  TagRole: ['RoleName'],
  UntagRole: ['RoleName'],
  CreateTokenExchangeRule: ['RoleId'],
  SimulatePolicy: ['TargetUin'],
}

/** The same as `field`, by its name or its number; or a role in a person's place. */
function isSameKind(field: string, optional: string | undefined): boolean {
  const kind = (name: string) => name.replace(/(?:Id|Name|Uin)$/, '').replace('Target', 'Role')
  return optional !== undefined && kind(field) === kind(optional)
}

class Filler {
  /** Of the fields that have to be given, and name something. */
  readonly paths: readonly string[]
  readonly #action: Action
  readonly #belongings: Belongings
  readonly #instanceId: Readonly<Record<string, string>>

  constructor(
    action: Action,
    belongings: Belongings,
    instanceId: Readonly<Record<string, string>>,
  ) {
    this.#action = action
    this.#belongings = belongings
    this.#instanceId = instanceId
    const paths: string[] = []
    this.fill((path) => {
      paths.push(path)
      return true
    }, 'theirs')
    this.paths = [...new Set(paths)]
  }

  /** What makes something names it anew. */
  isNaming(name: string): boolean {
    const isNew =
      /^(?:Create|Add|GetFederationToken$)/.test(this.#action.name) &&
      /^(?:Group|Role|Policy|Storage)?Name$/.test(name)
    return name in this.#belongings && !isNew
  }

  fill(foreign: (path: string) => boolean, whose: keyof Names, optional?: string): object {
    const { name, input } = this.#action
    const known: Record<string, unknown> = {}
    for (const [field, declared] of Object.entries(input)) {
      const isAsked = declared.presence === 'required' || field === optional
      if (isAsked) known[field] = this.#value(field, declared, { path: field, foreign, whose })
      else if (alternatives[name]?.includes(field) && !isSameKind(field, optional)) {
        const value = this.#belongings[field]?.own
        known[field] = declared.kind === 'text' ? String(value) : value
      }
    }
    return { ...smallestInput(input, known), ...known, ...needed[name] }
  }

  #value(
    name: string,
    field: Field,
    asked: { path: string; foreign: (path: string) => boolean; whose: keyof Names },
  ): unknown {
    if (field.kind === 'list') {
      const item = this.#value(name, field.item, asked)
      return Array.from({ length: Math.max(field.minItems, 1) }, () => item)
    }
    if (field.kind === 'object') return this.#object(field.structure.fields, asked)
    if (name in this.#instanceId) return this.#instanceId[name]
    const named = this.isNaming(name) ? this.#belongings[name] : undefined
    const names = asked.path === name ? named : (this.#belongings[asked.path] ?? named)
    if (names && !('values' in field && field.values)) {
      const value = names[asked.foreign(asked.path) ? asked.whose : 'own']
      if (field.kind === 'text') return String(value)
      if (field.kind === 'integer' && typeof value === 'number') return value
    }
    const alone = { [name]: { ...field, presence: 'required' } as Field }
    return smallestInput(alone)[name]
  }

  #object(
    fields: Fields,
    asked: { path: string; foreign: (path: string) => boolean; whose: keyof Names },
  ): object {
    const known: Record<string, unknown> = {}
    for (const [name, field] of Object.entries(fields)) {
      if (field.presence !== 'required' && !this.isNaming(name)) continue
      // A person by one of two numbers.
      if (name === 'Uid') continue
      known[name] = this.#value(name, field, { ...asked, path: `${asked.path}.${name}` })
    }
    return known
  }
}
