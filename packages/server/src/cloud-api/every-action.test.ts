// Every action that has a handler, with input that is wrong, and with another account's: never a fault of ours, never
// a word about what is another's, nothing half-done.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, addStranger, type TestPerson } from '../accounts/test-people.ts'
import { instanceFields } from '../actions/define.ts'
import { buildHandlers } from '../actions.ts'
import { fakeClock } from '../clock.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { type TestApp, testApp } from '../test-app.ts'
import type { ApiAnswer } from './test-client.ts'
import { brokenInputs, smallestInput } from './test-inputs.ts'

const actions = buildHandlers(fakeClock()).map((handler) => handler.action)
const strangerUin = 200_000_000_001

/** An instance that isn't there: whatever the rest says, nothing may happen. */
const nowhere = 'tcr-00000000'

/** What the main account has; a stranger's calls must leave it as it is. */
async function stateOf({ app }: TestApp): Promise<string> {
  const tables = ['instances', 'namespaces', 'repositories', 'manifests', 'tags'] as const
  const rows = await Promise.all([
    ...tables.map((table) => app.db.read.selectFrom(table).selectAll().orderBy('id').execute()),
    app.db.read.selectFrom('service_accounts').selectAll().orderBy('id').execute(),
    app.db.read.selectFrom('user_credentials').selectAll().orderBy('id').execute(),
    app.db.read.selectFrom('tagged_resources').selectAll().orderBy('resource_id').execute(),
  ])
  return JSON.stringify(rows)
}

function codeOf(answer: ApiAnswer): string {
  return answer.Error?.Code ?? 'ok'
}

function assertNoFault(what: string, answer: ApiAnswer): void {
  assert.ok(!codeOf(answer).startsWith('InternalError'), `${what}: ${codeOf(answer)}`)
  assert.match(answer.RequestId, /^[0-9a-f-]{36}$/)
}

onEachDatabase('every action', (_open, dialect) => {
  let app: TestApp
  let stranger: TestPerson
  /** A sub-account of the main account, to whom nothing is attached. */
  let nobody: TestPerson

  before(async () => {
    app = await testApp({ dialect })
    stranger = await addStranger(app, strangerUin)
    nobody = await addPerson(app, 'nobody')
  })
  after(() => app.close())

  for (const action of actions) {
    const { product, name } = action
    const field = instanceFields.find((one) => one in action.input)

    it(`${product} ${name} refuses broken input, naming what is wrong`, async () => {
      const valid = smallestInput(action.input, field ? { [field]: nowhere } : {})
      for (const { what, input, codes } of brokenInputs(action, valid)) {
        const answer = await app.api(name, input, { product })
        assertNoFault(what, answer)
        assert.ok(codes.includes(codeOf(answer)), `${what}: ${codeOf(answer)}`)
      }
    })

    if (!['self', 'open'].includes(action.access.kind)) {
      it(`${product} ${name} is nothing for whom no policy allows it`, async () => {
        const before = await stateOf(app)
        const known = field ? { [field]: app.instance.id } : {}
        const input = smallestInput(action.input, known)
        const answer = await app.api(name, input, { product, key: nobody.key })
        assert.equal(codeOf(answer), 'UnauthorizedOperation')
        assert.equal(await stateOf(app), before)
      })
    }

    if (!field) continue
    it(`${product} ${name} says nothing of another account's instance`, async () => {
      const before = await stateOf(app)
      const about = (id: string) => smallestInput(action.input, { [field]: id })
      const options = { product, key: stranger.key }
      const foreign = await app.api(name, about(app.instance.id), options)
      const missing = await app.api(name, about(nowhere), options)
      assertNoFault('foreign', foreign)
      assert.equal(codeOf(foreign), codeOf(missing))
      assert.notEqual(codeOf(foreign), 'ok')
      const told = (answer: ApiAnswer, id: string) => answer.Error?.Message.replaceAll(id, '…')
      assert.equal(told(foreign, app.instance.id), told(missing, nowhere))
      assert.equal(await stateOf(app), before)
    })
  }
})
