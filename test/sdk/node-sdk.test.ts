// The official Node SDK with only its endpoint changed: every action that has a handler, in each way the SDK signs.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Action, Product } from '@entrepot/contract/action.ts'
import { buildHandlers } from '@entrepot/server/actions.ts'
import { fakeClock } from '@entrepot/server/clock.ts'
import { smallestInput } from '@entrepot/server/cloud-api/test-inputs.ts'
import { onEachDatabase } from '@entrepot/server/db/test-database.ts'
import { mainKey, type TestApp, testApp } from '@entrepot/server/test-app.ts'
import { CommonClient } from 'tencentcloud-sdk-nodejs/tencentcloud/common/common_client.js'
import type { ClientConfig } from 'tencentcloud-sdk-nodejs/tencentcloud/common/interface.js'

type Profile = NonNullable<ClientConfig['profile']>
/** Its typed clients, by the version that the contract has. */
const clientPaths: Readonly<Record<Exclude<Product, 'entrepot'>, string>> = {
  tcr: 'tcr/v20190924/tcr_client.js',
  cam: 'cam/v20190116/cam_client.js',
  sts: 'sts/v20180813/sts_client.js',
  tag: 'tag/v20180813/tag_client.js',
  cloudaudit: 'cloudaudit/v20190319/cloudaudit_client.js',
  kms: 'kms/v20190118/kms_client.js',
  ssl: 'ssl/v20191205/ssl_client.js',
  vpc: 'vpc/v20170312/vpc_client.js',
}

type Call = (action: Action, input: object) => Promise<Readonly<Record<string, unknown>>>

/** What its errors carry; a broken envelope has no code. */
interface SdkError {
  readonly code?: string
  readonly requestId?: string
  readonly message: string
}

async function sdkCall(app: TestApp, profile: Profile = {}): Promise<Call> {
  const { host } = new URL(app.url)
  const config: ClientConfig = {
    credential: { secretId: mainKey.secretId, secretKey: mainKey.secretKey },
    region: 'ap-guangzhou',
    profile: {
      ...profile,
      httpProfile: { endpoint: host, protocol: 'http://', ...profile.httpProfile },
    },
  }
  const clients = new Map<string, Readonly<Record<string, (input: object) => Promise<object>>>>()
  return async (action, input) => {
    if (action.product === 'entrepot') {
      const common = new CommonClient(host, action.version, config)
      return common.request(action.name, input)
    }
    let client = clients.get(action.product)
    if (!client) {
      const path = `tencentcloud-sdk-nodejs/tencentcloud/services/${clientPaths[action.product]}`
      const { Client } = (await import(path)) as { Client: new (config: ClientConfig) => never }
      client = new Client(config) as NonNullable<typeof client>
      clients.set(action.product, client)
    }
    const method = client[action.name]
    assert.ok(method, `the SDK has no ${action.name}`)
    return (await method.call(client, input)) as Readonly<Record<string, unknown>>
  }
}

const handled = buildHandlers(fakeClock()).map((handler) => handler.action)

function find(name: string): Action {
  const action = handled.find((one) => one.name === name)
  assert.ok(action, name)
  return action
}

onEachDatabase('the official Node SDK', (_open, dialect) => {
  let app: TestApp
  let call: Call

  before(async () => {
    app = await testApp({ dialect, realTime: true })
    call = await sdkCall(app)
  })
  after(() => app.close())

  it('makes, lists, changes and deletes', async () => {
    const RegistryId = app.instance.id
    const NamespaceName = 'sdk-team'
    await call(find('CreateNamespace'), { RegistryId, NamespaceName, IsPublic: false })
    await call(find('ModifyNamespace'), { RegistryId, NamespaceName, IsPublic: true })
    const list = await call(find('DescribeNamespaces'), { RegistryId, NamespaceName })
    assert.equal(list.TotalCount, 1)
    const repository = { RegistryId, NamespaceName, RepositoryName: 'a/b' }
    await call(find('CreateRepository'), repository)
    const repositories = await call(find('DescribeRepositories'), { RegistryId, NamespaceName })
    assert.equal(repositories.TotalCount, 1)
    await call(find('DeleteRepository'), repository)
    await call(find('DeleteNamespace'), { RegistryId, NamespaceName })
    await assert.rejects(call(find('DeleteNamespace'), { RegistryId, NamespaceName }), {
      code: 'ResourceNotFound.TcrResourceNotFound',
    })
  })

  describe('drives', () => {
    for (const action of handled) {
      it(`${action.product} ${action.name}`, async () => {
        const input = smallestInput(action.input, { RegistryId: 'tcr-00000000' })
        try {
          const reply = await call(action, input)
          assert.match(String(reply.RequestId), /^[0-9a-f-]{36}$/)
          for (const name of Object.keys(action.output)) assert.ok(name in reply, `no ${name}`)
        } catch (error) {
          const { code = '', requestId, message } = error as SdkError
          assert.ok(code !== '' && !code.startsWith('InternalError'), `${code} ${message}`)
          assert.match(String(requestId), /^[0-9a-f-]{36}$/)
        }
      })
    }
  })

  const profiles: readonly (readonly [string, Profile])[] = [
    ['TC3 by GET', { httpProfile: { reqMethod: 'GET' } }],
    ['HmacSHA256 by POST', { signMethod: 'HmacSHA256' }],
    ['HmacSHA1 by POST', { signMethod: 'HmacSHA1' }],
    ['HmacSHA256 by GET', { signMethod: 'HmacSHA256', httpProfile: { reqMethod: 'GET' } }],
  ]
  for (const [name, profile] of profiles) {
    it(`signs by ${name}`, async () => {
      const signed = await sdkCall(app, profile)
      const RegistryId = app.instance.id
      const Filters = [{ Name: 'Tags', Values: ['a b:c&d', '中:文'] }]
      const list = await signed(find('DescribeNamespaces'), { RegistryId, Filters, All: true })
      assert.equal(list.TotalCount, 0)
      const wrong = signed(find('DescribeNamespaces'), { RegistryId, Limit: -1 })
      await assert.rejects(wrong, { code: 'InvalidParameterValue' })
    })
  }
})
