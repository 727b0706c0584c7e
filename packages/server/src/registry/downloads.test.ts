import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { onEachDatabase } from '../db/test-database.ts'
import { downloadLinkMs, makeDownloadUrl } from '../downloads/links.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { outcome, ownerOf, type PushedImage, type TestClient } from './test-client.ts'

onEachDatabase('links to download by', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient
  let anyone: TestClient
  let image: PushedImage

  before(async () => {
    app = await testApp({ dialect })
    owner = ownerOf(app)
    anyone = owner.as(undefined)
    image = await owner.pushImage('demo/tool', '1.0', 'the bytes of it')
  })
  after(() => app.close())

  const origin = {
    actor: '100000000001',
    credential: null,
    address: null,
    agent: null,
    requestId: null,
  }

  function linkTo(
    change: Partial<Parameters<typeof makeDownloadUrl>[1]> = {},
    instance = app.instance,
  ) {
    const client = { address: null, scheme: 'http' as const, host: new URL(app.url).host }
    const ground = { vault: app.app.vault, baseDomain: undefined }
    const url = makeDownloadUrl(
      { ground, instance, origin, client, nowMs: app.clock.now() },
      {
        path: 'demo/tool',
        manifest: image.digest,
        blob: image.layer,
        reference: '1.0',
        fileName: 'tool-1.0.tgz',
        ...change,
      },
    )
    return url.slice(app.url.length)
  }

  it('gives the file, named, whole and in parts, to whoever has it', async () => {
    const link = linkTo()
    const whole = await anyone.call('GET', link)
    assert.equal(whole.status, 200, whole.text)
    assert.equal(whole.text, 'the bytes of it')
    assert.equal(whole.headers['content-disposition'], 'attachment; filename="tool-1.0.tgz"')
    assert.match(whole.headers['cache-control'] ?? '', /no-store/)
    const part = await anyone.call('GET', link, { headers: { Range: 'bytes=4-8' } })
    assert.deepEqual([part.status, part.text], [206, 'bytes'])
    const head = await anyone.call('HEAD', link)
    assert.deepEqual([head.status, head.headers['content-length']], [200, '15'])
    assert.equal(outcome(await anyone.call('PUT', link)), '405 UNSUPPORTED')
  })

  it('gives no name to save as that a header could not hold', async () => {
    const answer = await anyone.call('GET', linkTo({ fileName: 'a"; b=\r\nc' }))
    assert.equal(answer.headers['content-disposition'], 'attachment')
  })

  it('is a pull of whoever asked for it', async () => {
    await app.app.registry.audit.flush()
    const before = await pulls()
    assert.equal((await anyone.call('GET', linkTo())).status, 200)
    await app.app.registry.audit.flush()
    const after = await pulls()
    assert.equal(after.count - before.count, 1)
    assert.equal(after.actor, origin.actor)
  })

  async function pulls() {
    const { read } = app.app.db
    const tag = await read
      .selectFrom('tags')
      .select('pull_count')
      .where('name', '=', '1.0')
      .executeTakeFirstOrThrow()
    const row = await read
      .selectFrom('audit')
      .select('actor')
      .where('action', '=', 'tcr:PullRepository')
      .orderBy('id', 'desc')
      .executeTakeFirst()
    return { count: tag.pull_count, actor: row?.actor }
  }

  it('ends after minutes, and is nothing where it was changed or belongs elsewhere', async () => {
    const link = linkTo()
    const other = linkTo({}, { ...app.instance, id: 'tcr-00000000' })
    assert.equal(outcome(await anyone.call('GET', other)), '403 DENIED')
    const changed = `${link.slice(0, -2)}${link.endsWith('AA') ? 'BB' : 'AA'}`
    assert.equal(outcome(await anyone.call('GET', changed)), '403 DENIED')
    assert.equal(outcome(await anyone.call('GET', '/service/download/')), '403 DENIED')
    await app.clock.advance(downloadLinkMs - 1)
    assert.equal((await anyone.call('HEAD', link)).status, 200)
    await app.clock.advance(1)
    assert.equal(outcome(await anyone.call('GET', link)), '403 DENIED')
  })

  it('ends with the manifest that names the file', async () => {
    const none = linkTo({ blob: image.digest })
    assert.equal(outcome(await anyone.call('GET', none)), '404 MANIFEST_UNKNOWN')
    const link = linkTo()
    assert.equal(
      (await owner.call('DELETE', `/v2/demo/tool/manifests/${image.digest}`)).status,
      202,
    )
    assert.equal(outcome(await anyone.call('GET', link)), '404 MANIFEST_UNKNOWN')
  })
})
