// Policies that ask who made a resource, for docker and for the API.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, allow, outcomeOf, type TestPerson } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { basic, outcome, ownerOf, TestClient } from './test-client.ts'

const ownOnly = {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the policy's variable
  condition: { string_equal: { 'qcs:create_uin': '${uin}' } },
}
const sights = allow(['tcr:DescribeInstances', 'tcr:CreateInstanceToken'], '*')

onEachDatabase('policies that ask who made it', (_open, dialect) => {
  let app: TestApp
  let maker: TestPerson
  before(async () => {
    app = await testApp({ dialect })
    maker = await addPerson(app, 'maker', sights, { ...allow('tcr:*', '*'), ...ownOnly })
    await ownerOf(app).pushImage('demo/owners', 'v1')
  })
  after(() => app.close())

  async function docker({ key }: TestPerson): Promise<TestClient> {
    const input = { RegistryId: app.instance.id, TokenType: 'longterm' }
    const { Username, Token } = await app.api('CreateInstanceToken', input, { key })
    return new TestClient(app.url, basic(Username, Token))
  }

  it('let somebody make and keep repositories, and touch no others', async () => {
    const client = await docker(maker)
    await client.pushImage('demo/makers', 'v1')
    const status = async (method: string, path: string) =>
      outcome(await client.call(method, `/v2/${path}`))
    assert.equal(await status('GET', 'demo/makers/manifests/v1'), '200')
    assert.equal(await status('GET', 'demo/owners/manifests/v1'), '404 MANIFEST_UNKNOWN')
    assert.equal(await status('POST', 'demo/owners/blobs/uploads/'), '404 NAME_UNKNOWN')
    const token = await client.bearer('repository:demo/makers:pull,push')
    const bearer = client.as(token)
    const tags = await bearer.call('GET', '/v2/demo/makers/tags/list')
    assert.equal(outcome(tags), '200')
    const image = { RegistryId: app.instance.id, NamespaceName: 'demo', ImageVersion: 'v1' }
    const { key } = maker
    const deleted = async (RepositoryName: string) =>
      outcomeOf(app.api('DeleteImage', { ...image, RepositoryName }, { key }))
    assert.equal(await deleted('owners'), 'UnauthorizedOperation')
    assert.equal(await deleted('makers'), 'ok')
  })

  it('hold for namespaces, and for what a handler itself asks for', async () => {
    const { key } = maker
    const of = (NamespaceName: string) => ({ RegistryId: app.instance.id, NamespaceName })
    const made = { ...of('makers'), IsPublic: false }
    assert.equal(await outcomeOf(app.api('CreateNamespace', made, { key })), 'ok')
    const open = async (name: string) =>
      outcomeOf(app.api('ModifyNamespace', { ...of(name), IsPublic: true }, { key }))
    assert.equal(await open('makers'), 'ok')
    assert.equal(await open('demo'), 'UnauthorizedOperation')
    const Resource = (path: string) => `qcs::tcr::uin/:repository/${app.instance.id}/${path}`
    const tagged = await addPerson(app, 'tagger', { ...allow('tag:*', '*'), ...ownOnly })
    const ReplaceTags = [{ TagKey: 'a', TagValue: 'b' }]
    const put = { Resource: Resource('makers'), ReplaceTags }
    const tag = (person: TestPerson) =>
      outcomeOf(app.api('ModifyResourceTags', put, { product: 'tag', key: person.key }))
    assert.equal(await tag(tagged), 'UnauthorizedOperation')
    // The other end of a copy.
    const copy = {
      RegistryId: app.instance.id,
      SourceNamespace: 'demo',
      SourceRepo: 'owners',
      SourceReference: 'v1',
      DestinationNamespace: 'demo',
      DestinationRepo: 'copied',
      DestinationTag: 'v1',
      Override: false,
    }
    const copies = {
      ...allow('tcr:DuplicateImage', `qcs::tcr:::repository/${app.instance.id}/demo/owners`),
    }
    const copier = await addPerson(app, 'copier', copies, {
      ...allow('tcr:DuplicateImage', '*'),
      condition: { 'for_any_value:string_equal': { 'qcs:resource_tag': 'copies&welcome' } },
    })
    const duplicate = () => outcomeOf(app.api('DuplicateImage', copy, { key: copier.key }))
    assert.equal(await duplicate(), 'UnauthorizedOperation')
    const welcome = [{ TagKey: 'copies', TagValue: 'welcome' }]
    const input = { Resource: Resource('demo'), ReplaceTags: welcome }
    assert.equal(await outcomeOf(app.api('ModifyResourceTags', input, { product: 'tag' })), 'ok')
    assert.equal(await duplicate(), 'ok')
  })

  it('are simulated with what is known of the resource', async () => {
    const ask = async (path: string) => {
      const input = {
        TargetUin: maker.uin,
        Action: 'tcr:PullRepository',
        Resources: [`qcs::tcr::uin/:repository/${app.instance.id}/${path}`],
      }
      return (await app.api('SimulatePolicy', input, { product: 'entrepot' })).Allowed
    }
    assert.deepEqual([await ask('demo/makers'), await ask('demo/owners')], [true, false])
    const { Rights } = await app.api(
      'DescribeOwnRights',
      {
        Asked: ['makers', 'owners', '*'].map((name) => ({
          Action: 'tcr:PullRepository',
          Resource: `repository/${app.instance.id}/demo/${name}`,
        })),
      },
      { product: 'entrepot', key: maker.key },
    )
    assert.deepEqual(
      Rights.map(({ Allowed }: { Allowed: boolean }) => Allowed),
      [true, false, true],
    )
  })
})
