import assert from 'node:assert/strict'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { makeImage } from '../images/image.ts'
import { writeLayout } from '../images/layout.ts'
import { run, runRefused } from './command.ts'
import { onEachTarget } from './target.ts'

onEachTarget('skopeo', ['skopeo'], (target) => {
  const images = ['amd64', 'arm64'].map((architecture) =>
    makeImage({ seed: 'skopeo', architecture, layers: 3, layerBytes: 200_000 }),
  )
  const repository = () => `docker://${target().host}/demo/skopeo`
  const path = (name: string) => join(target().scratch, name)
  const layout = (name: string) => `oci:${path(name)}`
  const trust = (side: '' | 'src-' | 'dest-' = '') => {
    const { tls } = target()
    return tls ? [`--${side}cert-dir`, tls.certFolder] : [`--${side}tls-verify=false`]
  }
  const skopeo = async (...args: string[]) =>
    (await run('skopeo', [...args, '--authfile', path('auth.json')])).stdout.trim()

  before(async () => {
    const { host, username, password } = target()
    await skopeo('login', host, '-u', username, '-p', password, ...trust())
    writeLayout(path('image'), 'v1', images.slice(0, 1))
    writeLayout(path('index'), 'v1', images)
  })

  test('refuses a wrong password at login', async () => {
    const { host, username } = target()
    const file = ['--authfile', path('stranger.json')]
    await runRefused('skopeo', ['login', host, '-u', username, '-p', 'no', ...trust(), ...file])
  })

  test('copies an image in and out, byte for byte', async () => {
    await skopeo('copy', `${layout('image')}:v1`, `${repository()}:v1`, ...trust('dest-'))
    await skopeo('copy', `${repository()}:v1`, `${layout('pulled')}:v1`, ...trust('src-'))
    const raw = await skopeo('inspect', '--raw', `${repository()}:v1`, ...trust())
    assert.equal(raw, images[0]?.manifest.bytes.toString())
    for (const layer of images[0]?.layers ?? []) {
      assert.ok(existsSync(join(path('pulled'), 'blobs', ...layer.digest.split(':'))))
    }
  })

  test('copies all platforms of an index', async () => {
    const source = `${layout('index')}:v1`
    await skopeo('copy', '--all', source, `${repository()}:multi`, ...trust('dest-'))
    const inspected = await skopeo(
      ...['--override-arch', 'arm64', 'inspect', `${repository()}:multi`, ...trust()],
    )
    assert.equal(JSON.parse(inspected).Architecture, 'arm64')
  })

  test('converts to Docker schema 2 on the way', async () => {
    const options = ['--format', 'v2s2', ...trust('dest-')]
    await skopeo('copy', `${layout('image')}:v1`, `${repository()}:docker`, ...options)
    const raw = JSON.parse(await skopeo('inspect', '--raw', `${repository()}:docker`, ...trust()))
    assert.equal(raw.mediaType, 'application/vnd.docker.distribution.manifest.v2+json')
  })

  test('copies between repositories', async () => {
    const options = ['--all', ...trust('src-'), ...trust('dest-')]
    await skopeo('copy', `${repository()}:multi`, `${repository()}-copy:multi`, ...options)
  })

  test('lists tags', async () => {
    const listed = JSON.parse(await skopeo('list-tags', repository(), ...trust()))
    assert.deepEqual(listed.Tags, ['docker', 'multi', 'v1'])
  })

  test('syncs a repository to a folder and back', async () => {
    const { host, tls } = target()
    const source = {
      [host]: {
        'tls-verify': tls !== undefined,
        ...(tls && { 'cert-dir': tls.certFolder }),
        images: { 'demo/skopeo': ['v1', 'docker'] },
      },
    }
    writeFileSync(path('sync.yaml'), JSON.stringify(source))
    mkdirSync(path('synced'))
    await skopeo('sync', '--src', 'yaml', '--dest', 'dir', path('sync.yaml'), path('synced'))
    const [folder, to] = [path('synced'), `${host}/demo/synced`]
    await skopeo('sync', '--src', 'dir', '--dest', 'docker', folder, to, ...trust('dest-'))
    const listed = await skopeo('list-tags', `docker://${to}/skopeo`, ...trust())
    assert.deepEqual(JSON.parse(listed).Tags, ['docker', 'v1'])
  })

  test('deletes an image', async () => {
    await skopeo('delete', `${repository()}:docker`, ...trust())
    const listed = JSON.parse(await skopeo('list-tags', repository(), ...trust()))
    assert.deepEqual(listed.Tags, ['multi', 'v1'])
  })
})
