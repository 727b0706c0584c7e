import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { makeImage, makeIndex } from '../images/image.ts'
import { writeLayout } from '../images/layout.ts'
import { run, runRefused } from './command.ts'
import { onEachTarget } from './target.ts'

onEachTarget('crane', ['crane'], (target) => {
  const images = ['amd64', 'arm64'].map((architecture) =>
    makeImage({ seed: 'crane', architecture, layers: 3, layerBytes: 300_000 }),
  )
  const repository = () => `${target().host}/demo/crane`
  const crane = async (...args: string[]) => {
    const { scratch, tls } = target()
    const env = { DOCKER_CONFIG: join(scratch, 'docker'), SSL_CERT_FILE: tls?.ca }
    const plain = tls ? [] : ['--insecure']
    return (await run('crane', [...args, ...plain], { env })).stdout.trim()
  }
  const layout = (name: string) => join(target().scratch, name)

  before(async () => {
    const { host, username, password } = target()
    await crane('auth', 'login', host, '-u', username, '-p', password)
    writeLayout(layout('single'), 'v1', images.slice(0, 1))
    writeLayout(layout('multi'), 'v1', images)
  })

  test('refuses a wrong password', async () => {
    const { host, username, scratch, tls } = target()
    const env = { DOCKER_CONFIG: join(scratch, 'stranger'), SSL_CERT_FILE: tls?.ca }
    const message = await runRefused('crane', ['ls', `${host}/demo/crane`, '--insecure'], { env })
    assert.match(message, /UNAUTHORIZED|unauthorized/)
    await run('crane', ['auth', 'login', host, '-u', username, '-p', 'wrong'], { env })
    const again = await runRefused('crane', ['ls', `${host}/demo/crane`, '--insecure'], { env })
    assert.match(again, /UNAUTHORIZED|unauthorized|401/)
  })

  test('pushes and pulls an image, byte for byte', async () => {
    await crane('push', layout('single'), `${repository()}:v1`)
    assert.equal(await crane('digest', `${repository()}:v1`), images[0]?.manifest.digest)
    await crane('pull', `${repository()}:v1`, layout('pulled'), '--format', 'oci')
    assert.equal(
      await crane('manifest', `${repository()}:v1`),
      images[0]?.manifest.bytes.toString(),
    )
    await crane('validate', '--remote', `${repository()}:v1`)
  })

  test('makes an index of two platforms and pulls one', async () => {
    writeLayout(layout('arm64'), 'v1', images.slice(1))
    await crane('push', layout('arm64'), `${repository()}:arm64`)
    const children = [`${repository()}:v1`, `${repository()}:arm64`].flatMap((m) => ['-m', m])
    await crane('index', 'append', ...children, '-t', `${repository()}:multi`)
    const digest = await crane('digest', `${repository()}:multi`, '--platform', 'linux/arm64')
    assert.equal(digest, images[1]?.manifest.digest)
  })

  test('pushes an index that holds an index', async () => {
    await crane('push', layout('multi'), `${repository()}:nested`, '--index')
    const outer = JSON.parse(await crane('manifest', `${repository()}:nested`))
    assert.equal(outer.manifests[0].digest, makeIndex(images).digest)
  })

  test('copies to another repository, mounting the layers', async () => {
    await crane('copy', `${repository()}:multi`, `${repository()}-copy/nested:multi`)
    assert.equal(
      await crane('digest', `${repository()}-copy/nested:multi`),
      await crane('digest', `${repository()}:multi`),
    )
  })

  test('mutates an image in place', async () => {
    await crane('mutate', `${repository()}:v1`, '--label', 'x=y', '-t', `${repository()}:v2`)
    const config = JSON.parse(await crane('config', `${repository()}:v2`))
    assert.equal(config.config.Labels.x, 'y')
  })

  test('appends a layer of unknown length', async () => {
    const layer = join(
      layout('single'),
      'blobs',
      ...(images[0]?.layers[0]?.digest.split(':') ?? []),
    )
    await crane('append', '-b', `${repository()}:v1`, '-f', layer, '-t', `${repository()}:appended`)
    const manifest = JSON.parse(await crane('manifest', `${repository()}:appended`))
    assert.equal(manifest.layers.length, 4)
  })

  test('lists tags and the catalog', async () => {
    const tags = (await crane('ls', repository())).split('\n')
    assert.deepEqual(tags, ['appended', 'arm64', 'multi', 'nested', 'v1', 'v2'])
    const names = (await crane('catalog', target().host)).split('\n')
    assert.ok(names.includes('demo/crane'), names.join())
    assert.ok(names.includes('demo/crane-copy/nested'), names.join())
  })

  test('tags and deletes', async () => {
    await crane('tag', `${repository()}:v1`, 'gone')
    const digest = await crane('digest', `${repository()}:v2`)
    await crane('delete', `${repository()}@${digest}`)
    const tags = (await crane('ls', repository())).split('\n')
    assert.deepEqual(tags, ['appended', 'arm64', 'gone', 'multi', 'nested', 'v1'])
  })
})
