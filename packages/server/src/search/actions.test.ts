import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { addPerson, addStranger, allow } from '../accounts/test-people.ts'
import type { TestKey } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf } from '../registry/test-client.ts'
import { addInstance, addNamespace } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { parseSearch } from './search.ts'

describe('what a search may mean', () => {
  const hex = 'abcdef012345'
  const cases: [string, ReturnType<typeof parseSearch>][] = [
    [' api ', { part: 'api', digest: undefined, tag: undefined }],
    [
      'team/api:v1',
      { part: 'team/api:v1', digest: undefined, tag: { repository: 'team/api', prefix: 'v1' } },
    ],
    [':v1', { part: ':v1', digest: undefined, tag: undefined }],
    [`sha256:${hex}`, { part: `sha256:${hex}`, digest: `sha256:${hex}`, tag: undefined }],
    ['sha256:abc', { part: 'sha256:abc', digest: undefined, tag: undefined }],
    [hex, { part: hex, digest: `sha256:${hex}`, tag: undefined }],
  ]
  for (const [text, meaning] of cases) {
    it(JSON.stringify(text), () => assert.deepEqual(parseSearch(text), meaning))
  }
})

onEachDatabase('the search', (_open, dialect) => {
  let app: TestApp
  let digest: string

  before(async () => {
    app = await testApp({ dialect })
    const owner = ownerOf(app)
    await addInstance(app, 'api-tests')
    await addNamespace(app, 'api')
    await addNamespace(app, 'team')
    ;({ digest } = await owner.pushImage('team/rest-api', 'v1.0'))
    await owner.pushImage('team/api', 'v1.0', 'another')
    await owner.pushImage('team/api', 'v2.0', 'a third')
    await owner.pushImage('api/web', 'latest', 'a fourth')
  })
  after(() => app.close())

  const search = async (Query: string, more: object = {}, key?: TestKey) => {
    const input = { Query, ...more }
    const answer = await app.api('LookUpResources', input, {
      product: 'entrepot',
      ...(key && { key }),
    })
    assert.equal(answer.Error, undefined)
    return answer.Hits.map((hit: Record<string, string | null>) => {
      const name = hit.NamespaceName === null ? hit.RegistryName : hit.NamespaceName
      const repository = hit.RepositoryName === null ? '' : `/${hit.RepositoryName}`
      return `${hit.Kind} ${name}${repository}${hit.Tag === null ? '' : `:${hit.Tag}`}`
    })
  }

  it('finds whatever has a name, what begins so first', async () => {
    assert.deepEqual(await search('api'), [
      'Instance api-tests',
      'Namespace api',
      'Repository api/web',
      'Repository team/api',
      'Repository team/rest-api',
    ])
    assert.deepEqual(await search('API', { Kinds: ['Namespace'] }), ['Namespace api'])
    assert.deepEqual(await search('api', { Limit: 2 }), ['Instance api-tests', 'Namespace api'])
    assert.deepEqual(await search('100%'), [])
    assert.deepEqual(await search('   '), [])
  })

  it('finds tags by their beginning, and digests', async () => {
    assert.deepEqual(await search('team/api:v'), ['Tag team/api:v1.0', 'Tag team/api:v2.0'])
    assert.deepEqual(await search('rest-api:'), ['Tag team/rest-api:v1.0'])
    assert.deepEqual(await search(digest), ['Digest team/rest-api'])
    assert.deepEqual(await search(digest.slice(0, 20)), ['Digest team/rest-api'])
    assert.deepEqual(await search(digest.slice('sha256:'.length, 30)), ['Digest team/rest-api'])
  })

  it('finds nothing that the caller may not list', async () => {
    const resource = `qcs::tcr:::repository/${app.instance.id}/team/api/*`
    const person = await addPerson(app, 'of-api', allow('tcr:Describe*', resource))
    assert.deepEqual(await search('api', {}, person.key), ['Repository team/api'])
    assert.deepEqual(await search('api:v1', {}, person.key), ['Tag team/api:v1.0'])
    assert.deepEqual(await search(digest, {}, person.key), [])
    const stranger = await addStranger(app, 200_000_000_001)
    assert.deepEqual(await search('api', {}, stranger.key), [])
  })
})
