// The command line against the program: what it prints, and with what code it ends.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { testEndpoint } from '@entrepot/client/test-endpoint.ts'
import { mainKey, type TestApp, testApp } from '@entrepot/server/test-app.ts'
import { type Ran, runWith, type TestTerminalOptions, temporaryHome } from './test-terminal.ts'

const key = { ENTREPOT_SECRET_ID: mainKey.secretId, ENTREPOT_SECRET_KEY: mainKey.secretKey }

describe('the command line', () => {
  let app: TestApp
  let home: ReturnType<typeof temporaryHome>
  let registry: string

  before(async () => {
    app = await testApp({ realTime: true })
    home = temporaryHome()
    registry = app.instance.id
  })
  after(async () => {
    home.remove()
    await app.close()
  })

  function at(options: TestTerminalOptions = {}): TestTerminalOptions {
    const env = { ...key, ENTREPOT_ENDPOINT: app.url, ...options.env }
    return { home: home.path, ...options, env }
  }
  const entrepot = (...argv: string[]) => runWith(at(), ...argv)
  const namespaces = (...more: string[]) =>
    entrepot('tcr', 'DescribeNamespaces', '--RegistryId', registry, ...more)

  async function create(name = '', ...more: string[]): Promise<Ran> {
    const ran = await entrepot(
      ...['tcr', 'create-namespace', '--registry-id', registry, '--namespace-name', name],
      ...['--no-is-public', ...more],
    )
    assert.deepEqual([ran.code, ran.err], [0, ''])
    return ran
  }

  it('prints JSON for programs', async () => {
    const made = await create(
      ...['json-ns', '--TagSpecification.ResourceType', 'namespace'],
      ...['--TagSpecification.Tags', '{"Key":"team","Value":"a"}'],
    )
    assert.match(JSON.parse(made.out).RequestId, /^[0-9a-f-]{36}$/)
    const { out } = await namespaces('--NamespaceName', 'json-ns')
    const reply = JSON.parse(out)
    assert.equal(reply.TotalCount, 1)
    assert.equal(reply.NamespaceList[0].Name, 'json-ns')
    const tags = [{ Key: 'team', Value: 'a' }]
    assert.deepEqual(reply.NamespaceList[0].TagSpecification.Tags, tags)
  })

  it('prints a table for people, and no colours where they are not wanted', async () => {
    await create('table-ns')
    const terminal = at({ isTerminal: true, columns: 60 })
    const words = ['tcr', 'DescribeNamespaces', '--RegistryId', registry, '--NamespaceName']
    const ran = await runWith(terminal, ...words, 'table-ns')
    assert.ok(ran.out.startsWith('\u001b[1mName '))
    assert.match(ran.out, /^table-ns +\d{4}-/m)
    assert.ok(ran.out.endsWith('\u001b[1mTotalCount\u001b[22m  1\n'))
    assert.match(ran.err, /^… .*--output json\n$/)
    const plain = await runWith(terminal, ...words, 'table-ns', '--no-color')
    assert.ok(!plain.out.includes('\u001b'))
    assert.ok(!plain.out.includes('RequestId'))
    const piped = await namespaces('--NamespaceName', 'table-ns', '--output', 'table')
    assert.ok(!piped.out.includes('\u001b'))
    assert.equal(piped.err, '')
  })

  it('selects by a query, as JSON and bare', async () => {
    await create('query-ns')
    const query = (...more: string[]) =>
      namespaces('--NamespaceName', 'query-ns', '--query', ...more)
    assert.equal((await query('NamespaceList[].Name')).out, '[\n  "query-ns"\n]\n')
    assert.equal((await query('NamespaceList[].Name', '--output', 'text')).out, 'query-ns\n')
    const rows = await query('NamespaceList[].[Name,Public]', '--output=text')
    assert.equal(rows.out, 'query-ns\tfalse\n')
    assert.equal((await query('Nothing')).out, 'null\n')
    const whole = await namespaces('--NamespaceName', 'query-ns', '--output', 'text')
    assert.match(whole.out, /^query-ns\t[^\n]*\n$/)
    const caller = await entrepot('sts', 'GetCallerIdentity', '--output', 'text')
    assert.match(caller.out, /^qcs::\S+(?:\t\w+)+\n$/)
    const table = await query('NamespaceList[].{N:Name}', '--output', 'table')
    assert.equal(table.out, 'N\nquery-ns\n')
  })

  it('reads a request as JSON: text, a file, standard input; flags go before it', async () => {
    const request = JSON.stringify({ RegistryId: registry, NamespaceName: 'json-in' })
    const path = join(home.path, 'request.json')
    writeFileSync(path, request)
    for (const [source, input] of [[request], [`file://${path}`], ['-', request]] as const) {
      const options = at(input === undefined ? {} : { input })
      const words = ['tcr', 'DescribeNamespaces', '--cli-input-json', source]
      const ran = await runWith(options, ...words, '--NamespaceName', 'none-such')
      assert.equal(JSON.parse(ran.out).TotalCount, 0, source)
    }
  })

  it('gets every page of a list', async () => {
    const names = Array.from({ length: 201 }, (_, i) => `all-${i}`)
    for (const name of names) {
      const input = { RegistryId: registry, NamespaceName: name, IsPublic: true }
      assert.equal((await app.api('CreateNamespace', input)).Error, undefined)
    }
    const { out } = await namespaces('--all', '--query', 'NamespaceList[].Name')
    const seen: string[] = JSON.parse(out)
    assert.ok(names.every((name) => seen.includes(name)))
    assert.equal(new Set(seen).size, seen.length)
  })

  it('has help in both languages', async () => {
    const english = await entrepot('tcr', 'CreateNamespace', '--help')
    const chinese = await runWith(at({ env: { LANG: 'zh_CN.UTF-8' } }), 'help', 'tcr')
    assert.match(english.out, /--NamespaceName, --namespace-name TEXT/)
    assert.match(chinese.out, /CreateNamespace +在实例中创建命名空间/)
    assert.equal((await entrepot()).out, (await entrepot('help')).out)
    for (const name of ['configure', 'login', 'wait', 'completion']) {
      assert.match((await entrepot(name, '--help')).out, new RegExp(`^entrepot ${name}`))
    }
  })

  const refusals: readonly [what: string, argv: () => string[], code: number, words: RegExp][] = [
    ['a command there is not', () => ['tcrr'], 2, /no command "tcrr"; did you mean tcr\?/],
    ['a command of the server', () => ['serve'], 2, /command of the server/],
    ['an action there is not', () => ['tcr', 'Creat'], 2, /tcr has no action Creat/],
    ['a field there is not', () => ['tcr', 'DescribeRegions', '--Regoin', 'a'], 2, /no --Regoin/],
    ['a required field left out', () => ['tcr', 'CheckInstance'], 2, /RegistryId: /],
    [
      'a value against the rules',
      () => ['tcr', 'DeleteNamespace', '--RegistryId', registry, '--NamespaceName', ''],
      2,
      /NamespaceName: must have/,
    ],
    ['an option without a value', () => ['tcr', 'CheckInstance', '--query'], 2, /--query needs/],
    ['an output there is not', () => ['help', '--output', 'yaml'], 2, /one of json, table, text/],
    ['a query that is none', () => ['tcr', 'DescribeRegions', '--query', 'a['], 2, /no JMESPath/],
    [
      'a query that does not fit',
      () => ['tcr', 'DescribeNamespaces', '--RegistryId', registry, '--query', 'abs(`"a"`)'],
      2,
      /no JMESPath/,
    ],
    ['JSON that is none', () => ['tcr', 'CheckInstance', '--cli-input-json', '['], 2, /no JSON/],
    [
      'JSON that is no object',
      () => ['tcr', 'CheckInstance', '--cli-input-json', '[]'],
      2,
      /an object/,
    ],
    [
      'a file there is not',
      () => ['tcr', 'CheckInstance', '--cli-input-json', 'file:///none'],
      2,
      /no file \/none/,
    ],
    ['all of what has no pages', () => ['tcr', 'DescribeRegions', '--all'], 2, /no pages/],
    [
      'a wait for nothing',
      () => ['tcr', 'DescribeRegions', '--wait'],
      2,
      /is over when it answers/,
    ],
    [
      'a profile there is not',
      () => ['tcr', 'DescribeRegions', '--profile', 'x'],
      3,
      /no profile x/,
    ],
    ['a wait for what is not', () => ['wait', 'instances', 'x'], 2, /did you mean instance\?/],
    [
      'what is not there',
      () => ['tcr', 'DeleteNamespace', '--RegistryId', registry, '--NamespaceName', 'none'],
      5,
      /ResourceNotFound.*RequestId [0-9a-f-]{36}/,
    ],
    [
      'what is there already',
      () => [
        'tcr',
        'CreateNamespace',
        '--RegistryId',
        registry,
        '--NamespaceName',
        'demo',
        '--IsPublic',
      ],
      6,
      /ErrorTcrResourceConflict/,
    ],
    [
      'a server that nobody runs',
      () => ['tcr', 'DescribeRegions', '--endpoint', 'http://127.0.0.1:9'],
      8,
      /can't be reached/,
    ],
    [
      'an address that is none',
      () => ['tcr', 'DescribeRegions', '--endpoint', 'http://a/b'],
      2,
      /no endpoint/,
    ],
  ]
  for (const [what, argv, code, words] of refusals) {
    it(`ends with ${code} for ${what}`, async () => {
      const ran = await entrepot(...argv())
      assert.match(ran.err, words)
      assert.deepEqual([ran.code, ran.out], [code, ''])
    })
  }

  it('explains the commands of the server too, where they are asked about', async () => {
    const ran = await entrepot('help', 'doctor')
    assert.equal(ran.code, 0)
    assert.match(ran.out, /^entrepot doctor/)
  })

  it('ends with 3 without a key, or with a wrong one', async () => {
    const words = ['tcr', 'DescribeNamespaces', '--RegistryId', registry]
    const none = { ENTREPOT_ENDPOINT: app.url }
    const without = await runWith({ home: home.path, env: none }, ...words)
    assert.equal(without.code, 3)
    assert.match(without.err, /entrepot configure/)
    const wrong = await runWith(at({ env: { ENTREPOT_SECRET_KEY: 'wrong' } }), ...words)
    assert.equal(wrong.code, 3)
    assert.match(wrong.err, /AuthFailure\.SignatureFailure/)
  })

  it('tells what is wrong in Chinese too', async () => {
    const local = await entrepot('tcr', 'CheckInstance', '--language', 'zh')
    assert.match(local.err, /RegistryId：缺少必填参数/)
    const remote = await entrepot(
      ...['tcr', 'DeleteNamespace', '--RegistryId', registry, '--NamespaceName', 'none'],
      ...['--language', 'zh'],
    )
    assert.match(remote.err, /[\u4e00-\u9fff]/)
  })
})

