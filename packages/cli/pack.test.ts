// The packed command line as its users run it: each Node from 20 on that this machine has, its own process, pipes.

import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, it } from 'node:test'
import { testEndpoint } from '@entrepot/client/test-endpoint.ts'
import { actions } from '@entrepot/contract/catalog.ts'
import { mainKey, type TestApp, testApp } from '@entrepot/server/test-app.ts'
import { packCommandLine } from './pack.ts'

const places = ['/usr/bin/node', '/usr/local/bin/node', '/opt/node/bin/node'].filter(existsSync)
const minMajor = 20

function majorOf(node: string): number {
  return Number.parseInt(
    execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }),
    10,
  )
}

const nodes = [...new Set([process.execPath, ...places].map((path) => realpathSync(path)))].filter(
  (node) => majorOf(node) >= minMajor,
)

describe('the packed command line', () => {
  let folder: string
  let app: TestApp

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'entrepot-pack-'))
    packCommandLine(join(folder, 'dist'))
    app = await testApp({ realTime: true })
  })
  after(async () => {
    rmSync(folder, { recursive: true, force: true })
    await app.close()
  })

  function start(command: string, args: readonly string[], cwd = folder) {
    return spawn(command, args, {
      cwd,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        LANG: 'C',
        FORCE_COLOR: '1',
        ENTREPOT_ENDPOINT: app.url,
        ENTREPOT_SECRET_ID: mainKey.secretId,
        ENTREPOT_SECRET_KEY: mainKey.secretKey,
      },
    })
  }

  async function run(command: string, args: readonly string[], input = '', cwd?: string) {
    const child = start(command, args, cwd)
    const exited = once(child, 'close')
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
    const [code] = await exited
    return { code, out, err }
  }

  it('holds no types, no tests, and nothing of the server', () => {
    const files = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' })
    assert.ok(files.length > 80)
    const wrong = files.filter((file) => /\.ts$|test|(?:^|\/)server/.test(file))
    assert.deepEqual(wrong, [])
  })

  const npm = process.env.npm_execpath
  it('is one file for npx', { skip: !npm?.endsWith('.js') && 'not started by npm' }, async () => {
    const cwd = join(folder, 'npx')
    mkdirSync(cwd)
    const runNpm = (...args: string[]) => run(process.execPath, [npm ?? '', ...args], '', cwd)
    const packed = await runNpm('pack', join(folder, 'dist'))
    assert.equal(packed.code, 0, packed.err)
    const [file = ''] = readdirSync(cwd)
    const words = ['tcr', 'DescribeNamespaces', '--RegistryId', app.instance.id]
    const call = ['--', 'entrepot', ...words, '--query', 'TotalCount']
    const ran = await runNpm('exec', '--offline', '--yes', '--package', join(cwd, file), ...call)
    assert.deepEqual([ran.code, ran.out], [0, '1\n'], ran.err)
  })

  for (const node of nodes) {
    describe(`on ${node}`, () => {
      const bin = (name: string) => join(folder, 'dist/bin', `${name}.js`)
      const entrepot = (...args: string[]) => run(node, [bin('entrepot'), ...args])

      it('calls the server, without colours in a pipe', async () => {
        const words = ['tcr', 'DescribeNamespaces', '--RegistryId', app.instance.id]
        const json = await entrepot(...words)
        assert.deepEqual([json.code, json.err], [0, ''])
        assert.equal(JSON.parse(json.out).NamespaceList[0].Name, 'demo')
        const table = await entrepot(...words, '--output', 'table')
        assert.match(table.out, /^Name /)
        assert.ok(!table.out.includes('\u001b'))
      })

      it('explains every action', async () => {
        for (const product of new Set(actions.map((action) => action.product))) {
          const { code, out } = await entrepot('help', product)
          assert.equal(code, 0)
          for (const action of actions) {
            if (action.product === product) assert.ok(out.includes(` ${action.name} `))
          }
        }
      })

      it('ends with a code, and reads a request from a pipe', async () => {
        const wrong = await entrepot('tcr', 'CheckInstance')
        assert.deepEqual([wrong.code, wrong.out], [2, ''])
        const words = [
          'tcr',
          'DescribeNamespaces',
          '--cli-input-json',
          '-',
          '--query',
          'TotalCount',
        ]
        const request = JSON.stringify({ RegistryId: app.instance.id })
        const piped = await run(node, [bin('entrepot'), ...words], request)
        assert.deepEqual(piped, { code: 0, out: '1\n', err: '' })
      })

      it('says nothing when nobody reads on', async () => {
        const child = start(node, [bin('entrepot'), 'help', 'tcr'])
        child.stdout.destroy()
        const [err] = await Promise.all([text(child.stderr), once(child, 'close')])
        assert.equal(err, '')
        assert.equal(child.exitCode, 0)
      })

      it('ends with 130 at Ctrl-C', async () => {
        const called = Promise.withResolvers<void>()
        const endpoint = await testEndpoint(() => {
          called.resolve()
          return 'hang'
        })
        const words = ['wait', 'job', 'j-1', '--endpoint', endpoint.url]
        const child = start(node, [bin('entrepot'), ...words])
        const exited = once(child, 'close')
        await called.promise
        child.kill('SIGINT')
        assert.deepEqual(await exited, [130, null])
        await endpoint.close()
      })

      it("is Docker's credential helper", async () => {
        const helper = (verb: string, input: string) =>
          run(node, [bin('docker-credential-entrepot'), verb], input)
        const login = { ServerURL: 'a.example', Username: 'u', Secret: 's' }
        assert.equal((await helper('store', JSON.stringify(login))).code, 0)
        assert.deepEqual(JSON.parse((await helper('get', 'a.example')).out), login)
        const none = await helper('get', 'b.example')
        assert.equal(none.out, 'credentials not found in native keychain\n')
        assert.equal(none.code, 1)
      })
    })
  }
})
