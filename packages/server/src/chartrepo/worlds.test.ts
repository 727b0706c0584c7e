// One chart in both worlds: what is uploaded as a file is pulled as an artifact, and the reverse.

import assert from 'node:assert/strict'
import { after, afterEach, before, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { digestOf } from '@entrepot/oci/digest.ts'
import { packChart, provenanceOf } from '../charts/test-charts.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { getUsage, setQuota } from '../quotas/quotas.ts'
import { listCountDifferences } from '../quotas/recount.ts'
import { outcome, ownerOf, type TestClient } from '../registry/test-client.ts'
import { addNamespace } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { indexWords, postForm, pushOci, readIndex, said } from './test-repo.ts'

onEachDatabase('charts in both worlds', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient
  let number = 0

  before(async () => {
    app = await testApp({ dialect })
    owner = ownerOf(app)
  })
  afterEach(async () => assert.deepEqual(await listCountDifferences(app.app.db.read), []))
  after(() => app.close())

  /** A namespace of its own; what was seen a second ago is looked at again. */
  const place = async () => {
    app.clock.advance(1500)
    const { name } = await addNamespace(app, `world${number++}`)
    return { name, charts: `/api/chartrepo/${name}/charts` }
  }
  const index = (namespace: string) => {
    app.clock.advance(1500)
    return indexWords(owner, namespace)
  }

  it('a file that is uploaded is an artifact of OCI', async () => {
    const { name, charts } = await place()
    const bytes = await packChart({ more: { appVersion: '2', description: 'A web server' } })
    assert.equal(said(await postForm(owner, charts, { chart: bytes })), '201')
    const manifest = await owner.call('GET', `/v2/${name}/web/manifests/1.0.0`)
    const { config, layers } = JSON.parse(manifest.text)
    assert.equal(config.mediaType, 'application/vnd.cncf.helm.config.v1+json')
    assert.equal(layers[0].digest, digestOf('sha256', bytes))
    const blob = await owner.call('GET', `/v2/${name}/web/blobs/${config.digest}`)
    assert.equal(JSON.parse(blob.text).description, 'A web server')
    const { web = [] } = await readIndex(owner, name)
    assert.equal(web[0]?.digest, digestOf('sha256', bytes).slice('sha256:'.length))
    assert.deepEqual(web[0]?.urls, ['charts/web-1.0.0.tgz'])
    const file = await owner.call('GET', `/chartrepo/${name}/charts/web-1.0.0.tgz`)
    assert.ok(file.bytes.equals(bytes))
    assert.equal(file.headers['x-content-type-options'], 'nosniff')
    assert.equal(file.headers['content-security-policy'], "default-src 'none'; sandbox")
  })

  it('an artifact of OCI is in the index, and its file can be had', async () => {
    const { name } = await place()
    const bytes = await packChart({ name: 'api', version: '2.0.0+build.1' })
    const metadata = { apiVersion: 'v2', name: 'api', version: '2.0.0+build.1' }
    const push = await pushOci(owner, `${name}/api`, '2.0.0_build.1', { metadata, bytes })
    assert.equal(outcome(push), '201')
    assert.equal(await index(name), 'api: 2.0.0+build.1')
    const file = await owner.call('GET', `/chartrepo/${name}/charts/api-2.0.0+build.1.tgz`)
    assert.ok(file.bytes.equals(bytes))
    const encoded = await owner.call('HEAD', `/chartrepo/${name}/charts/api-2.0.0%2Bbuild.1.tgz`)
    assert.equal(encoded.headers['content-length'], String(bytes.byteLength))
  })

  it('the same package again changes nothing, another of the version replaces it', async () => {
    const { name, charts } = await place()
    const bytes = await packChart()
    const metadata = { apiVersion: 'v2', name: 'web', version: '1.0.0' }
    await pushOci(owner, `${name}/web`, '1.0.0', { metadata, bytes })
    const digest = async () => (await owner.call('HEAD', `/v2/${name}/web/manifests/1.0.0`)).headers
    const before = (await digest())['docker-content-digest']
    assert.equal(said(await owner.call('POST', charts, { body: bytes })), '201')
    assert.equal((await digest())['docker-content-digest'], before)
    const other = await packChart({ files: { 'values.yaml': 'replicas: 2\n' } })
    assert.equal(said(await owner.call('POST', `${charts}?force`, { body: other })), '201')
    assert.notEqual((await digest())['docker-content-digest'], before)
    const file = await owner.call('GET', `/chartrepo/${name}/charts/web-1.0.0.tgz`)
    assert.ok(file.bytes.equals(other))
  })

  it('a rule keeps a version as it is', async () => {
    const { name, charts } = await place()
    await owner.call('POST', charts, { body: await packChart() })
    const Rule = {
      ...{ RepositoryPattern: '**', TagPattern: '**', RepositoryDecoration: 'repoMatches' },
      ...{ TagDecoration: 'matches', Disabled: false },
    }
    const made = await app.api('CreateImmutableTagRules', {
      RegistryId: app.instance.id,
      NamespaceName: name,
      Rule,
    })
    assert.equal(made.Error, undefined)
    const other = await packChart({ files: { 'values.yaml': 'replicas: 2\n' } })
    assert.match(said(await owner.call('POST', charts, { body: other })), /^403 .*immutab/)
    assert.match(said(await owner.call('DELETE', `${charts}/web/1.0.0`)), /^403 .*immutab/)
    assert.equal(said(await owner.call('POST', charts, { body: await packChart() })), '201')
  })

  it('a chart and an image never take each other’s tag', async () => {
    const { name, charts } = await place()
    await owner.pushImage(`${name}/web`, '1.0.0')
    const refused = await owner.call('POST', charts, { body: await packChart() })
    assert.match(said(refused), new RegExp(`^409 ${name}/web:1\\.0\\.0 is an image`))
    assert.equal(
      said(await owner.call('POST', charts, { body: await packChart({ version: '2.0.0' }) })),
      '201',
    )
    const image = await owner.pushImage(`${name}/web`, 'other')
    const over = await owner.putManifest(`${name}/web`, '2.0.0', image.bytes)
    assert.equal(outcome(over), '409 DENIED')
    assert.match(over.text, /is a Helm chart/)
    assert.equal(await index(name), 'web: 2.0.0')
  })

  it('the first manifest decides which quota counts a repository', async () => {
    const { name, charts } = await place()
    const used = async (metric: 'repositories' | 'chart-repositories') =>
      getUsage(app.app.db.read, app.instance.id, metric)
    const before = [await used('repositories'), await used('chart-repositories')] as const
    const more = async () => [
      (await used('repositories')) - before[0],
      (await used('chart-repositories')) - before[1],
    ]
    await owner.call('POST', charts, { body: await packChart() })
    await owner.pushImage(`${name}/app`, 'v1')
    assert.deepEqual(await more(), [1, 1])
    // Made by hand it counts as one of images, until it turns out to be one of charts.
    const made = { RegistryId: app.instance.id, NamespaceName: name, RepositoryName: 'late' }
    await app.api('CreateRepository', made)
    assert.deepEqual(await more(), [2, 1])
    await owner.call('POST', charts, { body: await packChart({ name: 'late' }) })
    assert.deepEqual(await more(), [1, 2])
    await app.app.db.write((tx) =>
      setQuota(tx, app.instance.id, 'chart-repositories', before[1] + 2),
    )
    const refused = await owner.call('POST', charts, { body: await packChart({ name: 'third' }) })
    assert.match(said(refused), /^403 quota exceeded: chart-repositories/)
    await app.app.db.write((tx) => setQuota(tx, app.instance.id, 'chart-repositories', null))
    await app.api('DeleteRepository', { ...made, ForceDelete: true })
    assert.deepEqual(await more(), [1, 1])
  })

  it('what goes is gone from the index', async () => {
    const { name, charts } = await place()
    for (const version of ['1.0.0', '1.10.0', '1.9.0', '2.0.0-rc.1']) {
      await owner.call('POST', charts, { body: await packChart({ version }) })
    }
    assert.equal(await index(name), 'web: 2.0.0-rc.1, 1.10.0, 1.9.0, 1.0.0')
    const gone = await owner.call('DELETE', `${charts}/web/1.9.0`)
    assert.deepEqual([gone.status, gone.text], [200, '{"deleted":true}'])
    assert.match(
      said(await owner.call('DELETE', `${charts}/web/1.9.0`)),
      /^404 there is no version/,
    )
    await owner.call('DELETE', `/v2/${name}/web/manifests/1.10.0`)
    assert.equal(await index(name), 'web: 2.0.0-rc.1, 1.0.0')
    assert.equal((await owner.call('GET', `/chartrepo/${name}/charts/web-1.9.0.tgz`)).status, 404)
  })

  it('the index is told apart by its ETag, and compressed where the client likes it', async () => {
    const { name, charts } = await place()
    await owner.call('POST', charts, { body: await packChart() })
    app.clock.advance(1500)
    const path = `/chartrepo/${name}/index.yaml`
    const plain = await owner.call('GET', path)
    const packed = await owner.call('GET', path, {
      headers: { 'Accept-Encoding': 'br, gzip;q=0.8' },
    })
    assert.equal(packed.headers['content-encoding'], 'gzip')
    assert.equal(String(gunzipSync(packed.bytes)), plain.text)
    const { etag = '' } = plain.headers
    const again = { headers: { 'If-None-Match': etag } }
    assert.equal((await owner.call('GET', path, again)).status, 304)
    await owner.call('POST', charts, { body: await packChart({ version: '1.1.0' }) })
    app.clock.advance(1500)
    assert.equal((await owner.call('GET', path, again)).status, 200)
    assert.equal((await owner.call('HEAD', path)).text, '')
  })

  it('provenance comes with the package or after it, and is checked', async () => {
    const { name, charts } = await place()
    const bytes = await packChart()
    const prov = provenanceOf(bytes)
    const wrong = provenanceOf(Buffer.from('other'))
    const refused = await postForm(owner, charts, { chart: bytes, prov: wrong })
    assert.match(said(refused), /^400 prov: names sha256:/)
    assert.equal(said(await postForm(owner, charts, { chart: bytes, prov })), '201')
    const file = `/chartrepo/${name}/charts/web-1.0.0.tgz.prov`
    assert.equal((await owner.call('GET', file)).text, prov)
    const later = await packChart({ files: { 'values.yaml': 'a: 1\n' } })
    await owner.call('POST', charts, { body: later })
    assert.equal((await owner.call('GET', file)).status, 404)
    const provs = `/api/chartrepo/${name}/prov`
    assert.match(said(await owner.call('POST', provs, { body: wrong })), /^400 prov: names/)
    assert.equal(said(await owner.call('POST', provs, { body: provenanceOf(later) })), '201')
    assert.equal((await owner.call('GET', file)).text, provenanceOf(later))
  })

  it('ChartMuseum’s lists tell what is there', async () => {
    const { charts } = await place()
    await owner.call('POST', charts, { body: await packChart({ version: '1.0.0+a' }) })
    await owner.call('POST', charts, { body: await packChart({ name: 'api' }) })
    app.clock.advance(1500)
    const get = async (path: string) => JSON.parse((await owner.call('GET', path)).text)
    assert.deepEqual(Object.keys(await get(charts)), ['api', 'web'])
    assert.equal((await get(`${charts}/web`))[0].version, '1.0.0+a')
    assert.equal((await get(`${charts}/web/1.0.0+a`)).name, 'web')
    assert.equal((await owner.call('HEAD', `${charts}/web/1.0.0+a`)).status, 200)
    assert.equal((await owner.call('HEAD', `${charts}/web/3.0.0`)).status, 404)
    assert.match(said(await owner.call('GET', `${charts}/none`)), /^404 there is no chart/)
  })

  it('what is no chart is refused, and leaves nothing', async () => {
    const { name, charts } = await place()
    const refusals: readonly (readonly [Buffer, RegExp])[] = [
      [Buffer.from('hello'), /^400 package: is not compressed/],
      [
        await packChart({ name: 'Web' }),
        /^400 name: no repository may be called Web: it has capitals/,
      ],
      [await packChart({ name: 'web-' }), /^400 name: no repository may be called web-/],
      [await packChart({ version: '1' }), /^400 version: must be SemVer/],
    ]
    for (const [body, words] of refusals) {
      assert.match(said(await owner.call('POST', charts, { body })), words)
    }
    assert.match(said(await owner.call('POST', charts)), /^400 chart: is missing/)
    const form = {
      headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
      body: 'nonsense',
    }
    assert.match(said(await owner.call('POST', charts, form)), /^400 the body is no multipart/)
    const large = { headers: { 'Content-Length': String(64 * 1024 * 1024) }, waits: true }
    const refused = await owner.call('POST', charts, { ...large, body: 'x' })
    assert.match(said(refused), /^413 a chart has at most/)
    assert.equal(refused.wasInvited, false)
    assert.equal(await index(name), '')
  })

  it('what OCI clients push and the index can’t name is left out of it', async () => {
    const { name } = await place()
    const bytes = await packChart()
    const push = (repository: string, tag: string, metadata: object) =>
      pushOci(owner, `${name}/${repository}`, tag, { metadata, bytes })
    const web = { apiVersion: 'v2', name: 'web', version: '1.0.0' }
    assert.equal(outcome(await push('other', '1.0.0', web)), '201')
    assert.equal(outcome(await push('web', 'latest', web)), '201')
    assert.equal(outcome(await push('web', '2.0.0', { nothing: true })), '201')
    assert.equal(outcome(await push('deep/web', '1.0.0', web)), '201')
    assert.equal(await index(name), '')
    const file = await owner.call('GET', `/chartrepo/${name}/charts/deep/web-1.0.0.tgz`)
    assert.ok(file.bytes.equals(bytes))
  })

  it('a copy of a chart shows as well', async () => {
    const { name, charts } = await place()
    const to = await place()
    await owner.call('POST', charts, { body: await packChart() })
    const copied = await app.api('DuplicateImage', {
      RegistryId: app.instance.id,
      ...{ SourceNamespace: name, SourceRepo: 'web', SourceReference: '1.0.0' },
      ...{ DestinationNamespace: to.name, DestinationRepo: 'web', DestinationTag: '1.0.0' },
    })
    assert.equal(copied.Error, undefined)
    assert.equal(await index(to.name), 'web: 1.0.0')
  })
})
