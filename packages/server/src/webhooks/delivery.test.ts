import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, afterEach, before, it } from 'node:test'
import { digestOf } from '@entrepot/oci/digest.ts'
import { helmConfig, ociImage } from '@entrepot/oci/media-types.ts'
import { systemOrigin } from '../audit/origin.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { record } from '../events/record.ts'
import { basic, ownerOf, TestClient } from '../registry/test-client.ts'
import type { TestApp } from '../test-app.ts'
import { type Receiver, settle, startReceiver, triggersOf, webhookApp } from './test-receiver.ts'

onEachDatabase('webhooks', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient
  let receiver: Receiver

  before(async () => {
    app = await webhookApp({ dialect })
    owner = ownerOf(app)
    receiver = await startReceiver()
    await settle(app)
  })
  after(async () => {
    await receiver.close()
    await app.close()
  })
  afterEach(() => {
    receiver.received.length = 0
    receiver.answer = (res) => res.end('ok')
  })

  async function space(name: string, isPublic = false) {
    const made = await app.api('CreateNamespace', {
      RegistryId: app.instance.id,
      NamespaceName: name,
      IsPublic: isPublic,
    })
    assert.equal(made.Error, undefined)
    return triggersOf(app, name)
  }

  it('tell of a push as the reference says, signed, with the headers of the target', async () => {
    const { make, own } = await space('pushed', true)
    const Headers = [{ Key: 'X-Token', Values: ['one', 'two'] }]
    const { Id } = await make('all', [{ Address: `${receiver.url}/hook`, Headers }])
    const { SigningSecret } = await own('RotateWebhookSecret', { Id })
    const { digest } = await owner.pushImage('pushed/team/app', 'v1', 'pushed')
    await settle(app)
    const [got] = receiver.received
    assert(got && receiver.received.length === 1)
    const { headers, body } = got
    const { event_data: data } = body
    assert.deepEqual(body, {
      type: 'pushImage',
      occur_at: Math.floor(app.clock.now() / 1000),
      event_data: {
        resources: [{ digest, tag: 'v1', resource_url: `${data.resources[0].resource_url}` }],
        repository: {
          date_created: Math.floor(app.clock.now() / 1000),
          name: 'team/app',
          namespace: 'pushed',
          repo_full_name: 'pushed/team/app',
          repo_type: 'public',
        },
      },
      operator: app.username,
    })
    const image = `${new URL(app.url).host}/pushed/team/app:v1`
    assert.equal(data.resources[0].resource_url, image)
    assert.equal(got.path, '/hook')
    assert.equal(headers['content-type'], 'application/json')
    assert.equal(headers['x-token'], 'one, two')
    assert.equal(headers['x-entrepot-event'], 'pushImage')
    assert.equal(headers['x-entrepot-sequence'], '1')
    assert.equal(headers['x-entrepot-attempt'], '1')
    const signed = createHmac('sha256', SigningSecret)
      .update(`${headers['x-entrepot-timestamp']}.${got.text}`)
      .digest('hex')
    assert.equal(headers['x-entrepot-signature'], `sha256=${signed}`)
  })

  it('tell of pulls and deletes to those who ask, by tag, digest and operator', async () => {
    const { make } = await space('both', true)
    const events = ['pullImage', 'deleteImage']
    await make('both', [receiver.url], { EventTypes: events })
    await make('other', [receiver.url], { EventTypes: ['chartPush', 'chartDelete'] })
    const { digest } = await owner.pushImage('both/a', 'v1', 'both')
    await owner.pushImage('both/a', 'v2', 'both')
    await owner.call('GET', '/v2/both/a/manifests/v1')
    await owner.call('GET', '/v2/both/a/manifests/v1')
    await owner.call('HEAD', '/v2/both/a/manifests/v2')
    await owner.call('GET', '/v2/both/a/manifests/v2', {
      headers: { 'if-none-match': `"${digest}"` },
    })
    await owner.call('GET', `/v2/both/a/manifests/${digest}`)
    await settle(app)
    await owner.call('DELETE', '/v2/both/a/manifests/v1')
    await owner.call('DELETE', `/v2/both/a/manifests/${digest}`)
    await settle(app)
    const told = receiver.received.map(({ body: { type, operator, event_data: data } }) => [
      type,
      operator,
      data.resources[0].tag,
      data.pull_count,
    ])
    assert.deepEqual(told, [
      ['pullImage', app.username, 'v1', 2],
      ['pullImage', app.username, '', 1],
      ['deleteImage', app.username, 'v1', undefined],
      ['deleteImage', app.username, 'v2', undefined],
    ])
    for (const { body } of receiver.received) {
      assert.equal(body.event_data.resources[0].digest, digest)
    }
  })

  it('cost a pull no event where nobody asks', async () => {
    const { make } = await space('unasked')
    await make('pushes', [receiver.url])
    await owner.pushImage('unasked/a', 'v1', 'unasked')
    await owner.call('GET', '/v2/unasked/a/manifests/v1')
    await settle(app)
    const pulled = await app.app.db.read
      .selectFrom('events')
      .select('position')
      .where('type', '=', 'image.pulled')
      .where('repository_path', '=', 'unasked/a')
      .execute()
    assert.deepEqual(pulled, [])
  })

  it('tell of a deleted repository all tags it had, in pages', async () => {
    const { make } = await space('whole')
    await make('deletes', [receiver.url], {
      EventTypes: ['deleteImage'],
      Condition: ':v',
    })
    const { digest, bytes } = await owner.pushImage('whole/a', 'latest', 'whole')
    for (let n = 0; n < 205; n += 1) await owner.putManifest('whole/a', `v${1000 + n}`, bytes)
    await owner.call('DELETE', '/v2/whole/a/manifests/v1000')
    await settle(app)
    receiver.received.length = 0
    app.clock.advance(1000)
    const deleted = await app.api('DeleteRepository', {
      RegistryId: app.instance.id,
      NamespaceName: 'whole',
      RepositoryName: 'a',
      ForceDelete: true,
    })
    assert.equal(deleted.Error, undefined)
    await settle(app)
    const tags = receiver.received.flatMap(({ body }) =>
      body.event_data.resources.map((resource: { tag: string; digest: string }) => {
        assert.equal(resource.digest, digest)
        return resource.tag
      }),
    )
    assert.deepEqual(
      tags,
      Array.from({ length: 204 }, (_, n) => `v${1001 + n}`),
    )
    assert.equal(receiver.received.length, 2)
  })

  async function pushChart(repository: string, version: string): Promise<string> {
    const config = await owner.pushBlob(repository, '{}')
    const layer = await owner.pushBlob(repository, 'chart')
    const manifest = {
      schemaVersion: 2,
      mediaType: ociImage,
      config: { mediaType: helmConfig, digest: config, size: 2 },
      layers: [
        {
          mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
          digest: layer,
          size: 5,
        },
      ],
    }
    const bytes = Buffer.from(JSON.stringify(manifest))
    const answer = await owner.putManifest(repository, version, bytes, ociImage)
    assert.equal(answer.status, 201, answer.text)
    return digestOf('sha256', bytes)
  }

  it('know charts from images', async () => {
    const { make } = await space('charts')
    await make('charts', [receiver.url], { EventTypes: ['chartPush', 'chartPull', 'chartDelete'] })
    await owner.pushImage('charts/image', 'v1', 'image')
    const digest = await pushChart('charts/chart', '1.0.0')
    await owner.call('GET', '/v2/charts/chart/manifests/1.0.0')
    await settle(app)
    await owner.call('DELETE', `/v2/charts/chart/manifests/${digest}`)
    await settle(app)
    assert.deepEqual(
      receiver.received.map(({ body }) => [
        body.type,
        body.event_data.resources[0].tag,
        body.event_data.resources[0].digest,
      ]),
      [
        ['chartPush', '1.0.0', digest],
        ['chartPull', '1.0.0', digest],
        ['chartDelete', '1.0.0', digest],
      ],
    )
  })

  it('number events without gaps, and send those of a repository in order', async () => {
    const { make, log } = await space('order')
    const { Id } = await make('all', [`${receiver.url}/1`, `${receiver.url}/2`], {
      Condition: '^(?:a|b):',
    })
    for (let n = 0; n < 6; n += 1) {
      for (const name of ['a', 'b', 'c']) await owner.pushImage(`order/${name}`, `v${n}`, `${n}`)
    }
    await settle(app)
    for (const path of ['/1', '/2']) {
      const own = receiver.received.filter((one) => one.path === path)
      const sequences = own.map(({ headers }) => Number(headers['x-entrepot-sequence']))
      assert.deepEqual(
        sequences.toSorted((a, b) => a - b),
        Array.from({ length: 12 }, (_, n) => n + 1),
      )
      for (const name of ['a', 'b']) {
        const tags = own
          .filter(({ body }) => body.event_data.repository.name === name)
          .map(({ body }) => body.event_data.resources[0].tag)
        assert.deepEqual(tags, ['v0', 'v1', 'v2', 'v3', 'v4', 'v5'])
      }
    }
    const ids = new Set(receiver.received.map(({ headers }) => headers['x-entrepot-event-id']))
    assert.equal(ids.size, 12)
    assert.equal((await log(Id)).length, 24)
  })

  it('name service accounts, anonymous clients, and what the registry does by itself', async () => {
    const { make } = await space('operators', true)
    const EventTypes = ['pushImage', 'pullImage', 'deleteImage']
    await make('all', [receiver.url], { EventTypes })
    const made = await app.api('CreateServiceAccount', {
      RegistryId: app.instance.id,
      Name: 'ci',
      Permissions: [
        { Resource: 'operators', Actions: ['tcr:PushRepository', 'tcr:PullRepository'] },
      ],
      Duration: 10,
    })
    assert.equal(made.Error, undefined)
    await owner.pushImage('operators/a', 'v0', 'operators')
    await settle(app)
    receiver.received.length = 0
    const robot = new TestClient(app.url, basic(made.Name, made.Password))
    const { digest } = await robot.pushImage('operators/a', 'v1', 'operators robot')
    const token = await new TestClient(app.url).bearer('repository:operators/a:pull')
    const pulled = await new TestClient(app.url, token).call('GET', '/v2/operators/a/manifests/v1')
    assert.equal(pulled.status, 200, pulled.text)
    await settle(app)
    const { id: repositoryId } = await app.app.db.read
      .selectFrom('repositories')
      .select('id')
      .where('path', '=', 'operators/a')
      .executeTakeFirstOrThrow()
    await app.app.db.write((tx) =>
      record(tx, {
        type: 'tag.deleted',
        at: app.clock.now(),
        instanceId: app.instance.id,
        region: app.instance.region,
        repository: { id: repositoryId, path: 'operators/a' },
        origin: systemOrigin('retention'),
        cause: 'retention',
        payload: { tag: 'v1', digest },
      }),
    )
    await settle(app)
    assert.deepEqual(
      receiver.received.map(({ body }) => [body.type, body.operator]),
      [
        ['pushImage', 'tcr$ci'],
        ['pullImage', 'anonymous'],
        ['deleteImage', 'system:retention'],
      ],
    )
  })

  it('are CloudEvents where asked for', async () => {
    const { make, own } = await space('cloud')
    const { Id } = await make('all', [receiver.url])
    await own('ModifyWebhookTriggerOptions', { Id, BodyFormat: 'cloudevents' })
    const { digest } = await owner.pushImage('cloud/a', 'v1', 'cloud')
    await settle(app)
    const [got] = receiver.received
    assert(got)
    assert.equal(got.headers['content-type'], 'application/cloudevents+json')
    const { id, data, ...event } = got.body
    assert.deepEqual(event, {
      specversion: '1.0',
      source: `/instances/${app.instance.id}/namespaces/cloud`,
      type: 'entrepot.image.pushed',
      subject: 'cloud/a:v1',
      time: new Date(app.clock.now()).toISOString(),
      sequence: '0000000000000001',
      datacontenttype: 'application/json',
    })
    assert.equal(id, got.headers['x-entrepot-event-id'])
    assert.equal(data.resources[0].digest, digest)
    assert.equal(data.operator, app.username)
  })
})
