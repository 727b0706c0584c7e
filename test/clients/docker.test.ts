// Docker counts every name of 127.0.0.0/8 as insecure and would not check a certificate there. So over TLS
// its daemon lives in a mount namespace of its own, where a name means ::1 and the private authority stands
// in Docker's folder of trusted certificates; the machine itself is left as it was.
//
// The client is the one packaged with that daemon: since version 23 the client counts ::1 as insecure too,
// and its `manifest push` then speaks plain HTTP to a TLS port.

import assert from 'node:assert/strict'
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { systemClock } from '@entrepot/server/clock.ts'
import { openDatabase } from '@entrepot/server/db/open.ts'
import { silentLog } from '@entrepot/server/log.ts'
import { setQuota } from '@entrepot/server/quotas/quotas.ts'
import { makeImage, randomBytes } from '../images/image.ts'
import { writeLayout } from '../images/layout.ts'
import { endOfTarBytes, tar } from '../images/tar.ts'
import { type Daemon, run, runRefused, startDaemon } from './command.ts'
import { onEachTarget, type Target } from './target.ts'

const dockerClient = '/usr/bin/docker'
const programs = ['docker', 'dockerd', 'containerd', 'skopeo', 'unshare', 'nsenter']

onEachTarget('docker', programs, (target, scheme) => {
  const host = () => (scheme === 'http' ? target().host : namedHost(target()))
  const path = (file: string) => join(target().scratch, file)
  const repository = () => `${host()}/demo/docker`
  const insecure = scheme === 'http' ? ['--insecure'] : []
  let daemon: Daemon

  const environment = () => ({
    DOCKER_HOST: `unix://${path('docker.sock')}`,
    DOCKER_CONFIG: path('docker-config'),
    DOCKER_BUILDKIT: '0',
  })
  /** The client runs in the daemon's namespace: `docker manifest` speaks to the registry itself. */
  const inNamespace = (args: readonly string[]) => [
    ...['--mount', `--target=${daemon.child.pid}`, dockerClient],
    ...args,
  ]
  const docker = async (...args: string[]) =>
    (await run('nsenter', inNamespace(args), { env: environment() })).stdout.trim()

  before(async () => {
    daemon = await startDockerd(target(), host())
    const { username, password } = target()
    await run('nsenter', inNamespace(['login', '-u', username, '--password-stdin', host()]), {
      env: environment(),
      input: password,
    })
  })

  after(() => daemon?.stop())

  test('refuses a wrong password at login', async () => {
    const login = inNamespace(['login', '-u', target().username, '--password-stdin', host()])
    const env = { ...environment(), DOCKER_CONFIG: path('stranger') }
    const message = await runRefused('nsenter', login, { env, input: 'wrong' })
    assert.match(message, /unauthorized/i)
  })

  test('loads, pushes, removes and pulls an image', async () => {
    const image = makeImage({ seed: 'docker', layers: 4, layerBytes: 400_000 })
    writeLayout(path('layout'), 'v1', [image])
    const archive = `docker-archive:${path('image.tar')}:${repository()}:v1`
    await run('skopeo', ['copy', `oci:${path('layout')}:v1`, archive])
    await docker('load', '-i', path('image.tar'))
    await docker('push', `${repository()}:v1`)
    const id = await docker('image', 'inspect', '-f', '{{.Id}}', `${repository()}:v1`)
    await docker('rmi', `${repository()}:v1`)
    await docker('pull', `${repository()}:v1`)
    assert.equal(await docker('image', 'inspect', '-f', '{{.Id}}', `${repository()}:v1`), id)
  })

  test('builds on a pulled image and pushes all its tags', async () => {
    mkdirSync(path('context'))
    writeFileSync(path('context/data'), randomBytes('docker-build', 2_000_000))
    const recipe = `FROM ${repository()}:v1\nCOPY data /data\nLABEL built=yes\n`
    writeFileSync(path('context/Dockerfile'), recipe)
    const tags = ['built', 'latest'].flatMap((tag) => ['-t', `${repository()}/built:${tag}`])
    await docker('build', ...tags, path('context'))
    const pushed = await docker('push', '--all-tags', `${repository()}/built`)
    assert.match(pushed, /latest: digest: sha256:/)
    assert.match(pushed, /Mounted from demo\/docker|Layer already exists/)
  })

  test('pushes a manifest list and pulls one of its platforms', async () => {
    for (const architecture of ['amd64', 'arm64']) {
      const image = makeImage({ seed: 'docker-list', architecture, layerBytes: 100_000 })
      writeLayout(path(architecture), 'v1', [image])
      const archive = `docker-archive:${path(`${architecture}.tar`)}:${repository()}:${architecture}`
      await run('skopeo', ['copy', `oci:${path(architecture)}:v1`, archive])
      await docker('load', '-i', path(`${architecture}.tar`))
      await docker('push', `${repository()}:${architecture}`)
    }
    const children = ['amd64', 'arm64'].map((architecture) => `${repository()}:${architecture}`)
    await docker('manifest', 'create', ...insecure, `${repository()}:list`, ...children)
    await docker('manifest', 'push', ...insecure, `${repository()}:list`)
    await docker('pull', '--platform', 'linux/arm64', `${repository()}:list`)
    const name = `${repository()}:list`
    assert.equal(await docker('image', 'inspect', '-f', '{{.Architecture}}', name), 'arm64')
  })

  // Once is enough: what is slow is the client, which compresses the layer as it sends it.
  const isOwn = scheme === 'http' && !process.env.ENTREPOT_TEST_URL
  const refusesLarge = async () => {
    writeLargeTar(path('large.tar'))
    const name = `${host()}/demo/large:v1`
    await docker('import', path('large.tar'), name)
    rmSync(path('large.tar'))
    const data = target().data ?? ''
    await limitBytes(data, largeFileBytes * 4)
    try {
      const push = inNamespace(['push', name])
      const message = await runRefused('nsenter', push, { env: environment() })
      assert.match(message, /denied: .*quota/i)
    } finally {
      await limitBytes(data, null)
      await docker('rmi', name)
    }
  }
  if (isOwn) test('says why a layer of 1 GiB is refused while it is sent', refusesLarge)

  test('says why a push is refused', async () => {
    await docker('tag', `${repository()}:v1`, `${host()}/no-such-namespace/image:v1`)
    const push = inNamespace(['push', `${host()}/no-such-namespace/image:v1`])
    const message = await runRefused('nsenter', push, { env: environment() })
    assert.match(message, /denied|namespace/i)
  })
})

