// Who may see, push and delete charts: the decisions of /v2, told as chart clients understand them.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, allow } from '../accounts/test-people.ts'
import { packChart } from '../charts/test-charts.ts'
import { createUserCredential } from '../credentials/user-credentials.ts'
import { onEachDatabase } from '../db/test-database.ts'
import type { Namespace } from '../namespaces/namespaces.ts'
import { basic, ownerOf, type TestClient } from '../registry/test-client.ts'
import { addNamespace, addRobot, addTemporary, seedOrigin } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { indexWords, said } from './test-repo.ts'

const index = '/chartrepo/team/index.yaml'
const charts = '/api/chartrepo/team/charts'
const file = '/chartrepo/team/charts/web-1.0.0.tgz'

onEachDatabase('who may do what with charts', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient
  let anonymous: TestClient
  let team: Namespace

  before(async () => {
    app = await testApp({ dialect })
    owner = ownerOf(app)
    anonymous = owner.as(undefined)
    team = await addNamespace(app, 'team')
    await addNamespace(app, 'open', { isPublic: true })
    for (const namespace of ['team', 'open']) {
      for (const name of ['web', 'api']) {
        const body = await packChart({ name })
        await owner.call('POST', `/api/chartrepo/${namespace}/charts`, { body })
      }
    }
  })
  after(() => app.close())

  const statuses = async (client: TestClient, ...paths: readonly string[]) => {
    const answers = []
    for (const path of paths) answers.push((await client.call('GET', path)).status)
    return answers
  }
  /** A sub-account with a login of its own. */
  const person = async (name: string, ...statements: readonly object[]) => {
    const { uin } = await addPerson(app, name, ...statements)
    const input = { uin, description: '', at: app.clock.now(), origin: seedOrigin }
    const made = await app.app.db.write((tx) => createUserCredential(tx, app.instance, input))
    return owner.as(basic(uin, made.secret ?? ''))
  }

  it('a public namespace asks nobody who he is', async () => {
    assert.equal(await indexWords(anonymous, 'open'), 'api: 1.0.0\nweb: 1.0.0')
    const open = ['/chartrepo/open/charts/web-1.0.0.tgz', '/api/chartrepo/open/charts/web']
    assert.deepEqual(await statuses(anonymous, ...open), [200, 200])
    const push = await anonymous.call('POST', '/api/chartrepo/open/charts', {
      body: 'x'.repeat(100),
      waits: true,
    })
    assert.deepEqual([push.status, push.wasInvited], [401, false])
    const gone = await anonymous.call('DELETE', '/api/chartrepo/open/charts/web/1.0.0')
    assert.equal(gone.status, 401)
  })

  it('a private one asks, by Basic, and says the same where nothing is', async () => {
    for (const path of [index, file, charts, '/chartrepo/none/index.yaml', `${charts}/none`]) {
      const answer = await anonymous.call('GET', path)
      assert.equal(said(answer), '401 authentication required', path)
      assert.match(answer.headers['www-authenticate'] ?? '', /^Basic realm=/)
    }
    const wrong = owner.as(basic(app.username, 'wrong'))
    assert.deepEqual(await statuses(wrong, index, '/chartrepo/open/index.yaml'), [401, 401])
  })

  it('every kind of login serves', async () => {
    const reader = await addRobot(app, 'reader', [[team, ['tcr:PullRepository']]])
    const temporary = await addTemporary(app)
    // The key that signed it is of another process: its name is looked up no oftener than once a second.
    app.clock.advance(1001)
    const bearer = await owner.bearer('repository:team/web:pull')
    const logins = [reader.authorization, temporary.authorization]
    for (const login of logins) {
      assert.deepEqual(await statuses(owner.as(login), index, file), [200, 200])
    }
    assert.deepEqual(await statuses(owner.as(bearer), file), [200])
    assert.equal((await owner.as(bearer).call('DELETE', `${charts}/web/1.0.0`)).status, 401)
  })

  it('who may pull and no more is refused; who may not know is told of nothing', async () => {
    const reader = await addRobot(app, 'only-reader', [[team, ['tcr:PullRepository']]])
    const body = await packChart({ version: '3.0.0' })
    const client = owner.as(reader.authorization)
    assert.match(
      said(await client.call('POST', charts, { body })),
      /^403 you may pull from team\/web/,
    )
    assert.match(said(await client.call('DELETE', `${charts}/web/1.0.0`)), /^403 you may pull/)
    const other = await addNamespace(app, 'other')
    const stranger = await addRobot(app, 'stranger', [[other, ['tcr:PullRepository']]])
    const strange = owner.as(stranger.authorization)
    const missing = said(await strange.call('GET', '/chartrepo/none/index.yaml'))
    assert.equal(said(await strange.call('GET', index)), missing)
    assert.deepEqual(await statuses(strange, file, `${charts}/web`), [404, 404])
    assert.match(
      said(await strange.call('POST', charts, { body })),
      /^404 the namespace team does not/,
    )
    assert.equal((await strange.call('DELETE', `${charts}/web/1.0.0`)).status, 404)
  })

  it('charts may be granted apart from images', async () => {
    const actions = ['tcr:PullRepository', 'tcr:CreateHelmChart'] as const
    const robot = await addRobot(app, 'charts-only', [[team, actions]])
    const client = owner.as(robot.authorization)
    const body = await packChart({ name: 'granted' })
    assert.equal(said(await client.call('POST', charts, { body })), '201')
    assert.equal((await client.putBlob('team/granted', 'x')).status, 403)
  })

  it('a policy may speak of single charts: the index has those', async () => {
    const at = (path: string) => `qcs::tcr:::repository/${app.instance.id}/${path}`
    const some = await person('some', allow('tcr:PullRepository', at('team/web')))
    assert.equal(await indexWords(some, 'team'), 'web: 1.0.0')
    assert.deepEqual(
      await statuses(some, file, '/chartrepo/team/charts/api-1.0.0.tgz', `${charts}/api`),
      [200, 404, 404],
    )
    const denied = { effect: 'deny', action: 'tcr:PullRepository', resource: at('team/web') }
    const most = await person('most', allow('tcr:*', '*'), denied)
    assert.doesNotMatch(await indexWords(most, 'team'), /web/)
    assert.match(await indexWords(most, 'team'), /api/)
    const noCharts = { effect: 'deny', action: 'tcr:CreateHelmChart', resource: '*' }
    const images = await person('images', allow('tcr:*', '*'), noCharts)
    const body = await packChart({ version: '4.0.0' })
    assert.equal((await images.call('POST', charts, { body })).status, 403)
    const nothing = await person('nothing')
    assert.deepEqual(await statuses(nothing, index, file), [404, 404])
  })

  it('pulls, pushes, deletions and refusals are in the audit log', async () => {
    const reader = await addRobot(app, 'audited', [[team, ['tcr:PullRepository']]])
    const client = owner.as(reader.authorization)
    await client.call('GET', file)
    await client.call('HEAD', file)
    await client.call('DELETE', `${charts}/web/1.0.0`)
    await app.app.registry.audit.flush()
    const rows = await app.app.db.read
      .selectFrom('audit')
      .select(['action', 'resource', 'reference', 'result', 'count'])
      .where('actor', '=', reader.username)
      .orderBy('action')
      .execute()
    assert.deepEqual(
      rows.map((row) => [row.action, row.resource, row.reference, row.result, row.count]),
      [
        ['tcr:DeleteImage', 'team/web', null, 'refused', 1],
        ['tcr:PullRepository', 'team/web', '1.0.0', 'ok', 1],
      ],
    )
    const { pull_count: pulls } = await app.app.db.read
      .selectFrom('tags as t')
      .innerJoin('repositories as r', 'r.id', 't.repository_id')
      .select('t.pull_count')
      .where('r.path', '=', 'team/web')
      .where('t.name', '=', '1.0.0')
      .executeTakeFirstOrThrow()
    assert.ok(pulls > 0)
  })

  it('what is no address of a chart repository is not found', async () => {
    const paths = [
      ...['/chartrepo/', '/chartrepo/team', '/chartrepo/team/', '/chartrepo/team/charts/'],
      ...[
        '/chartrepo/team/charts/web',
        '/chartrepo/team/x/web-1.0.0.tgz',
        '/chartrepo//index.yaml',
      ],
      ...['/api/chartrepo/team', '/api/chartrepo/team/charts/a/b/c', '/chartrepo/%zz/index.yaml'],
    ]
    for (const path of paths) assert.equal((await owner.call('GET', path)).status, 404, path)
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      assert.equal((await owner.call(method, index)).status, 405)
    }
    assert.equal((await owner.at('none.example.com:80').call('GET', index)).status, 200)
  })
})
