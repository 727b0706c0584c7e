// Every action, by another account, with the names and ids of what is this account's: answered as for what there
// isn't, word by word, and without effect.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { addStranger, type TestPerson } from '../accounts/test-people.ts'
import { instanceFields } from '../actions/define.ts'
import { buildHandlers } from '../actions.ts'
import { fakeClock } from '../clock.ts'
import { tableNames } from '../db/forms.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { addInstance } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'
import {
  type Belongings,
  inputsNaming,
  listUnknownNames,
  makeBelongings,
} from './test-belongings.ts'
import type { ApiAnswer } from './test-client.ts'

const actions = buildHandlers(fakeClock()).map((handler) => handler.action)
const strangerUin = 200_000_000_003

/** What is written about each call, or counts what everybody makes. */
const aboutCalls: readonly string[] = [
  ...['audit', 'events', 'usage_days', 'login_throttles', 'meta', 'counter_deltas', 'counters'],
  'numbers',
]
/** Names that are one for everybody: that they are taken is no secret. */
const shared: readonly string[] = ['CreateNamespacePersonal', 'ValidateNamespaceExistPersonal']

onEachDatabase('the names of another account', (_open, dialect) => {
  let app: TestApp
  let stranger: TestPerson
  let belongings: Belongings
  let own: Readonly<Record<string, string>>
  let tables: readonly string[]
  let state: readonly string[]

  before(async () => {
    const env = { ENTREPOT_BASE_DOMAIN: 'registry.example.com' }
    app = await testApp({ dialect, env })
    stranger = await addStranger(app, strangerUin)
    const ownerUin = stranger.uin
    const instance = await addInstance(app, 'of-the-stranger', { ownerUin, edition: 'premium' })
    own = Object.fromEntries(instanceFields.map((field) => [field, instance.id]))
    belongings = await makeBelongings(app, { instance, key: stranger.key })
    const all = await tableNames(app.app.db.read)
    tables = all.filter((table) => !aboutCalls.includes(table)).sort()
    state = await stateOfOthers()
  })
  after(() => app.close())

  /** All rows but those that name the stranger or what is the stranger's. */
  async function stateOfOthers(): Promise<readonly string[]> {
    const isStrangers = (row: string) => {
      return row.includes(String(strangerUin)) || row.includes(own.RegistryId ?? '')
    }
    const rows = await Promise.all(
      tables.map(async (table) => {
        const found = await sql`select * from ${sql.table(table)}`.execute(app.app.db.read)
        const texts = found.rows.map((row) => `${table} ${JSON.stringify(row)}`)
        return texts.filter((row) => !isStrangers(row)).sort()
      }),
    )
    return rows.flat()
  }

  for (const action of actions) {
    const { product, name } = action
    if (shared.includes(name)) continue

    it(`say nothing by ${product} ${name}`, async () => {
      const ask = (input: object) => app.api(name, input, { product, key: stranger.key })
      for (const { what, theirs, nobodys } of inputsNaming(action, belongings, own)) {
        const told = [await ask(theirs), await ask(nobodys)].map(masked(belongings, name))
        assert.equal(told[0], told[1], what)
        assert.doesNotMatch(told[0] ?? '', /"Code":"InternalError/, what)
      }
      const now = await stateOfOthers()
      assert.deepEqual(
        [now.filter((row) => !state.includes(row)), state.filter((row) => !now.includes(row))],
        [[], []],
      )
    })
  }

  describe('are known to this test', () => {
    for (const action of actions) {
      it(`for ${action.product} ${action.name}`, () => {
        assert.deepEqual(listUnknownNames(action, belongings, instanceFields), [])
      })
    }
  })
})

/** Without the number of the call, the names that were asked about, and what was made. */
function masked(belongings: Belongings, action: string): (answer: ApiAnswer) => string {
  const names = Object.values(belongings).flatMap(({ theirs, nobodys }) => [
    String(theirs),
    String(nobodys),
  ])
  const longestFirst = [...new Set(names)].sort((a, b) => b.length - a.length)
  return ({ RequestId: _, ...answer }) => {
    if (!answer.Error && action.startsWith('Create')) return Object.keys(answer).join()
    let text = JSON.stringify(answer)
    for (const name of longestFirst) text = text.replaceAll(name, '…')
    return text
  }
}
