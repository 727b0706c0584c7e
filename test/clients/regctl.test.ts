import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { digestOf, makeImage, randomBytes } from '../images/image.ts'
import { writeLayout } from '../images/layout.ts'
import { run, runRefused } from './command.ts'
import { onEachTarget } from './target.ts'

onEachTarget('regctl', ['regctl'], (target) => {
  const images = ['amd64', 'arm64'].map((architecture) =>
    makeImage({ seed: 'regctl', architecture, layers: 3, layerBytes: 300_000 }),
  )
  const repository = () => `${target().host}/demo/regctl`
  const path = (name: string) => join(target().scratch, name)
  const environment = () => ({ REGCTL_CONFIG: path('regctl.json'), HOME: target().scratch })
  const regctl = async (...args: string[]) =>
    (await run('regctl', args, { env: environment() })).stdout.trim()
  /** regclient asks the server how to upload; these settings make it take its rarer ways. */
  const uploadBy = (...settings: string[]) =>
    regctl('registry', 'set', target().host, '--skip-check', ...settings)
  const putBlob = (name: string) =>
    run('sh', ['-c', `regctl blob put ${repository()} < ${path(name)}`], { env: environment() })

  before(async () => {
    const { host, username, password, tls } = target()
    const trust = tls ? ['--cacert', readFileSync(tls.ca, 'utf8')] : ['--tls', 'disabled']
    await uploadBy(...trust)
    await run('regctl', ['registry', 'login', host, '-u', username, '--pass-stdin'], {
      env: environment(),
      input: password,
    })
    writeLayout(path('image'), 'v1', images.slice(0, 1))
    writeLayout(path('index'), 'v1', images)
    for (const name of ['whole', 'chunked']) writeFileSync(path(name), randomBytes(name, 700_000))
  })

  test('copies a layout in, with all platforms, and out again', async () => {
    const root = await regctl('manifest', 'head', `ocidir://${path('index')}:v1`)
    await regctl('image', 'copy', `ocidir://${path('index')}:v1`, `${repository()}:v1`)
    assert.equal(await regctl('image', 'digest', `${repository()}:v1`), root)
    await regctl('image', 'copy', `${repository()}:v1`, `ocidir://${path('out')}:v1`)
    assert.equal(await regctl('image', 'digest', `ocidir://${path('out')}:v1`), root)
  })

  test('copies to another repository by anonymous mount or by bytes', async () => {
    await regctl('image', 'copy', `${repository()}:v1`, `${repository()}/copy:v1`)
    await regctl(
      'image',
      'copy',
      '--force-recursive',
      `${repository()}:v1`,
      `${repository()}:again`,
    )
  })

  test('uploads a blob in one PUT', async () => {
    await uploadBy('--blob-max', '-1')
    const { stdout } = await putBlob('whole')
    const digest = digestOf(readFileSync(path('whole')))
    assert.match(stdout, new RegExp(digest))
    const head = await regctl('blob', 'head', repository(), digest)
    assert.match(head, /content-length: 700000/i)
  })

  test('uploads a blob in chunks with Content-Range', async () => {
    await uploadBy('--blob-max', '1', '--blob-chunk', '65536')
    const digest = digestOf(readFileSync(path('chunked')))
    assert.match((await putBlob('chunked')).stdout, new RegExp(digest))
    await run('sh', ['-c', `regctl blob get ${repository()} ${digest} > ${path('fetched')}`], {
      env: environment(),
    })
    assert.equal(digestOf(readFileSync(path('fetched'))), digest)
    await regctl('blob', 'delete', repository(), digest)
    await runRefused('regctl', ['blob', 'head', repository(), digest], { env: environment() })
  })

  test('attaches artifacts and lists them as referrers', async () => {
    for (const type of ['application/x.sbom', 'application/x.notes']) {
      const put = ['artifact', 'put', '--subject', `${repository()}:v1`, '--artifact-type', type]
      await run('regctl', put, { env: environment(), input: `{"type":"${type}"}` })
    }
    const all = JSON.parse(
      await regctl('artifact', 'list', `${repository()}:v1`, '--format', '{{jsonPretty .}}'),
    )
    assert.equal(all.descriptors.length, 2)
    const filter = ['--filter-artifact-type', 'application/x.sbom']
    const body = await regctl('artifact', 'get', '--subject', `${repository()}:v1`, ...filter)
    assert.equal(body, '{"type":"application/x.sbom"}')
  })

  test('copies an image with its referrers', async () => {
    const to = `${repository()}/with-referrers`
    await regctl('image', 'copy', '--referrers', `${repository()}:v1`, `${to}:v1`)
    const tree = await regctl('artifact', 'tree', `${to}:v1`)
    assert.match(tree, /application\/x\.sbom/)
  })

  test('lists repositories, and deletes one tag of two', async () => {
    const names = (await regctl('repo', 'ls', target().host)).split('\n')
    assert.ok(names.includes('demo/regctl/copy'), names.join())
    await regctl('tag', 'delete', `${repository()}:again`)
    const tags = (await regctl('tag', 'ls', repository())).split('\n')
    assert.ok(tags.includes('v1') && !tags.includes('again'), tags.join())
    await regctl('manifest', 'head', `${repository()}:v1`)
  })

  test('deletes a manifest with its tags', async () => {
    const digest = await regctl('image', 'digest', `${repository()}/copy:v1`)
    await regctl('manifest', 'delete', '--force-tag-dereference', `${repository()}/copy:v1`)
    const gone = ['manifest', 'head', `${repository()}/copy@${digest}`]
    await runRefused('regctl', gone, { env: environment() })
  })
})