describe('what the server rarely answers', () => {
  const answer: Record<string, object> = {}
  let endpoint: Awaited<ReturnType<typeof testEndpoint>>
  before(async () => {
    endpoint = await testEndpoint(({ action }) => answer[action] ?? {})
  })
  after(() => endpoint.close())

  const entrepot = (...argv: string[]) =>
    runWith({ env: { ...key, ENTREPOT_ENDPOINT: endpoint.url } }, ...argv)
  const fails = (Code: string) => ({ Error: { Code, Message: 'words' } })

  it('can not move the cursor', async () => {
    const text = 'a\u009b2Jb\u001b[2Jc\u202ed'
    answer.DescribeRegions = { Regions: [{ Alias: text }] }
    for (const format of ['json', 'table']) {
      const { out } = await entrepot('tcr', 'DescribeRegions', '--output', format)
      assert.match(out, /a\\u009b2Jb\\u001b\[2Jc\\u202ed/)
    }
    const { out } = await entrepot('tcr', 'DescribeRegions')
    assert.equal(JSON.parse(out).Regions[0].Alias, text)
    answer.DescribeRegions = { Error: { Code: 'InternalError', Message: text } }
    assert.match((await entrepot('tcr', 'DescribeRegions')).err, /a\\u009b2J/)
  })

  const codes: readonly [code: string, exit: number][] = [
    ['UnauthorizedOperation', 4],
    ['AuthFailure.UnauthorizedOperation', 4],
    ['AuthFailure.TokenFailure', 3],
    ['InvalidParameter.ErrTooLarge', 2],
    ['LimitExceeded', 6],
    ['ServiceUnavailable', 7],
    ['UnsupportedOperation', 1],
    ['InternalError', 1],
  ]
  for (const [code, exit] of codes) {
    it(`ends with ${exit} for ${code}`, async () => {
      answer.DescribeRegions = fails(code)
      const ran = await entrepot('tcr', 'DescribeRegions')
      assert.deepEqual([ran.code, ran.err], [exit, `entrepot: ${code}: words (RequestId r-1)\n`])
    })
  }

  const running = {
    RegistryStatusSet: [{ RegistryId: 'tcr-1', Status: 'Running', Conditions: [] }],
  }

  it('is waited for: an instance that runs', async () => {
    answer.CreateInstance = { RegistryId: 'tcr-1' }
    answer.DescribeInstanceStatus = running
    const words = ['tcr', 'CreateInstance', '--RegistryName', 'abcde', '--RegistryType', 'basic']
    const ran = await entrepot(...words, '--wait')
    assert.equal(ran.code, 0)
    assert.equal(JSON.parse(ran.out).RegistryId, 'tcr-1')
    assert.equal(endpoint.calls.at(-1)?.action, 'DescribeInstanceStatus')
    assert.equal((await entrepot('wait', 'instance', 'tcr-1')).code, 0)
  })

  it('is waited for: a job that fails, an instance that never comes', async () => {
    answer.DescribeJob = { Job: { State: 'Failed', Reason: 'no room' }, Log: [] }
    const job = await entrepot('wait', 'job', 'j-1')
    assert.equal(job.code, 9)
    assert.match(job.err, /j-1: Failed: no room/)
    const never = await entrepot('wait', 'instance', 'tcr-1', 'gone', '--wait-timeout', '0.01')
    assert.equal(never.code, 9)
  })
})
