import assert from 'node:assert/strict'
import { it } from 'node:test'
import { suspendAccount } from '../accounts/accounts.ts'
import { fakeClock } from '../clock.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { anonymousCaller } from './caller.ts'
import { basic, context, openTestDeployment, origin, ownerUin } from './test-deployment.ts'
import { createUserCredential, setUserCredentialDisabled } from './user-credentials.ts'

onEachDatabase('running transfers', (open) => {
  it('end within a second on another process when their credential is disabled', async () => {
    const { db, clock, instance, password, startServer } = await openTestDeployment(await open())
    const server = await startServer(fakeClock(clock.now()))
    const { authenticator } = server
    const input = { uin: ownerUin, description: '', at: clock.now(), origin }
    const other = await db.write((tx) => createUserCredential(tx, instance, input))
    const begin = async (secret: string) => {
      const caller = await authenticator.authenticate(basic(ownerUin, secret), instance, context)
      const controller = new AbortController()
      return { caller, controller, end: authenticator.watch(caller, controller) }
    }
    const first = await begin(password)
    const second = await begin(password)
    const finished = await begin(password)
    const third = await begin(other.secret ?? '')
    finished.end()
    const tick = async () => {
      server.clock.advance(1000)
      await authenticator.idle()
    }
    await tick()
    assert.equal(first.controller.signal.aborted, false)
    const id = first.caller.credential?.id ?? ''
    await db.write((tx) =>
      setUserCredentialDisabled(tx, instance, { id, at: clock.now(), origin, isDisabled: true }),
    )
    await tick()
    for (const { controller } of [first, second]) {
      assert.match(String(controller.signal.reason), /this credential is disabled/)
    }
    assert.equal(finished.controller.signal.aborted, false)
    assert.equal(third.controller.signal.aborted, false)
    await db.write((tx) => suspendAccount(tx, ownerUin))
    await tick()
    assert.match(String(third.controller.signal.reason), /is suspended/)
    await authenticator.close()
  })

  it('of nobody, or under an hour that runs out, go on', async () => {
    const { clock, instance, startServer } = await openTestDeployment(await open())
    const { authenticator, tokens } = await startServer()
    const person = { instanceId: instance.id, uin: ownerUin, ownerUin, version: 1 }
    const { token } = await tokens.issueTemporary(person)
    const caller = await authenticator.authenticate(basic(ownerUin, token), instance, context)
    const controllers = [new AbortController(), new AbortController()]
    const [anonymous = new AbortController(), temporary = new AbortController()] = controllers
    authenticator.watch(anonymousCaller, anonymous)()
    const end = authenticator.watch(caller, temporary)
    clock.advance(4_000_000)
    await authenticator.idle()
    assert.ok(controllers.every(({ signal }) => !signal.aborted))
    end()
    await authenticator.close()
  })
})
