import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { onEachDatabase } from '../db/test-database.ts'
import { addInstance, addNamespace, seedOrigin } from '../registry/test-seed.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { findNamespace, isNamespaceName, updateNamespace } from './namespaces.ts'

describe('names of namespaces', () => {
  const cases: readonly (readonly [boolean, readonly string[]])[] = [
    [true, ['ab', 'a1', '00', 'a-b', 'a.b', 'a_b', 'my-team.dev_1', 'x'.repeat(30)]],
    [false, ['', 'a', 'x'.repeat(31), 'Ab', 'a--b', 'a__b', 'a..b', 'a._b', '-ab', 'ab-', '.ab']],
    [false, ['a b', 'a/b', 'ä1', 'ab\n', 'a\0b', 'ａｂ']],
  ]
  for (const [isValid, names] of cases) {
    for (const name of names) {
      it(`${JSON.stringify(name)} ${isValid ? 'is one' : 'is none'}`, () => {
        assert.equal(isNamespaceName(name), isValid)
      })
    }
  }
})

onEachDatabase('namespaces', (_open, dialect) => {
  let app: TestApp

  before(async () => {
    app = await testApp({ dialect })
  })
  after(() => app.close())

  it('are made once in an instance; another may have the same', async () => {
    await addNamespace(app, 'team')
    const error = { code: 'NAMESPACE_EXISTS', detail: { namespace: 'team' } }
    await assert.rejects(addNamespace(app, 'team'), error)
    await addNamespace(app, 'team', { instance: await addInstance(app, 'second') })
  })

  it('are made once when two ask at the same moment', async () => {
    const made = await Promise.allSettled([1, 2, 3, 4].map(() => addNamespace(app, 'wanted')))
    assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 1)
  })

  it('have names by the rule', async () => {
    await assert.rejects(addNamespace(app, 'Team'), { code: 'NAME_INVALID', status: 400 })
  })

  it('change their access with an event in the same transaction', async () => {
    await addNamespace(app, 'switched')
    const access = { isPublic: true, at: app.clock.now(), origin: seedOrigin }
    const set = (name: string) =>
      app.app.db.write((tx) => updateNamespace(tx, app.instance, name, access))
    await set('switched')
    const { read } = app.app.db
    assert.equal((await findNamespace(read, app.instance.id, 'switched'))?.isPublic, true)
    const event = await read
      .selectFrom('events')
      .select(['type', 'payload', 'actor'])
      .where('type', '=', 'namespace.access-changed')
      .executeTakeFirst()
    assert.deepEqual(
      { ...event, payload: JSON.parse(event?.payload ?? '') as unknown },
      {
        type: 'namespace.access-changed',
        payload: { namespace: 'switched', isPublic: true },
        actor: seedOrigin.actor,
      },
    )
    await assert.rejects(set('nosuch'), { code: 'NAMESPACE_UNKNOWN' })
  })
})