const largeBytes = 1024 ** 3 + 1
const largeFileBytes = 64 * 1024 ** 2

/** An image's file system with one layer's worth of bytes that don't compress, a file at a time. */
function writeLargeTar(path: string): void {
  const fd = openSync(path, 'w')
  for (let written = 0; written < largeBytes; written += largeFileBytes) {
    const name = `file-${written}`
    const bytes = randomBytes(name, largeFileBytes)
    writeSync(fd, tar([{ name, bytes }]).subarray(0, -endOfTarBytes))
  }
  writeSync(fd, Buffer.alloc(endOfTarBytes))
  closeSync(fd)
}

async function limitBytes(data: string, bytes: number | null): Promise<void> {
  const options = {
    sqlitePath: join(data, 'entrepot.sqlite'),
    log: silentLog,
    clock: systemClock(),
  }
  const db = await openDatabase(options)
  try {
    const { id } = await db.read
      .selectFrom('instances')
      .select('id')
      .where('is_default', '=', 1)
      .executeTakeFirstOrThrow()
    await db.write((tx) => setQuota(tx, id, 'bytes', bytes))
  } finally {
    await db.close()
  }
}

function namedHost(target: Target): string {
  return `entrepot.test:${new URL(target.url).port}`
}

async function startDockerd(target: Target, host: string): Promise<Daemon> {
  const path = (file: string) => join(target.scratch, file)
  mkdirSync(path(`docker-etc/certs.d/${host}`), { recursive: true })
  writeFileSync(path('hosts'), '127.0.0.1 localhost\n::1 entrepot.test\n')
  if (target.tls) copyFileSync(target.tls.ca, path(`docker-etc/certs.d/${host}/ca.crt`))
  if (!existsSync('/etc/docker')) mkdirSync('/etc/docker')
  const dockerd = [
    ...['dockerd', '--data-root', path('docker'), '--exec-root', path('docker-run')],
    ...['-H', `unix://${path('docker.sock')}`, '--pidfile', path('docker.pid')],
    ...['--iptables=false', '--bridge=none'],
  ]
  const mounts = `mount --bind ${path('hosts')} /etc/hosts
    mount --bind ${path('docker-etc')} /etc/docker
    exec "$@"`
  return startDaemon('unshare', ['--mount', 'sh', '-ec', mounts, 'sh', ...dockerd], {
    ready: /API listen on/,
  })
}
