// Policies that ask for cloud tags, for docker: on requests, in tokens, and at both ends of a mount.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, allow } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { basic, outcome, ownerOf, TestClient } from './test-client.ts'
import { addNamespace } from './test-seed.ts'

const when = (value: string) => ({
  condition: { 'for_any_value:string_equal': { 'qcs:resource_tag': [value] } },
})

onEachDatabase('policies that ask for tags', (_open, dialect) => {
  let app: TestApp

  before(async () => {
    app = await testApp({ dialect })
    const owner = ownerOf(app)
    for (const name of ['green', 'red']) {
      await addNamespace(app, name)
      await setTag(`repository/${app.instance.id}/${name}`, 'colour', name)
      await owner.pushImage(`${name}/app`, 'v1', name)
    }
  })
  after(() => app.close())

  async function setTag(path: string, TagKey: string, TagValue: string): Promise<void> {
    const input = { Resource: `qcs::tcr::uin/:${path}`, ReplaceTags: [{ TagKey, TagValue }] }
    const answer = await app.api('ModifyResourceTags', input, { product: 'tag' })
    assert.equal(answer.Error, undefined)
  }

  async function logIn(name: string, ...statements: object[]): Promise<TestClient> {
    const { key } = await addPerson(app, name, ...statements, allow('tcr:DescribeInstances', '*'))
    const input = { RegistryId: app.instance.id, TokenType: 'longterm' }
    const { Username, Token } = await app.api('CreateInstanceToken', input, { key })
    return new TestClient(app.url, basic(Username, Token))
  }

  const pull = async (client: TestClient, path: string) =>
    outcome(await client.call('GET', `/v2/${path}/manifests/v1`))

  it('allow what has the tag, and nothing else', async () => {
    const client = await logIn('green-only', { ...allow('tcr:*', '*'), ...when('colour&green') })
    assert.equal(await pull(client, 'green/app'), '200')
    assert.equal(await pull(client, 'red/app'), '404 MANIFEST_UNKNOWN')
    await client.pushImage('green/new', 'v1')
    const refused = await client.call('POST', '/v2/red/new/blobs/uploads/')
    assert.equal(outcome(refused), '404 NAME_UNKNOWN')
  })

  it('refuse what has the tag', async () => {
    const client = await logIn('not-red', allow('tcr:*', '*'), {
      effect: 'deny',
      action: 'tcr:PullRepository',
      resource: '*',
      ...when('colour&red'),
    })
    assert.equal(await pull(client, 'green/app'), '200')
    assert.equal(await pull(client, 'red/app'), '404 MANIFEST_UNKNOWN')
    const { layer } = await ownerOf(app).pushImage('red/source', 'v1', 'secret')
    const mount = (from: string) =>
      client.call('POST', `/v2/green/app/blobs/uploads/?mount=${layer}&from=${from}`)
    // Told as a blob that is not there: an upload begins.
    const begun = await mount('red/source')
    assert.equal(begun.status, 202)
    await client.call('DELETE', begun.headers.location ?? '')
  })

  it('let no list name or count what has the tag', async () => {
    const { key } = await addPerson(app, 'lister', allow('tcr:*', '*'), {
      effect: 'deny',
      action: 'tcr:Describe*',
      resource: `qcs::tcr:::repository/${app.instance.id}/*`,
      ...when('colour&red'),
    })
    const input = { RegistryId: app.instance.id }
    const list = await app.api('DescribeRepositories', input, { key })
    const listed = list.RepositoryList.map((one: { Name: string }) => one.Name)
    assert.deepEqual([list.TotalCount, listed], [2, ['green/app', 'green/new']])
    const namespaces = await app.api('DescribeNamespaces', input, { key })
    const names = namespaces.NamespaceList.map((one: { Name: string }) => one.Name)
    assert.deepEqual([namespaces.TotalCount, names], [2, ['demo', 'green']])
    const longterm = { ...input, TokenType: 'longterm' }
    const { Username, Token } = await app.api('CreateInstanceToken', longterm, { key })
    const client = new TestClient(app.url, basic(Username, Token))
    const catalog = await client.call('GET', '/v2/_catalog')
    assert.deepEqual(JSON.parse(catalog.text), { repositories: ['green/app', 'green/new'] })
  })

  it('bound what tokens are given for', async () => {
    const client = await logIn('by-token', {
      ...allow('tcr:PullRepository', '*'),
      ...when('colour&green'),
    })
    for (const [path, wanted] of [
      ['green/app', '200'],
      ['red/app', '404 MANIFEST_UNKNOWN'],
    ] as const) {
      const bearer = client.as(await client.bearer(`repository:${path}:pull`))
      assert.equal(await pull(bearer, path), wanted)
    }
  })

  it('hold for a change of tags at the next request', async () => {
    const client = await logIn('changing', {
      ...allow('tcr:PullRepository', '*'),
      ...when('level&open'),
    })
    const path = `repository/${app.instance.id}/green/app`
    assert.equal(await pull(client, 'green/app'), '404 MANIFEST_UNKNOWN')
    await setTag(path, 'level', 'open')
    assert.equal(await pull(client, 'green/app'), '200')
    await setTag(path, 'level', 'closed')
    assert.equal(await pull(client, 'green/app'), '404 MANIFEST_UNKNOWN')
  })
})
