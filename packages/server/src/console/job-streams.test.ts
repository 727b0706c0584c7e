import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, allow, givePolicy, policyOf } from '../accounts/test-people.ts'
import { updateUser } from '../accounts/users.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { schedule } from '../jobs/jobs.ts'
import { hashPassword, storePassword } from '../logins/passwords.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { heartbeatMs, maxStreamsPerSession } from './job-streams.ts'
import { TestBrowser } from './test-browser.ts'

const mainPassword = 'Test-password-0123456789'
const pollMs = 1000

interface StreamEvent {
  readonly id: string | undefined
  readonly event: string
  readonly data: {
    readonly Job: { readonly State: string; readonly Progress: string | null }
    readonly Log: readonly { readonly Number: number; readonly Text: string }[]
  }
}

/** What an EventSource makes of an answer. */
class TestStream {
  readonly response: Response
  readonly #chunks: AsyncIterator<string>
  #rest = ''

  constructor(response: Response) {
    this.response = response
    assert.ok(response.body)
    this.#chunks = response.body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]()
  }

  /** Undefined: the server ended it. */
  async next(): Promise<StreamEvent | undefined> {
    for (;;) {
      const end = this.#rest.indexOf('\n\n')
      if (end === -1) {
        const { done, value } = await this.#chunks.next()
        if (done) return undefined
        this.#rest += value
        continue
      }
      const lines = this.#rest.slice(0, end).split('\n')
      this.#rest = this.#rest.slice(end + 2)
      const of = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
      const data = of('data')
      if (data !== undefined) {
        return { id: of('id'), event: of('event') ?? 'message', data: JSON.parse(data) }
      }
    }
  }

  async got(): Promise<StreamEvent> {
    return (await this.next()) ?? assert.fail('the stream ended')
  }

  close(): Promise<unknown> {
    return this.#chunks.return?.() ?? Promise.resolve()
  }
}

