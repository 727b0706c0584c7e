// "It isn't" and "you may not know" are one answer: status, headers, body, and the statements it took.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { readOnly, readWrite } from '../access/actions.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { Faults, faultyDatabase } from '../faults/faults.ts'
import { updateInstanceSwitches } from '../instances/instances.ts'
import { type TestApp, testApp } from '../test-app.ts'
import {
  type Answer,
  errorOf,
  outcome,
  ownerOf,
  type PushedImage,
  type TestClient,
} from './test-client.ts'
import { addNamespace, addRobot } from './test-seed.ts'

onEachDatabase('hidden', (_open, dialect) => {
  const faults = new Faults()
  let app: TestApp
  let owner: TestClient
  let robot: TestClient
  let image: PushedImage

  before(async () => {
    app = await testApp({ dialect, wrap: (db) => faultyDatabase(db, faults) })
    owner = ownerOf(app)
    const open = await addNamespace(app, 'open', { isPublic: true })
    const team = await addNamespace(app, 'team')
    await addNamespace(app, 'secret')
    for (const path of ['open/app', 'team/app', 'team/deep/app', 'secret/app']) {
      image = await owner.pushImage(path, 'v1', 'one text for all')
    }
    const permissions = [
      [team, readWrite],
      [open, readOnly],
    ] as const
    robot = owner.as((await addRobot(app, 'ci', permissions)).authorization)
    // Known logins and hosts, so that only what is asked about is read.
    await robot.call('GET', '/v2/')
  })
  after(() => app.close())

  interface Seen {
    readonly status: number
    readonly headers: object
    readonly body: string
    readonly statements: readonly string[]
  }

  /** The answer without what differs between any two of them, and the statements behind it. */
  async function look(client: TestClient, method: string, path: string): Promise<Seen> {
    faults.arm({ call: Number.POSITIVE_INFINITY, when: 'before', how: 'fails' })
    const answer = await client.call(method, path)
    const statements = [...faults.calls]
    faults.disarm()
    const { date: _date, 'x-request-id': _id, ...headers } = answer.headers
    const name = path.split('/')[2] ?? ''
    const challenge = headers['www-authenticate']?.replaceAll(`${name}/`, 'X/')
    return {
      status: answer.status,
      headers: { ...headers, 'www-authenticate': challenge },
      body: answer.text.replaceAll(name, 'X'),
      statements,
    }
  }

  const places = (namespace: string): readonly (readonly [string, string])[] => [
    ['GET', `/v2/${namespace}/app/manifests/v1`],
    ['HEAD', `/v2/${namespace}/app/manifests/v1`],
    ['GET', `/v2/${namespace}/app/manifests/${image.digest}`],
    ['GET', `/v2/${namespace}/app/blobs/${image.layer}`],
    ['HEAD', `/v2/${namespace}/app/blobs/${image.layer}`],
    ['GET', `/v2/${namespace}/app/tags/list`],
    ['GET', `/v2/${namespace}/app/referrers/${image.digest}`],
    ['POST', `/v2/${namespace}/app/blobs/uploads/`],
    ['POST', `/v2/${namespace}/app/blobs/uploads/?mount=${image.layer}&from=team/app`],
    ['PATCH', `/v2/${namespace}/app/blobs/uploads/00000000000000000000`],
    ['PUT', `/v2/${namespace}/app/blobs/uploads/00000000000000000000?digest=${image.layer}`],
    ['GET', `/v2/${namespace}/app/blobs/uploads/00000000000000000000`],
    ['DELETE', `/v2/${namespace}/app/blobs/uploads/00000000000000000000`],
    ['PUT', `/v2/${namespace}/app/manifests/v2`],
    ['DELETE', `/v2/${namespace}/app/manifests/v1`],
    ['DELETE', `/v2/${namespace}/app/manifests/${image.digest}`],
    ['DELETE', `/v2/${namespace}/app/blobs/${image.layer}`],
  ]

  // Both names have six letters, so that lengths are equal too.
  it('a namespace that a service account may not see looks like one that is missing', async () => {
    const missing = places('nosuch')
    for (const [index, [method, path]] of places('secret').entries()) {
      const secret = await look(robot, method, path)
      const [, missingPath = ''] = missing[index] ?? []
      assert.deepEqual(secret, await look(robot, method, missingPath), `${method} ${path}`)
      assert.equal(secret.status, 404, `${method} ${path}`)
    }
  })

  it('a private namespace looks to anybody like one that is missing', async () => {
    const scope = (path: string) => `repository:${path}/app:pull,push,delete`
    const bearer = await owner.as(undefined).bearer(scope('secret'), scope('nosuch'))
    for (const client of [owner.as(undefined), owner.as(bearer)]) {
      const missing = places('nosuch')
      for (const [index, [method, path]] of places('secret').entries()) {
        const secret = await look(client, method, path)
        const [, missingPath = ''] = missing[index] ?? []
        assert.deepEqual(secret, await look(client, method, missingPath), `${method} ${path}`)
        assert.equal(secret.status, 401, `${method} ${path}`)
      }
    }
  })

  it('a login is asked for before anything is read', async () => {
    for (const [method, path] of places('secret')) {
      const { status, statements } = await look(owner.as(undefined), method, path)
      assert.deepEqual({ status, statements }, { status: 401, statements: [] })
    }
  })

  it('a mount from where one may not pull begins an upload, as from where nothing is', async () => {
    const sources = ['secret/app', 'secret/other', 'nosuch/app', 'app']
    const seen = []
    for (const from of sources) {
      const path = `/v2/team/app/blobs/uploads/?mount=${image.layer}&from=${from}`
      const { status, body, statements } = await look(robot, 'POST', path)
      seen.push({ status, body, statements })
    }
    assert.equal(seen[0]?.status, 202)
    for (const other of seen) assert.deepEqual(other, seen[0])
    const uploads = await app.app.db.read.selectFrom('uploads').select('id').execute()
    for (const { id } of uploads) {
      await robot.call('DELETE', `/v2/team/app/blobs/uploads/${id}`)
    }
  })

  it('a mount from where one may pull makes the blob', async () => {
    const path = `/v2/team/mounted/blobs/uploads/?mount=${image.layer}&from=open/app`
    const answer = await robot.call('POST', path)
    assert.equal(answer.status, 201)
    assert.equal(answer.headers.location, `/v2/team/mounted/blobs/${image.layer}`)
  })

  it('a mount with a token that names only the target is told which token to bring', async () => {
    const bearer = robot.as(await robot.bearer('repository:team/app:pull,push'))
    const path = `/v2/team/app/blobs/uploads/?mount=${image.layer}&from=open/app`
    const answer = await bearer.call('POST', path)
    assert.equal(outcome(answer), '401 UNAUTHORIZED')
    assert.match(
      answer.headers['www-authenticate'] ?? '',
      /scope="repository:team\/app:pull,push repository:open\/app:pull",error="insufficient_scope"$/,
    )
  })

  it('a blob is served only by the repositories that hold it', async () => {
    const digest = await owner.pushBlob('secret/app', 'only there')
    for (const client of [owner, robot]) {
      const answer = await client.call('GET', `/v2/team/app/blobs/${digest}`)
      assert.equal(outcome(answer), '404 BLOB_UNKNOWN')
    }
    const missing = await owner.call('GET', `/v2/team/app/blobs/sha256:${'0'.repeat(64)}`)
    const other = await owner.call('GET', `/v2/team/app/blobs/${digest}`)
    assert.equal(other.text.replaceAll(digest, 'X'), missing.text.replaceAll(/sha256:0{64}/g, 'X'))
  })

  it('referrers of what nobody has are an empty index where one may pull', async () => {
    for (const path of ['team/app', 'team/nosuch']) {
      const answer = await robot.call('GET', `/v2/${path}/referrers/sha256:${'0'.repeat(64)}`)
      assert.equal(answer.status, 200)
      assert.deepEqual(JSON.parse(answer.text).manifests, [])
    }
    assert.equal(outcome(await robot.call('GET', '/v2/team/nosuch/tags/list')), '404 NAME_UNKNOWN')
  })

  const catalogOf = (answer: Answer) =>
    (JSON.parse(answer.text) as { repositories: string[] }).repositories

  it('the catalog shows what one may pull', async () => {
    const all = ['open/app', 'secret/app', 'team/app', 'team/deep/app']
    assert.deepEqual(catalogOf(await owner.call('GET', '/v2/_catalog')), all)
    const visible = ['open/app', 'team/app', 'team/deep/app']
    assert.deepEqual(catalogOf(await robot.call('GET', '/v2/_catalog')), visible)
    const anonymous = owner.as(undefined)
    const bearer = owner.as(await anonymous.bearer('registry:catalog:*'))
    assert.deepEqual(catalogOf(await bearer.call('GET', '/v2/_catalog')), ['open/app'])
  })

  it('pages of a filtered catalog are full, and end where the list ends', async () => {
    const pages: string[][] = []
    let path: string | undefined = '/v2/_catalog?n=2'
    while (path !== undefined) {
      const answer: Answer = await robot.call('GET', path)
      pages.push(catalogOf(answer))
      path = /^<([^>]+)>; rel="next"$/.exec(answer.headers.link?.toString() ?? '')?.[1]
    }
    assert.deepEqual(pages, [['open/app', 'team/app'], ['team/deep/app']])
  })

  /** Within a second on every process. */
  async function allowAnonymousPull(anonymousPull: boolean): Promise<void> {
    await app.app.db.write((tx) => updateInstanceSwitches(tx, app.instance.id, { anonymousPull }))
    app.clock.advance(1000)
  }

  it('a filtered catalog is in the order of the whole one, also where one name begins another', async () => {
    // `-` and `.` stand before the `/` that ends a namespace, digits and letters behind it.
    const names = ['zz', 'zz-a', 'zz.a', 'zz0', 'zza']
    const made = []
    for (const name of names) {
      made.push(await addNamespace(app, name))
      for (const path of ['a', 'z', 'a/b']) await owner.pushImage(`${name}/${path}`, 'v1', 'text')
    }
    const permissions = made.map((namespace) => [namespace, readOnly] as const)
    const reader = owner.as((await addRobot(app, 'reader', permissions)).authorization)
    const whole = catalogOf(await owner.call('GET', '/v2/_catalog?last=y'))
    assert.equal(whole.length, names.length * 3)
    // Of the other namespaces only one is public.
    const seen = ['open/app', ...whole]
    for (const last of ['', 'y', ...whole, 'zz/', 'zz0', 'zz-', 'zzz']) {
      const query = `last=${encodeURIComponent(last)}&n=4`
      const expected = seen.filter((path) => path > last).slice(0, 4)
      assert.deepEqual(catalogOf(await reader.call('GET', `/v2/_catalog?${query}`)), expected, last)
    }
  })

  it('the catalog is refused to whom it would show nothing at all', async () => {
    const namespace = await addNamespace(app, 'pushed')
    const pushOnly = readWrite.filter((action) => action !== 'tcr:PullRepository')
    const pusher = await addRobot(app, 'pusher', [[namespace, pushOnly]])
    await allowAnonymousPull(false)
    const answer = await owner.as(pusher.authorization).call('GET', '/v2/_catalog')
    await allowAnonymousPull(true)
    assert.equal(outcome(answer), '403 DENIED')
    await app.app.registry.audit.flush()
    const row = await app.app.db.read
      .selectFrom('audit')
      .select(['resource', 'result', 'reason'])
      .where('actor', '=', pusher.username)
      .executeTakeFirst()
    assert.deepEqual(row, { resource: '*', result: 'refused', reason: 'no-permission' })
  })

  it('a token without the scope is told that it lacks it, where its owner may', async () => {
    const pull = owner.as(await owner.bearer('repository:team/app:pull'))
    const asked = [
      ['PUT', '/v2/team/app/manifests/v2', 'repository:team/app:pull,push'],
      ['DELETE', '/v2/team/app/manifests/v1', 'repository:team/app:delete'],
      ['GET', '/v2/team/deep/app/manifests/v1', 'repository:team/deep/app:pull'],
      ['GET', '/v2/_catalog', 'registry:catalog:*'],
    ] as const
    for (const [method, path, scope] of asked) {
      const answer = await pull.call(method, path)
      assert.equal(outcome(answer), '401 UNAUTHORIZED', path)
      const challenge = answer.headers['www-authenticate'] ?? ''
      assert.ok(challenge.endsWith(`scope="${scope}",error="insufficient_scope"`), challenge)
    }
    assert.equal((await pull.call('GET', '/v2/team/app/manifests/v1')).status, 200)
  })

  it('the scope * stands for every action', async () => {
    const bearer = await owner.bearer('repository:team/app:*')
    const client = owner.as(bearer)
    const pushed = await client.pushImage('team/app', 'by-star')
    const path = `/v2/team/app/manifests/${pushed.digest}`
    assert.equal(outcome(await client.call('DELETE', path)), '202')
    assert.equal(outcome(await client.call('GET', '/v2/open/app/tags/list')), '401 UNAUTHORIZED')
  })

  it('a push into no namespace says what to do, to everyone who logged in', async () => {
    for (const client of [owner, robot]) {
      const missing = await client.call('POST', '/v2/nosuch/app/blobs/uploads/')
      assert.equal(outcome(missing), '404 NAME_UNKNOWN')
      assert.match(errorOf(missing).message, /namespace nosuch .*create it first/)
      const bare = await client.call('PUT', '/v2/app/manifests/v1')
      assert.equal(outcome(bare), '400 NAME_INVALID')
      assert.match(errorOf(bare).message, /push to <namespace>\/app/)
    }
  })
})
