import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, allow, type TestPerson } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { outcome, ownerOf, type TestClient } from '../registry/test-client.ts'
import { type TestApp, testApp } from '../test-app.ts'

const modelConfig = 'application/vnd.cncf.model.config.v1+json'
const modelType = 'application/vnd.cncf.model.manifest.v1+json'
const skillType = 'application/vnd.agent.skill.v1+json'
const mcpType = 'application/vnd.modelcontextprotocol.server.v1+json'

const qwen = {
  descriptor: { family: 'qwen2' },
  config: { format: 'safetensors', paramSize: '7b', precision: 'bfloat16' },
}

onEachDatabase('the API of AI models and skills', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient

  before(async () => {
    app = await testApp({ dialect })
    owner = ownerOf(app)
    await owner.pushImage('demo/plain', '1')
    await push('demo/qwen', '7b', { artifactType: modelType, config: qwen })
    await app.clock.advance(1000)
    await push('demo/qwen', '7b-chat', { artifactType: modelType, config: { ...qwen, more: 1 } })
    // No artifact type: known by its config's.
    await push('demo/llms/gpt', '1', { config: {} })
    await push('demo/cache', '2.0.0', {
      artifactType: skillType,
      annotations: {
        'org.agent.skill.description': 'cache-manager',
        'org.agent.skill.runtime': 'node20',
        'org.agent.skill.tags': '["mcp"]',
      },
    })
    await push('demo/server', '1', { artifactType: mcpType })
  })
  after(() => app.close())

  interface Pushed {
    readonly artifactType?: string
    readonly config?: object
    readonly annotations?: Readonly<Record<string, string>>
    readonly layers?: number
  }

  async function push(path: string, tag: string, pushed: Pushed): Promise<string> {
    const { artifactType, config = {}, annotations = {}, layers = 1 } = pushed
    const json = JSON.stringify(config)
    const configDigest = await owner.pushBlob(path, json)
    const texts = Array.from({ length: layers }, (_, i) => `${path}:${tag}:${i}`)
    const manifest = {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      ...(artifactType && { artifactType }),
      config: { mediaType: modelConfig, digest: configDigest, size: json.length },
      layers: await Promise.all(
        texts.map(async (text) => ({
          mediaType: 'application/vnd.agent.skill.content.v1.tar+gzip',
          digest: await owner.pushBlob(path, text),
          size: text.length,
        })),
      ),
      annotations,
    }
    const answer = await owner.putManifest(path, tag, Buffer.from(JSON.stringify(manifest)))
    assert.equal(answer.status, 201, answer.text)
    return String(answer.headers['docker-content-digest'])
  }

  async function call(action: string, input: object = {}, key?: TestPerson['key']) {
    return app.api(action, { RegistryId: app.instance.id, ...input }, key && { key })
  }

  async function models(input: object = {}, key?: TestPerson['key']): Promise<string[]> {
    const answer = await call('ListAIModels', input, key)
    assert.equal(answer.Error, undefined)
    return answer.ModelList.map(
      (one: { NamespaceName: string; ModelName: string; LatestVersion: string }) =>
        `${one.NamespaceName}/${one.ModelName}:${one.LatestVersion}`,
    )
  }

  async function skills(input: object = {}): Promise<string[]> {
    const answer = await call('ListSkills', input)
    assert.equal(answer.Error, undefined)
    return answer.SkillList.map((one: { SkillName: string }) => one.SkillName)
  }

  const qwenAt = { NamespaceName: 'demo', RepositoryName: 'qwen' }

  it('lists models with their newest version, and nothing else', async () => {
    assert.deepEqual(await models(), ['demo/llms/gpt:1', 'demo/qwen:7b-chat'])
    assert.deepEqual(await models({ SearchKey: 'QW' }), ['demo/qwen:7b-chat'])
    assert.deepEqual(await models({ ModelName: 'qwen' }), ['demo/qwen:7b-chat'])
    assert.deepEqual(await models({ ModelName: 'demo/qwen' }), ['demo/qwen:7b-chat'])
    assert.deepEqual(await models({ ModelName: 'gpt' }), [], 'a name within the namespace is whole')
    assert.deepEqual(await models({ Namespace: 'dem' }), [])
    assert.deepEqual(await models({ Namespace: 'demo', Limit: 1, Offset: 1 }), [
      'demo/qwen:7b-chat',
    ])
    const { ModelList } = await call('ListAIModels', { ModelName: 'qwen' })
    const { Digest, UpdateTime, ImageSize, ...rest } = ModelList[0]
    assert.match(Digest, /^sha256:/)
    assert.match(UpdateTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.equal(
      ImageSize,
      String(JSON.stringify({ ...qwen, more: 1 }).length + 'demo/qwen:7b-chat:0'.length),
    )
    assert.deepEqual(rest, {
      ModelName: 'qwen',
      NamespaceName: 'demo',
      LatestVersion: '7b-chat',
      Kind: 'CNAI-Model',
    })
  })

  it('lists versions, the newest first, with the one that is recommended', async () => {
    const before = await call('ListAIModelVersions', qwenAt)
    assert.equal(before.TotalCount, 2)
    const mark = (list: { Version: string; IsRecommended: boolean }[]) =>
      list.map(({ Version, IsRecommended }) => `${Version}${IsRecommended ? '*' : ''}`)
    assert.deepEqual(mark(before.VersionList), ['7b-chat', '7b'])
    const tag = await call('DuplicateImage', {
      SourceNamespace: 'demo',
      SourceRepo: 'qwen',
      SourceReference: '7b',
      DestinationNamespace: 'demo',
      DestinationRepo: 'qwen',
      DestinationTag: 'recommended',
    })
    assert.equal(tag.Error, undefined)
    assert.deepEqual(
      await models({ ModelName: 'qwen' }),
      ['demo/qwen:7b-chat'],
      'a mark is no version',
    )
    const after = await call('ListAIModelVersions', qwenAt)
    assert.deepEqual(mark(after.VersionList).sort(), ['7b*', '7b-chat', 'recommended*'])
    assert.equal((await call('ListAIModelVersions', { ...qwenAt, Limit: 1 })).VersionList.length, 1)
    const plain = { NamespaceName: 'demo', RepositoryName: 'plain' }
    assert.equal((await call('ListAIModelVersions', plain)).TotalCount, 0)
  })

  it('describes a version by tag and by digest, and no image', async () => {
    const byTag = await call('DescribeAIModelVersionDetail', { ...qwenAt, Reference: '7b' })
    const { Digest, PushTime, Size, ...rest } = byTag.Model
    assert.deepEqual(rest, {
      ModelName: 'qwen',
      NamespaceName: 'demo',
      Version: '7b',
      Framework: '',
      Precision: 'bfloat16',
      FileFormat: 'safetensors',
      ParamSize: '7b',
      Family: 'qwen2',
      IsRecommended: true,
    })
    const byDigest = await call('DescribeAIModelVersionDetail', { ...qwenAt, Reference: Digest })
    assert.equal(byDigest.Model.Digest, Digest)
    const plain = { NamespaceName: 'demo', RepositoryName: 'plain', Reference: '1' }
    const refused = await call('DescribeAIModelVersionDetail', plain)
    assert.equal(refused.Error?.Code, 'ResourceNotFound.TcrResourceNotFound')
  })

  it('lists and describes skills, MCP servers apart', async () => {
    assert.deepEqual(await skills(), ['demo/cache', 'demo/server'])
    assert.deepEqual(await skills({ SkillType: 'MCP Server', Status: 'active' }), ['demo/server'])
    assert.deepEqual(await skills({ SkillName: 'cache' }), ['demo/cache'])
    const { SkillList } = await call('ListSkills', { SkillName: 'demo/cache' })
    const { UpdateTime, ...listed } = SkillList[0]
    assert.deepEqual(listed, {
      SkillName: 'demo/cache',
      Description: 'cache-manager',
      SkillType: 'Skill',
      Tags: ['mcp'],
      LatestVersion: '2.0.0',
      Status: 'active',
    })
    const about = { SkillName: 'demo/cache', SkillVersion: '2.0.0' }
    const { Skill } = await call('DescribeSkillDetail', about)
    assert.equal(Skill.Runtime, 'node20')
    const { VersionList } = await call('ListSkillVersions', { SkillName: 'demo/cache' })
    assert.deepEqual(
      VersionList.map((one: { Version: string }) => one.Version),
      ['2.0.0'],
    )
  })

  it('gives a link by which a skill is downloaded without a login', async () => {
    const about = { SkillName: 'demo/cache', SkillVersion: '2.0.0' }
    const { PreSignedDownloadURL: url } = await call('DescribeSkillDownloadInfo', about)
    assert.ok(url.startsWith(app.url))
    const file = await owner.as(undefined).call('GET', url.slice(app.url.length))
    assert.equal(file.text, 'demo/cache:2.0.0:0')
    assert.equal(file.headers['content-disposition'], 'attachment; filename="cache-2.0.0.tar.gz"')
    await push('demo/many', '1', { artifactType: skillType, layers: 2 })
    const many = { SkillName: 'demo/many', SkillVersion: '1' }
    assert.equal((await call('DescribeSkillDownloadInfo', many)).Error?.Code, 'OperationDenied')
  })

  it('shows and deletes what policies allow, of several all or none', async () => {
    const qwenOnly = `qcs::tcr:::repository/${app.instance.id}/demo/qwen`
    const both = allow(['tcr:ListAIModels', 'tcr:DeleteAIModel'], qwenOnly)
    const reader = await addPerson(app, 'reader', both)
    assert.deepEqual(
      await models({}, reader.key),
      (await models()).filter((one) => one.includes('qwen')),
    )
    const Items = [
      { ...qwenAt, Reference: '7b-chat' },
      { NamespaceName: 'demo', RepositoryName: 'llms/gpt', Reference: '1' },
    ]
    const refused = await call('DeleteAIModel', { Items }, reader.key)
    assert.equal(refused.Error?.Code, 'UnauthorizedOperation')
    assert.equal((await call('ListAIModelVersions', qwenAt)).TotalCount, 3)
    assert.equal(
      (await call('DeleteAIModel', { Items: Items.slice(0, 1) }, reader.key)).Error,
      undefined,
    )
    assert.equal((await call('ListAIModelVersions', qwenAt)).TotalCount, 2)
  })

  it('deletes by tag, by digest and all versions, and leaves what is of another type', async () => {
    const digest = await push('demo/cache', '3', { artifactType: skillType, config: { v: 3 } })
    const item = (SkillVersion?: string) => ({ Items: [{ SkillName: 'demo/cache', SkillVersion }] })
    assert.equal((await call('DeleteSkill', item(digest))).Error, undefined)
    assert.equal(outcome(await owner.call('HEAD', `/v2/demo/cache/manifests/2.0.0`)), '200')
    await owner.pushImage('demo/cache', 'image')
    const wrong = await call('DeleteSkill', item('image'))
    assert.equal(wrong.Error?.Code, 'ResourceNotFound.TcrResourceNotFound')
    assert.equal((await call('DeleteSkill', item())).Error, undefined)
    assert.deepEqual(await skills({ SkillName: 'cache' }), [])
    assert.equal(outcome(await owner.call('HEAD', `/v2/demo/cache/manifests/image`)), '200')
    const again = await call('DeleteSkill', item())
    assert.equal(again.Error?.Code, 'ResourceNotFound.TcrResourceNotFound')
    assert.equal((await call('DeleteSkill')).Error, undefined, 'nothing to delete')
  })
})
