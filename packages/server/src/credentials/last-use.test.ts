import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, allow } from '../accounts/test-people.ts'
import type { ApiAnswer } from '../cloud-api/test-client.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { basic, ownerOf, TestClient } from '../registry/test-client.ts'
import { type TestApp, testApp } from '../test-app.ts'

const hourMs = 3_600_000

onEachDatabase('when credentials were last used', (_open, dialect) => {
  let app: TestApp

  before(async () => {
    app = await testApp({ dialect })
    await ownerOf(app).pushImage('demo/app', 'v1')
  })
  after(() => app.close())

  const written = async () => {
    await app.app.registry.audit.flush()
    await app.app.registry.authenticator.writeUses()
  }
  const instance = () => ({ RegistryId: app.instance.id })
  const uses = async (input: object = {}, key = {}) => {
    const options = { product: 'entrepot' as const, ...key }
    return app.api('DescribeCredentialUse', { ...instance(), ...input }, options)
  }

  async function use(username: string, password: string, path = '/v2/') {
    const answer = await new TestClient(app.url, basic(username, password)).call('GET', path)
    assert.equal(answer.status, 200)
  }

  it('is told to the hour, with the address', async () => {
    const made = await app.api('CreateInstanceToken', { ...instance(), TokenType: 'longterm' })
    const find = async () => {
      const { Credentials } = await uses({ Kind: 'LongTerm' })
      return Credentials.find((one: { CredentialId: string }) => one.CredentialId === made.TokenId)
    }
    const unused = {
      Kind: 'LongTerm',
      CredentialId: made.TokenId,
      MadeBy: 'User',
      Enabled: true,
      ExpireTime: null,
      LastUsedTime: null,
      LastUsedAddress: null,
      RecentPulls: 0,
    }
    assert.deepEqual(await find(), unused)
    const at = app.clock.now()
    await use(made.Username, made.Token)
    await written()
    const used = {
      ...unused,
      LastUsedTime: new Date(at).toISOString(),
      LastUsedAddress: '127.0.0.1',
    }
    assert.deepEqual(await find(), used)
    app.clock.advance(hourMs - 1000)
    await use(made.Username, made.Token)
    await written()
    assert.deepEqual(await find(), used)
    app.clock.advance(2000)
    await use(made.Username, made.Token)
    await written()
    assert.equal((await find()).LastUsedTime, new Date(app.clock.now()).toISOString())
  })

  it('is told of service accounts, by tokens too, to whoever may list them', async () => {
    const made = await app.api('CreateServiceAccount', {
      ...instance(),
      Name: 'used',
      Permissions: [{ Resource: 'demo', Actions: ['tcr:PullRepository'] }],
      Duration: 1,
    })
    const login = new TestClient(app.url, basic(made.Name, made.Password))
    const bearer = login.as(await login.bearer('repository:demo/app:pull'))
    await bearer.call('GET', '/v2/demo/app/manifests/v1')
    await written()
    const { Credentials, TotalCount } = await uses({ Kind: 'ServiceAccount' })
    assert.deepEqual(Credentials, [
      {
        Kind: 'ServiceAccount',
        CredentialId: 'tcr$used',
        MadeBy: 'User',
        Enabled: true,
        ExpireTime: new Date(made.ExpiresAt).toISOString(),
        LastUsedTime: new Date(app.clock.now()).toISOString(),
        LastUsedAddress: '127.0.0.1',
        RecentPulls: 1,
      },
    ])
    assert.equal(TotalCount, 1)
    const puller = await addPerson(
      app,
      'puller',
      allow('tcr:PullRepository', `qcs::tcr:::repository/${app.instance.id}/*`),
    )
    const theirs = await uses({}, puller)
    assert.deepEqual([theirs.Credentials, theirs.TotalCount], [[], 0])
    const refused = await uses({ Kind: 'ServiceAccount' }, puller)
    assert.equal(refused.Error?.Code, 'UnauthorizedOperation')
  })

  it('is told with the pulls of seven days, each of its own', async () => {
    const make = () => app.api('CreateInstanceToken', { ...instance(), TokenType: 'longterm' })
    const [first, second] = [await make(), await make()]
    const pull = (made: ApiAnswer) => use(made.Username, made.Token, '/v2/demo/app/manifests/v1')
    for (const made of [first, first, second]) await pull(made)
    await written()
    const pulls = async () => {
      const { Credentials } = await uses({ Kind: 'LongTerm' })
      const of = (id: string) =>
        Credentials.find((one: { CredentialId: string }) => one.CredentialId === id).RecentPulls
      return [of(first.TokenId), of(second.TokenId)]
    }
    assert.deepEqual(await pulls(), [2, 1])
    app.clock.advance(7 * 24 * hourMs + 1000)
    await pull(second)
    await written()
    assert.deepEqual(await pulls(), [0, 1])
  })

  it('is paged over both kinds', async () => {
    const all = await uses()
    assert.equal(all.Credentials.length, all.TotalCount)
    const kinds = all.Credentials.map((one: { Kind: string }) => one.Kind)
    assert.deepEqual(kinds, [...kinds].sort())
    const pages = []
    for (let Offset = 0; Offset < all.TotalCount; Offset += 2) {
      pages.push(...(await uses({ Offset, Limit: 2 })).Credentials)
    }
    assert.deepEqual(pages, all.Credentials)
  })
})
