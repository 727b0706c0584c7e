import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { addPerson, cam, ok, outcomeOf } from '../accounts/test-people.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { maxKeysPerPerson } from './keys.ts'

onEachDatabase('API keys', (_open, dialect) => {
  let app: TestApp
  before(async () => {
    app = await testApp({ dialect })
  })
  after(() => app.close())

  it('work when they are made, not while disabled, never when deleted', async () => {
    const person = await addPerson(app, 'dev')
    const target = { TargetUin: person.uin }
    const made = await ok(cam(app, 'CreateAccessKey', { ...target, Description: 'ci' }))
    const { AccessKeyId, SecretAccessKey } = made.AccessKey
    const key = { secretId: AccessKeyId, secretKey: SecretAccessKey }
    const use = () => outcomeOf(app.api('GetCallerIdentity', {}, { product: 'sts', key }))
    assert.equal(await use(), 'ok')
    const change = (Status: string) =>
      cam(app, 'UpdateAccessKey', { ...target, AccessKeyId, Status })
    await ok(change('Inactive'))
    app.clock.advance(1000)
    assert.equal(await use(), 'AuthFailure.SecretIdNotFound')
    const listed = await ok(cam(app, 'ListAccessKeys', target))
    assert.deepEqual(
      listed.AccessKeys.map((one: { Status: string; Description: string }) => [
        one.Status,
        one.Description,
      ]).sort(),
      [
        ['Active', ''],
        ['Inactive', 'ci'],
      ],
    )
    const seen = await ok(app.api('QueryApiKey', target, { product: 'sts' }))
    assert.deepEqual(seen.IdKeys.map((one: { Status: number }) => one.Status).sort(), [2, 3])
    await ok(change('Active'))
    app.clock.advance(1000)
    assert.equal(await use(), 'ok')
    await ok(cam(app, 'DeleteAccessKey', { ...target, AccessKeyId }))
    app.clock.advance(1000)
    assert.equal(await use(), 'AuthFailure.SecretIdNotFound')
    const missing = 'ResourceNotFound.SecretNotExist'
    assert.equal(await outcomeOf(change('Active')), missing)
  })

  it('are few for each person, and only their own', async () => {
    const person = await addPerson(app, 'many')
    const target = { TargetUin: person.uin }
    const answers = await Promise.all(
      Array.from({ length: maxKeysPerPerson + 3 }, () =>
        outcomeOf(cam(app, 'CreateAccessKey', target)),
      ),
    )
    assert.equal(answers.filter((code) => code === 'ok').length, maxKeysPerPerson - 1)
    const other = await addPerson(app, 'other')
    const foreign = { TargetUin: other.uin, AccessKeyId: person.key.secretId }
    const missing = 'ResourceNotFound.SecretNotExist'
    assert.equal(await outcomeOf(cam(app, 'DeleteAccessKey', foreign)), missing)
  })

  it('tell when they were last used, to the hour', async () => {
    const person = await addPerson(app, 'used')
    const asked = { SecretIdList: [person.key.secretId, 'AKIDnone'] }
    const last = async () => {
      const { SecretIdLastUsedRows: rows } = await ok(cam(app, 'GetSecurityLastUsed', asked))
      assert.equal(rows.length, 1)
      return rows[0].LastSecretUsedDate as number | null
    }
    assert.equal(await last(), null)
    const { key } = person
    const use = () => app.api('GetCallerIdentity', {}, { product: 'sts', key })
    await ok(use())
    const first = Math.floor(app.clock.now() / 1000)
    assert.equal(await last(), first)
    app.clock.advance(60_000)
    await ok(use())
    assert.equal(await last(), first)
    app.clock.advance(3_600_000)
    await ok(use())
    assert.equal(await last(), Math.floor(app.clock.now() / 1000))
    const forged = { ...key, secretKey: 'x' }
    app.clock.advance(3_600_000)
    await app.api('GetCallerIdentity', {}, { product: 'sts', key: forged })
    assert.equal(await last(), Math.floor(app.clock.now() / 1000) - 3600)
  })
})
