// `entrepot login docker` with the packed command line on the PATH: from then on Docker and others ask its helper, and
// no secret stands in Docker's file.

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { packCommandLine } from '../../packages/cli/pack.ts'
import { makeImage } from '../images/image.ts'
import { writeLayout } from '../images/layout.ts'
import { type Daemon, missingPrograms, run, runRefused, startDaemon } from './command.ts'
import { type RunningServer, startServer } from './server.ts'

const missing = missingPrograms(['docker', 'dockerd', 'crane'])
const skip = missing.length > 0 && `not on this machine: ${missing.join(', ')}`
const key = { id: 'AKIDdockerlogin01', secret: 'secret-of-docker-login-01' }

describe("Docker's login by the command line", { skip }, () => {
  let scratch: string
  let server: RunningServer
  let daemon: Daemon
  let environment: Record<string, string>
  const image = makeImage({ seed: 'docker-login', layers: 2, layerBytes: 50_000 })
  const path = (name: string) => join(scratch, name)
  const repository = () => `${server.host}/demo/by-helper`
  const call = async (command: string, ...args: string[]) =>
    (await run(command, args, { env: environment })).stdout.trim()

  before(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'entrepot-login-'))
    packCommandLine(path('packed'))
    mkdirSync(path('bin'))
    symlinkSync(process.execPath, path('bin/node'))
    for (const name of ['entrepot', 'docker-credential-entrepot']) {
      symlinkSync(path(`packed/bin/${name}.js`), path(`bin/${name}`))
    }
    server = await startServer({
      env: { ENTREPOT_ADMIN_SECRET_ID: key.id, ENTREPOT_ADMIN_SECRET_KEY: key.secret },
    })
    environment = {
      HOME: scratch,
      PATH: `${path('bin')}:${process.env.PATH}`,
      DOCKER_HOST: `unix://${path('docker.sock')}`,
      DOCKER_CONFIG: path('.docker'),
      LANG: 'C',
    }
    daemon = await startDaemon(
      'dockerd',
      [
        ...['--data-root', path('docker'), '--exec-root', path('docker-run')],
        ...['-H', `unix://${path('docker.sock')}`, '--pidfile', path('docker.pid')],
        ...['--iptables=false', '--bridge=none'],
      ],
      { ready: /API listen on/ },
    )
    await call('entrepot', 'configure', 'set', 'endpoint', server.url)
    await call('entrepot', 'configure', 'set', 'secret-id', key.id)
    await call('entrepot', 'configure', 'set', 'secret-key', key.secret)
    const words = ['tcr', 'DescribeInstanceAllNamespaces', '--output', 'text', '--query']
    const resource = await call('entrepot', ...words, 'Items[0].ResourceId')
    const [registryId = ''] = resource.split('/')
    await call('entrepot', 'login', 'docker', server.host, '--registry-id', registryId)
  })
  after(async () => {
    await daemon?.stop()
    await server?.stop()
    rmSync(scratch, { recursive: true, force: true })
  })

  test('crane pushes, docker pulls, and no secret is in its file', async () => {
    writeLayout(path('layout'), 'v1', [image])
    await call('crane', 'push', path('layout'), `${repository()}:v1`, '--insecure')
    await call('docker', 'pull', `${repository()}:v1`)
    await call('docker', 'tag', `${repository()}:v1`, `${repository()}:v2`)
    await call('docker', 'push', `${repository()}:v2`)
    const file = JSON.parse(readFileSync(path('.docker/config.json'), 'utf8'))
    assert.deepEqual(file, { credHelpers: { [server.host]: 'entrepot' } })
  })

  test('docker logs out, and in again with what a person gives', async () => {
    await call('docker', 'logout', server.host)
    const refused = await runRefused('docker', ['pull', `${repository()}:v1`], { env: environment })
    assert.match(refused, /denied|unauthorized|authentication required/i)
    const login = ['login', '-u', server.username, '--password-stdin', server.host]
    await run('docker', login, { env: environment, input: server.password })
    await call('docker', 'pull', `${repository()}:v2`)
    // Docker 28 stores the refresh token that it got, under a name of its own.
    const stored = JSON.parse(await call('docker-credential-entrepot', 'list'))
    assert.deepEqual(Object.keys(stored), [server.host])
  })

  test('once: docker logs in for an hour', async () => {
    const env = { ...environment, DOCKER_CONFIG: path('.docker-once') }
    const words = ['tcr', 'DescribeInstanceAllNamespaces', '--query', 'Items[0].ResourceId']
    const resource: string = JSON.parse(await call('entrepot', ...words))
    const login = ['login', 'docker', server.host, '--once', '--registry-id']
    await run('entrepot', [...login, resource.split('/')[0] ?? ''], { env })
    await run('docker', ['pull', `${repository()}:v1`], { env })
  })
})