onEachDatabase('jobs as event streams', (_open, dialect) => {
  let app: TestApp
  let browser: TestBrowser
  before(async () => {
    app = await testApp({ dialect })
    browser = await loggedIn(app.username, mainPassword)
  })
  after(() => app.close())

  async function loggedIn(name: string, password: string, url = app.url): Promise<TestBrowser> {
    const one = new TestBrowser(url, { Origin: new URL(url).origin })
    const { kind, Error: error } = await one.logIn(name, password)
    assert.deepEqual([kind, error], ['session', undefined])
    return one
  }

  let count = 0
  /** No worker knows its kind, so it waits. */
  function enqueue(): Promise<string> {
    count += 1
    const instanceId = app.instance.id
    const job = { kind: 'test', key: `stream:${count}`, at: app.clock.now(), instanceId }
    return app.app.db.write((tx) => schedule(tx, job))
  }

  async function move(id: string, line: string, progress: object, ended = false): Promise<void> {
    const at = app.clock.now()
    await app.app.db.write(async (tx) => {
      await tx.insertInto('job_logs').values({ job_id: id, at, line }).execute()
      const end = ended ? ({ state: 'succeeded', ended_at: at } as const) : {}
      const set = { progress: JSON.stringify(progress), ...end }
      await tx.updateTable('jobs').set(set).where('id', '=', id).execute()
    })
  }

  async function follow(
    id: string,
    { by = browser, query = '', headers = {} as Record<string, string> } = {},
  ): Promise<TestStream> {
    const response = await by.fetch(`/console/api/jobs/${id}/events${query}`, { headers })
    assert.equal(response.status, 200)
    return new TestStream(response)
  }

  const textOf = ({ data }: StreamEvent) => data.Log.map(({ Text }) => Text)

  it('tell progress and lines as they are written, and their end', async () => {
    const id = await enqueue()
    const stream = await follow(id)
    const { headers } = stream.response
    assert.equal(headers.get('content-type'), 'text/event-stream')
    assert.match(headers.get('cache-control') ?? '', /no-store/)
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/)
    const first = await stream.got()
    assert.deepEqual([first.id, first.data.Job.State, textOf(first)], ['0', 'Waiting', []])
    await move(id, 'one', { done: 1, total: 2 })
    app.clock.advance(pollMs)
    const second = await stream.got()
    assert.deepEqual([second.id, textOf(second)], ['1', ['one']])
    assert.equal(second.data.Job.Progress, '{"done":1,"total":2}')
    await move(id, 'two', { done: 2, total: 2 }, true)
    app.clock.advance(pollMs)
    const third = await stream.got()
    assert.deepEqual([third.id, third.data.Job.State, textOf(third)], ['2', 'Succeeded', ['two']])
    assert.equal((await stream.got()).event, 'end')
    assert.equal(await stream.next(), undefined)
  })

  it('go on after the line that a browser had', async () => {
    const id = await enqueue()
    for (const line of ['one', 'two', 'three']) await move(id, line, {})
    const again = await follow(id, { headers: { 'Last-Event-ID': '2' } })
    const event = await again.got()
    assert.deepEqual([event.id, textOf(event)], ['3', ['three']])
    await again.close()
    const anew = await follow(id, { query: '?after=1' })
    assert.deepEqual(textOf(await anew.got()), ['two', 'three'])
    await anew.close()
    const odd = await follow(id, { query: '?after=-1' })
    assert.deepEqual(textOf(await odd.got()), ['one', 'two', 'three'])
    await odd.close()
  })

  it('come of other processes as well', async () => {
    const beside = await app.beside()
    const id = await enqueue()
    const stream = await follow(id, {
      by: await loggedIn(app.username, mainPassword, beside.url),
    })
    await stream.got()
    await move(id, 'elsewhere', {})
    app.clock.advance(pollMs)
    assert.deepEqual(textOf(await stream.got()), ['elsewhere'])
    // A drain ends what would never end by itself.
    await beside.stop(60_000)
    assert.equal(await stream.next(), undefined)
    await beside.close()
  })

  it('are for who may look at the job, and as long as he may', async () => {
    const id = await enqueue()
    const refusalOf = async (by: TestBrowser, job: string, headers = {}) => {
      const answer = await by.fetch(`/console/api/jobs/${job}/events`, { headers })
      await answer.body?.cancel()
      return answer.status
    }
    assert.equal(await refusalOf(new TestBrowser(app.url), id), 401)
    assert.equal(await refusalOf(browser, 'nothing'), 404)
    assert.equal(await refusalOf(browser, id, { 'Sec-Fetch-Site': 'cross-site' }), 403)
    const person = await addPerson(app, 'follower')
    const password = 'Right-password-1'
    const { db, clock } = app.app
    const hash = await hashPassword(db.read, { ownerUin: 0, uin: undefined }, password)
    await db.write(async (tx) => {
      const at = clock.now()
      await storePassword(tx, { uin: person.uin, hash, mustChange: false, at })
      await updateUser(tx, person.uin, { mayLogIn: true })
    })
    const by = await loggedIn(`${app.username}/follower`, password)
    assert.notEqual(await refusalOf(by, id), 200)
    const resource = `qcs::tcr:::instance/${app.instance.id}`
    await givePolicy(app, person, policyOf(allow('tcr:DescribeJobs', resource)))
    app.clock.advance(1000)
    const stream = await follow(id, { by })
    await stream.got()
    await by.logOut()
    app.clock.advance(heartbeatMs)
    assert.equal(await stream.next(), undefined)
  })

  it('are few for a login', async () => {
    const id = await enqueue()
    const open = await Promise.all(Array.from({ length: maxStreamsPerSession }, () => follow(id)))
    const refused = await browser.fetch(`/console/api/jobs/${id}/events`)
    assert.equal(refused.status, 429)
    await refused.body?.cancel()
    assert.equal(
      (await browser.fetch('/console/api/jobs/a/events', { method: 'HEAD' })).status,
      405,
    )
    for (const stream of open) await stream.close()
  })
})
