import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, allow } from '../accounts/test-people.ts'
import type { TestKey } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf, type TestClient } from '../registry/test-client.ts'
import { addNamespace } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'

onEachDatabase('what takes the space', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient

  before(async () => {
    app = await testApp({ dialect })
    owner = ownerOf(app)
    await addNamespace(app, 'large')
    await owner.pushImage('demo/small', 'v1', 'small')
    await owner.pushImage('large/app', 'v1', 'x'.repeat(5000))
    await owner.pushImage('large/copy', 'v1', 'x'.repeat(5000))
  })
  after(() => app.close())

  const space = (input: object = {}, key?: TestKey) =>
    app.api(
      'DescribeSpaceUsage',
      { RegistryId: app.instance.id, ...input },
      { product: 'entrepot', ...(key && { key }) },
    )
  const namesOf = (rows: readonly { readonly RepositoryName: string }[]) =>
    rows.map(({ RepositoryName }) => RepositoryName)

  it('shows namespaces and repositories, the largest first', async () => {
    const shown = await space()
    assert.equal(shown.Error, undefined)
    const [first, second] = shown.Namespaces
    assert.deepEqual([first.NamespaceName, second.NamespaceName], ['large', 'demo'])
    assert.deepEqual(namesOf(shown.Repositories), ['app', 'copy', 'small'])
    const [app, copy] = shown.Repositories
    // What two share is counted in each of them, and once in their namespace.
    assert.ok(app.StoredBytes > 5000 && copy.StoredBytes > 5000)
    assert.ok(first.StoredBytes < app.StoredBytes + copy.StoredBytes)
    assert.ok(shown.StoredBytes < first.StoredBytes + second.StoredBytes)
    assert.equal(shown.RepositoryCount, 3)
    const one = await space({ NamespaceName: 'large', Top: 1 })
    assert.deepEqual([namesOf(one.Repositories), one.RepositoryCount], [['app'], 2])
    assert.equal(one.StoredBytes, first.StoredBytes)
  })

  it('remembers sums for ten minutes', async () => {
    const before = await space()
    await owner.pushImage('large/app', 'v2', 'y'.repeat(9000))
    const soon = await space()
    assert.deepEqual(soon.Repositories, before.Repositories)
    app.clock.advance(600_001)
    const later = await space()
    assert.ok(later.Repositories[0].StoredBytes > before.Repositories[0].StoredBytes + 8000)
    assert.notEqual(later.CountTime, before.CountTime)
  })

  it('shows nobody what he may not list', async () => {
    const resource = `qcs::tcr:::repository/${app.instance.id}/demo/*`
    const person = await addPerson(app, 'of-demo', allow('tcr:Describe*', resource))
    const shown = await space({}, person.key)
    assert.deepEqual(
      [namesOf(shown.Repositories), shown.Namespaces.length, shown.RepositoryCount],
      [['small'], 1, 1],
    )
    assert.equal(shown.StoredBytes, shown.Namespaces[0].StoredBytes)
  })
})
