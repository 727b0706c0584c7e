import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeImage } from '../images/image.ts'
import { writeLayout } from '../images/layout.ts'
import { type Daemon, run, startDaemon } from './command.ts'
import { onEachTarget, type Target } from './target.ts'

onEachTarget('containerd (ctr)', ['containerd', 'ctr'], (target) => {
  const images = ['amd64', 'arm64'].map((architecture) =>
    makeImage({ seed: 'containerd', architecture, layers: 4, layerBytes: 500_000 }),
  )
  const name = (tag: string) => `${target().host}/demo/containerd:${tag}`
  const path = (file: string) => join(target().scratch, file)
  const ctr = async (...args: string[]) =>
    (await run('ctr', ['--address', path('containerd.sock'), ...args])).stdout
  const access = () => {
    const { tls, username, password } = target()
    const trust = tls ? ['--hosts-dir', path('hosts')] : ['--plain-http']
    return [...trust, '--user', `${username}:${password}`]
  }
  let daemon: Daemon

  before(async () => {
    writeFileSync(
      path('containerd.toml'),
      'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n',
    )
    writeHosts(target(), path('hosts'))
    daemon = await startDaemon(
      'containerd',
      [
        ...['--config', path('containerd.toml'), '--address', path('containerd.sock')],
        ...['--root', path('root'), '--state', path('state')],
      ],
      { ready: /containerd successfully booted/ },
    )
    for (const [tag, platforms] of [
      ['v1', images.slice(0, 1)] as const,
      ['multi', images] as const,
    ]) {
      writeLayout(path(tag), tag, platforms)
      await run('tar', ['-cf', path(`${tag}.tar`), '-C', path(tag), '.'])
    }
  })

  after(() => daemon?.stop())

  test('pushes and pulls an image', async () => {
    const base = ['--base-name', name('v1').slice(0, -':v1'.length)]
    await ctr('images', 'import', ...base, path('v1.tar'))
    await ctr('images', 'push', ...access(), name('v1'))
    await removeAll()
    assert.equal(await ctr('images', 'ls', '-q'), '')
    await ctr('images', 'pull', ...access(), name('v1'))
    assert.match(await ctr('images', 'ls'), new RegExp(images[0]?.manifest.digest ?? 'none'))
    assert.match(await ctr('images', 'check', '-q'), /demo\/containerd:v1/)
  })

  test('pushes and pulls all platforms of an index', async () => {
    const base = ['--base-name', name('multi').slice(0, -':multi'.length)]
    await ctr('images', 'import', '--all-platforms', '--no-unpack', ...base, path('multi.tar'))
    await ctr('images', 'push', ...access(), name('multi'))
    await removeAll()
    await ctr('images', 'pull', '--all-platforms', ...access(), name('multi'))
    const kept = await ctr('content', 'ls', '-q')
    for (const { manifest, layers } of images) {
      for (const { digest } of [manifest, ...layers]) assert.match(kept, new RegExp(digest))
    }
  })

  test('pulls by digest', async () => {
    await removeAll()
    const reference = `${name('v1').slice(0, -':v1'.length)}@${images[0]?.manifest.digest}`
    await ctr('images', 'pull', ...access(), reference)
  })

  test('pushes on to another repository, mounting what is there', async () => {
    const other = `${target().host}/demo/containerd-other:v1`
    await ctr('images', 'pull', ...access(), name('v1'))
    await ctr('images', 'tag', name('v1'), other)
    await ctr('images', 'push', ...access(), other)
  })

  async function removeAll() {
    const names = (await ctr('images', 'ls', '-q')).split('\n').filter(Boolean)
    if (names.length > 0) await ctr('images', 'rm', '--sync', ...names)
    await ctr('content', 'prune', 'references')
  }
})

/** Without this ctr speaks plain HTTP to every address of 127.0.0.0/8. */
function writeHosts({ host, url, tls }: Target, folder: string): void {
  if (!tls) return
  mkdirSync(join(folder, host), { recursive: true })
  const lines = [`server = "${url}"`, `[host."${url}"]`, `ca = "${tls.ca}"`]
  writeFileSync(join(folder, host, 'hosts.toml'), lines.join('\n'))
}
