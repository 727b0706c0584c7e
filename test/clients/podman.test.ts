import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeImage, randomBytes } from '../images/image.ts'
import { writeLayout } from '../images/layout.ts'
import { run } from './command.ts'
import { onEachTarget } from './target.ts'

onEachTarget('podman', ['podman', 'buildah'], (target) => {
  const image = makeImage({ seed: 'podman', layers: 3, layerBytes: 400_000 })
  const repository = () => `${target().host}/demo/podman`
  const path = (name: string) => join(target().scratch, name)
  const trust = () => {
    const { tls } = target()
    return tls ? ['--cert-dir', tls.certFolder] : ['--tls-verify=false']
  }
  const access = () => ['--authfile', path('auth.json'), ...trust()]
  const environment = () => ({ CONTAINERS_STORAGE_CONF: path('storage.conf') })
  const podman = (...args: string[]) =>
    run('podman', ['--cgroup-manager', 'cgroupfs', ...args], {
      env: environment(),
      cwd: target().scratch,
    })
  const buildah = (...args: string[]) => run('buildah', args, { env: environment() })

  before(async () => {
    const { host, username, password } = target()
    writeFileSync(path('storage.conf'), storageSettings(path('storage')))
    writeLayout(path('layout'), 'v1', [image])
    await podman('login', host, '-u', username, '-p', password, ...access())
  })

  after(() => podman('system', 'reset', '--force'))

  test('pushes, removes and pulls an image', async () => {
    await podman('pull', 'oci:layout:v1')
    const { stdout } = await podman('images', '--quiet', '--no-trunc')
    const id = stdout.trim()
    assert.equal(id, image.config.digest)
    await podman('push', ...access(), id, `${repository()}:v1`)
    await podman('rmi', '--all', '--force')
    await podman('pull', ...access(), `${repository()}:v1`)
    const pulled = await podman('inspect', `${repository()}:v1`, '--format', '{{.Id}}')
    assert.equal(`sha256:${pulled.stdout.trim()}`, id)
  })

  test('pushes a manifest list', async () => {
    await podman('manifest', 'create', 'list')
    await podman('manifest', 'add', ...access(), 'list', `docker://${repository()}:v1`)
    await podman('manifest', 'push', '--all', ...access(), 'list', `docker://${repository()}:list`)
    await podman('manifest', 'rm', 'list')
    await podman('pull', ...access(), `${repository()}:list`)
  })

  test('pulls only the changed files of a zstd:chunked image', async () => {
    const tree = path('tree')
    mkdirSync(tree)
    for (let n = 0; n < 40; n++) {
      writeFileSync(join(tree, `file-${n}`), randomBytes(`chunked/${n}`, 50_000))
    }
    const push = async (tag: string) => {
      const container = (await buildah('from', 'scratch')).stdout.trim()
      await buildah('copy', container, tree, '/data')
      await buildah('commit', '--rm', container, tag)
      const format = ['--compression-format', 'zstd:chunked']
      await podman('push', ...format, ...access(), tag, `${repository()}:${tag}`)
      await podman('rmi', '--force', tag)
    }
    await push('chunked-1')
    writeFileSync(join(tree, 'file-7'), randomBytes('chunked/changed', 50_000))
    await push('chunked-2')
    await podman('pull', ...access(), `${repository()}:chunked-1`)
    const pulled = await podman(
      '--log-level',
      'debug',
      'pull',
      ...access(),
      `${repository()}:chunked-2`,
    )
    assert.match(pulled.stderr, /Retrieved partial blob/)
  })
})

/** Storage of its own, with the option that partial pulls need. */
function storageSettings(folder: string): string {
  return `[storage]
driver = "overlay"
graphroot = "${folder}/graph"
runroot = "${folder}/run"
[storage.options]
pull_options = {enable_partial_images = "true", use_hard_links = "false", ostree_repos = ""}
`
}
