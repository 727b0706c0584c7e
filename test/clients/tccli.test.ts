// Tencent's own command line, with only its endpoint changed. It speaks TLS only.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Product } from '@entrepot/contract/action.ts'
import { packChart } from '@entrepot/server/charts/test-charts.ts'
import { callApi } from '@entrepot/server/cloud-api/test-client.ts'
import { content, makeImage } from '../images/image.ts'
import { Registry } from '../images/registry.ts'
import { makeAuthority } from './authority.ts'
import { missingPrograms, run, runRefused } from './command.ts'
import { type RunningServer, startServer } from './server.ts'

const key = { secretId: 'AKIDtccli0123456789', secretKey: 'tccli-secret-0123456789' }

type Parameters = Readonly<Record<string, string>>

/** It trusts what comes with certifi and takes no other word: so certifi is told of our authority. */
function trusting(folder: string, ca: string): string {
  const lines = ['import certifi', `certifi.where = lambda: ${JSON.stringify(ca)}`, '']
  writeFileSync(join(folder, 'sitecustomize.py'), lines.join('\n'))
  return folder
}

const isMissing = missingPrograms(['tccli', 'openssl']).length > 0

describe('tccli', { skip: isMissing && 'not on this machine' }, () => {
  let folder: string
  let server: RunningServer
  let environment: NodeJS.ProcessEnv
  let registryId: string

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'entrepot-tccli-'))
    const authority = await makeAuthority(folder)
    const env = {
      ENTREPOT_ADMIN_SECRET_ID: key.secretId,
      ENTREPOT_ADMIN_SECRET_KEY: key.secretKey,
    }
    server = await startServer({ tls: authority, env })
    environment = {
      HOME: folder,
      PYTHONPATH: trusting(folder, authority.ca),
      TENCENTCLOUD_SECRET_ID: key.secretId,
      TENCENTCLOUD_SECRET_KEY: key.secretKey,
      TENCENTCLOUD_REGION: 'ap-guangzhou',
    }
    // Whose answer tccli shows without its items: the SDKs' types have none.
    const { Items } = await callApi(
      server.url,
      key,
      { product: 'tcr', action: 'DescribeInstanceAllNamespaces' },
      { timestamp: Math.floor(Date.now() / 1000) },
    )
    registryId = String(Items[0].ResourceId).split('/')[0] ?? ''
    const registry = new Registry(server)
    await registry.pushImage('demo/app', 'v1', makeImage({ seed: 'tccli' }))
    registry.close()
  })
  after(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  function argumentsOf(product: Product, action: string, parameters: Parameters): string[] {
    const flags = Object.entries(parameters).flatMap(([name, value]) => [`--${name}`, value])
    const { host } = new URL(server.tlsUrl)
    return [product, action, '--endpoint', host, ...flags]
  }

  // Each test knows which fields it asked for.
  // biome-ignore lint/suspicious/noExplicitAny: the replies of many actions
  async function call(product: Product, action: string, parameters: Parameters = {}): Promise<any> {
    const args = argumentsOf(product, action, parameters)
    const { stdout } = await run('tccli', args, { env: environment, cwd: folder })
    return JSON.parse(stdout)
  }

  const ofInstance = (more: Parameters = {}) => ({ RegistryId: registryId, ...more })

  it('drives namespaces', async () => {
    const NamespaceName = 'cli-team'
    await call('tcr', 'CreateNamespace', ofInstance({ NamespaceName, IsPublic: 'True' }))
    await call('tcr', 'ModifyNamespace', ofInstance({ NamespaceName, IsPublic: 'False' }))
    const list = await call('tcr', 'DescribeNamespaces', ofInstance({ NamespaceName }))
    assert.equal(list.NamespaceList[0].Public, false)
    await call('tcr', 'DeleteNamespace', ofInstance({ NamespaceName }))
  })

  it('drives repositories', async () => {
    const path = { NamespaceName: 'demo', RepositoryName: 'by-cli' }
    await call('tcr', 'CreateRepository', ofInstance(path))
    const words = { BriefDescription: '简介', Description: 'two words' }
    await call('tcr', 'ModifyRepository', ofInstance({ ...path, ...words }))
    const list = await call('tcr', 'DescribeRepositories', ofInstance({ RepositoryName: 'by-cli' }))
    assert.equal(list.RepositoryList[0].BriefDescription, '简介')
    await call('tcr', 'DeleteRepository', ofInstance(path))
  })

  it('drives images', async () => {
    const path = { NamespaceName: 'demo', RepositoryName: 'app' }
    const list = await call('tcr', 'DescribeImages', ofInstance(path))
    assert.equal(list.ImageInfoList[0].ImageVersion, 'v1')
    const version = { ...path, ImageVersion: 'v1' }
    const shown = await call('tcr', 'DescribeImageManifests', ofInstance(version))
    assert.equal(JSON.parse(shown.Manifest).schemaVersion, 2)
    const copy = { SourceNamespace: 'demo', SourceRepo: 'app', SourceReference: 'v1' }
    await call('tcr', 'DuplicateImage', ofInstance({ ...copy, DestinationTag: 'v2' }))
    await call('tcr', 'DeleteImage', ofInstance({ ...path, ImageVersion: 'v2' }))
    assert.equal((await call('tcr', 'DescribeImages', ofInstance(path))).TotalCount, 1)
  })

  it('drives instances', async () => {
    const list = await call('tcr', 'DescribeInstances')
    assert.equal(list.TotalCount, 1)
    const status = await call('tcr', 'DescribeInstanceStatus', {
      RegistryIds: JSON.stringify([registryId]),
    })
    assert.equal(status.RegistryStatusSet[0].Status, 'Running')
    const name = { RegistryName: 'made-by-cli' }
    assert.equal((await call('tcr', 'CheckInstanceName', name)).IsValidated, true)
    const { RegistryId } = await call('tcr', 'CreateInstance', { ...name, RegistryType: 'basic' })
    assert.match(RegistryId, /^tcr-[a-z0-9]{8}$/)
  })

  it('drives credentials', async () => {
    const temporary = await call('tcr', 'CreateInstanceToken', ofInstance())
    assert.equal(temporary.Username, server.username)
    const lasting = ofInstance({ TokenType: 'longterm', Desc: 'by tccli' })
    const { TokenId } = await call('tcr', 'CreateInstanceToken', lasting)
    const off = { TokenId, Enable: 'False', ModifyFlag: '2' }
    await call('tcr', 'ModifyInstanceToken', ofInstance(off))
    const { Tokens } = await call('tcr', 'DescribeInstanceToken', ofInstance())
    const made = Tokens.find((token: { Id: string }) => token.Id === TokenId)
    assert.equal(made.Enabled, false)
    await call('tcr', 'DeleteInstanceToken', ofInstance({ TokenId }))
    const robot = {
      Name: 'cli-robot',
      Duration: '1',
      Permissions: JSON.stringify([{ Resource: 'demo', Actions: ['tcr:PullRepository'] }]),
    }
    const account = await call('tcr', 'CreateServiceAccount', ofInstance(robot))
    assert.equal(account.Name, 'tcr$cli-robot')
    await call('tcr', 'DeleteServiceAccount', ofInstance({ Name: 'cli-robot' }))
  })

  it('drives accounts, policies and temporary keys', async () => {
    const person = await call('cam', 'AddUser', { Name: 'cli-person', UseApi: '1' })
    assert.match(person.SecretId, /^AKID/)
    const document = { version: '2.0', statement: { effect: 'allow', action: '*', resource: '*' } }
    const policy = { PolicyName: 'cli-policy', PolicyDocument: JSON.stringify(document) }
    const { PolicyId } = await call('cam', 'CreatePolicy', policy)
    const both = { PolicyId: String(PolicyId), AttachUin: String(person.Uin) }
    await call('cam', 'AttachUserPolicy', both)
    const uin = { TargetUin: String(person.Uin) }
    assert.equal((await call('cam', 'ListAttachedUserPolicies', uin)).TotalNum, 1)
    const { GroupId } = await call('cam', 'CreateGroup', { GroupName: 'cli-group' })
    const member = [{ GroupId, Uid: person.Uid }]
    await call('cam', 'AddUserToGroup', { Info: JSON.stringify(member) })
    const { GroupId: shown } = await call('cam', 'GetGroup', { GroupId: String(GroupId) })
    assert.equal(shown, GroupId)
    assert.equal((await call('sts', 'GetCallerIdentity')).AccountId, server.username)
    const session = { Name: 'cli', Policy: encodeURIComponent(JSON.stringify(document)) }
    const { Credentials } = await call('sts', 'GetFederationToken', session)
    assert.ok(Credentials.Token)
  })

  it('drives cloud tags and the audit log', async () => {
    const resource = `qcs::tcr:ap-guangzhou:uin/:instance/${registryId}`
    const tags = JSON.stringify([{ TagKey: 'by', TagValue: 'cli' }])
    await call('tag', 'CreateTag', { TagKey: 'by', TagValue: 'cli' })
    await call('tag', 'TagResources', { ResourceList: JSON.stringify([resource]), Tags: tags })
    const keys = await call('tag', 'DescribeTagKeys')
    assert.ok(keys.Tags.includes('by'))
    const now = Math.floor(Date.now() / 1000)
    const span = { StartTime: String(now - 3600), EndTime: String(now + 60) }
    const events = await call('cloudaudit', 'DescribeEvents', { ...span, MaxResults: '10' })
    assert.ok(events.Events.length > 0)
  })

  it('drives the Personal edition', async () => {
    await call('tcr', 'CreateUserPersonal', { Password: 'Personal123' })
    await call('tcr', 'CreateNamespacePersonal', { Namespace: 'cli-personal' })
    await call('tcr', 'CreateRepositoryPersonal', { RepoName: 'cli-personal/app', Public: '0' })
    const owned = await call('tcr', 'DescribeRepositoryOwnerPersonal')
    assert.equal(owned.Data.TotalCount, 1)
    await call('tcr', 'DeleteRepositoryPersonal', { RepoName: 'cli-personal/app' })
    await call('tcr', 'DeleteNamespacePersonal', { Namespace: 'cli-personal' })
  })

  it('drives rules about tags', async () => {
    const NamespaceName = 'cli-rules'
    await call('tcr', 'CreateNamespace', ofInstance({ NamespaceName, IsPublic: 'False' }))
    const Rule = JSON.stringify({
      RepositoryPattern: '**',
      RepositoryDecoration: 'repoMatches',
      TagPattern: 'v*',
      TagDecoration: 'matches',
    })
    await call('tcr', 'CreateImmutableTagRules', ofInstance({ NamespaceName, Rule }))
    const { Rules } = await call('tcr', 'DescribeImmutableTagRules', ofInstance())
    const held = { NamespaceName, RuleId: String(Rules[0].RuleId) }
    await call('tcr', 'ModifyImmutableTagRules', ofInstance({ ...held, Rule }))
    await call('tcr', 'DeleteImmutableTagRules', ofInstance(held))
    const listed = await call('tcr', 'DescribeNamespaces', ofInstance({ NamespaceName }))
    const kept = {
      NamespaceId: String(listed.NamespaceList[0].NamespaceId),
      CronSetting: 'manual',
      RetentionRule: JSON.stringify({ Key: 'latestPushedK', Value: 1 }),
    }
    await call('tcr', 'CreateTagRetentionRule', ofInstance(kept))
    const { RetentionPolicyList } = await call('tcr', 'DescribeTagRetentionRules', ofInstance())
    const RetentionId = String(RetentionPolicyList[0].RetentionId)
    await call('tcr', 'ModifyTagRetentionRule', ofInstance({ ...kept, RetentionId }))
    const run = { RetentionId, DryRun: 'True' }
    await call('tcr', 'CreateTagRetentionExecution', ofInstance(run))
    const runs = await call('tcr', 'DescribeTagRetentionExecution', ofInstance({ RetentionId }))
    const ExecutionId = String(runs.RetentionExecutionList[0].ExecutionId)
    const tasks = ofInstance({ RetentionId, ExecutionId })
    assert.equal((await call('tcr', 'DescribeTagRetentionExecutionTask', tasks)).TotalCount, 0)
    await call('tcr', 'DeleteTagRetentionRule', ofInstance({ RetentionId }))
  })

  it('drives the clean-up of storage', async () => {
    const GCParameters = JSON.stringify({ Dryrun: true })
    await call('tcr', 'CreateGCJob', ofInstance({ GCParameters }))
    const { Jobs } = await call('tcr', 'DescribeGCJobs', ofInstance())
    assert.equal(Jobs[0].Schedule.Type, 'Dryrun')
    const { Status } = await call('tcr', 'TerminateGCJob', ofInstance())
    assert.match(Status, /^(?:success|error)$/)
  })

  it('drives triggers', async () => {
    const Namespace = 'demo'
    const trigger = {
      Name: 'cli-trigger',
      Targets: [{ Address: 'https://example.com/hook', Headers: [] }],
      EventTypes: ['pushImage'],
      Condition: 'app:.*',
      Enabled: false,
    }
    const made = { Namespace, Trigger: JSON.stringify(trigger) }
    const { Trigger } = await call('tcr', 'CreateWebhookTrigger', ofInstance(made))
    const Id = String(Trigger.Id)
    const changed = JSON.stringify({ ...trigger, Id: Trigger.Id, Description: 'by tccli' })
    await call('tcr', 'ModifyWebhookTrigger', ofInstance({ Namespace, Trigger: changed }))
    const { Triggers } = await call('tcr', 'DescribeWebhookTrigger', ofInstance({ Namespace }))
    assert.equal(Triggers[0].Description, 'by tccli')
    const log = await call('tcr', 'DescribeWebhookTriggerLog', ofInstance({ Namespace, Id }))
    assert.equal(log.TotalCount, 0)
    await call('tcr', 'DeleteWebhookTrigger', ofInstance({ Namespace, Id }))
  })

  it('drives charts', async () => {
    const chart = await packChart({ name: 'cli-chart', version: '1.0.0' })
    const Content = [chart.toString('base64')]
    const input = { RegistryId: registryId, NamespaceName: 'demo', Content }
    const upload = { product: 'entrepot', action: 'CreateHelmChart', input } as const
    await callApi(server.url, key, upload, { timestamp: Math.floor(Date.now() / 1000) })
    const version = { NamespaceName: 'demo', ChartName: 'cli-chart', ChartVersion: '1.0.0' }
    const told = await call('tcr', 'DescribeChartDownloadInfo', ofInstance(version))
    assert.match(told.PreSignedDownloadURL, /^https:/)
    const args = argumentsOf('tcr', 'DownloadHelmChart', ofInstance(version))
    const refused = await runRefused('tccli', args, { env: environment, cwd: folder })
    assert.match(refused, /UnsupportedOperation.*DescribeChartDownloadInfo/s)
  })

  it('drives AI models and skills', async () => {
    const registry = new Registry(server)
    const types = {
      model: 'application/vnd.cncf.model.manifest.v1+json',
      skill: 'application/vnd.agent.skill.v1+json',
    }
    for (const [name, artifactType] of Object.entries(types)) {
      const { config, layers, manifest } = makeImage({ seed: name, layers: 1 })
      for (const blob of [config, ...layers]) await registry.pushBlob(`demo/${name}`, blob)
      const document = { ...JSON.parse(manifest.bytes.toString()), artifactType }
      const described = content(manifest.mediaType, Buffer.from(JSON.stringify(document)))
      await registry.pushManifest(`demo/${name}`, '1.0', described)
    }
    registry.close()
    const model = { NamespaceName: 'demo', RepositoryName: 'model' }
    assert.equal((await call('tcr', 'ListAIModels', ofInstance())).TotalCount, 1)
    assert.equal((await call('tcr', 'ListAIModelVersions', ofInstance(model))).TotalCount, 1)
    const version = ofInstance({ ...model, Reference: '1.0' })
    const { Model } = await call('tcr', 'DescribeAIModelVersionDetail', version)
    assert.equal(Model.ModelName, 'model')
    const Items = JSON.stringify([{ ...model, Reference: '1.0' }])
    await call('tcr', 'DeleteAIModel', ofInstance({ Items }))
    const skill = { SkillName: 'demo/skill', SkillVersion: '1.0' }
    assert.equal((await call('tcr', 'ListSkills', ofInstance())).TotalCount, 1)
    const { SkillName } = skill
    const versions = await call('tcr', 'ListSkillVersions', ofInstance({ SkillName }))
    assert.equal(versions.TotalCount, 1)
    const { Skill } = await call('tcr', 'DescribeSkillDetail', ofInstance(skill))
    assert.equal(Skill.SkillVersion, '1.0')
    const link = await call('tcr', 'DescribeSkillDownloadInfo', ofInstance(skill))
    assert.match(link.PreSignedDownloadURL, /^https:/)
    await call('tcr', 'DeleteSkill', ofInstance({ Items: JSON.stringify([skill]) }))
    assert.equal((await call('tcr', 'ListSkills', ofInstance())).TotalCount, 0)
  })

  it('shows the error in the language that was asked for', async () => {
    const missing = ofInstance({ NamespaceName: 'nowhere' })
    const args = argumentsOf('tcr', 'DeleteNamespace', missing)
    const options = { env: environment, cwd: folder }
    const chinese = await runRefused('tccli', [...args, '--language', 'zh-CN'], options)
    assert.match(chinese, /ResourceNotFound.*没有命名空间/s)
  })
})
