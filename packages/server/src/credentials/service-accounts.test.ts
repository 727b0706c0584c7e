import assert from 'node:assert/strict'
import { it } from 'node:test'
import {
  type Action,
  type GrantableAction,
  pullRepository,
  pushRepository,
  readOnly,
  readWrite,
} from '../access/actions.ts'
import { everyNamespace } from '../access/actor.ts'
import { decide } from '../access/decide.ts'
import { fakeClock } from '../clock.ts'
import { hashHumanSecret } from '../crypto/secrets.ts'
import { onEachDatabase } from '../db/test-database.ts'
import {
  createServiceAccount,
  deleteServiceAccount,
  resetServiceAccountSecret,
  updateServiceAccount,
} from './service-accounts.ts'
import {
  basic,
  context,
  openTestDeployment,
  origin,
  ownerUin,
  refusal,
  type TestDeployment,
  type TestServer,
} from './test-deployment.ts'

const unknown = 'UNAUTHORIZED: authentication required'

function ask(server: TestServer, header: string, instance: { id: string }): Promise<string> {
  return refusal(() => server.authenticator.authenticate(header, instance, context))
}

async function createRobot(deployment: TestDeployment, over: object = {}) {
  const { db, clock, instance, privateNamespace } = deployment
  const permissions = [{ namespaceId: privateNamespace.id, actions: readOnly }]
  const fields = { at: clock.now(), origin, createdBy: ownerUin, name: 'ci', permissions }
  return db.write((tx) => createServiceAccount(tx, instance, { ...fields, ...over }))
}

async function may(
  deployment: TestDeployment,
  server: TestServer,
  login: string,
  action: Action,
): Promise<boolean> {
  const { instance, privateNamespace: namespace } = deployment
  const { actor } = await server.authenticator.authenticate(login, instance, context)
  const resource = { kind: 'repository' as const, namespace, path: 'team/x' }
  const circumstances = { ...context, nowMs: server.clock.now() }
  return decide({ actor, action, resource, ...circumstances, network: 'public', instance }).allowed
}

onEachDatabase('service accounts', (open) => {
  it('log in as tcr$name and tcr@name, at their own instance only', async () => {
    const deployment = await openTestDeployment(await open())
    const { instance, otherInstance, startServer } = deployment
    const server = await startServer()
    const robot = await createRobot(deployment)
    assert.equal(robot.name, 'tcr$ci')
    assert.match(robot.secret, /^[A-Za-z0-9]{32}$/)
    for (const name of ['tcr$ci', 'tcr@ci']) {
      const caller = await server.authenticator.authenticate(
        basic(name, robot.secret),
        instance,
        context,
      )
      assert.equal(caller.name, 'tcr$ci')
      assert.equal(caller.credentialLabel, `service-account:${robot.id}`)
      assert.equal(await ask(server, basic(name, robot.secret), otherInstance), unknown)
      assert.equal(await ask(server, basic(name, `${robot.secret}x`), instance), unknown)
    }
    assert.equal(await ask(server, basic('ci', robot.secret), instance), unknown)
    assert.equal(await ask(server, basic('tcr#ci', robot.secret), instance), unknown)
  })

  it('expire after 30 days unless they are told otherwise, by the deployment’s clock', async () => {
    const deployment = await openTestDeployment(await open())
    const { clock, instance, startServer } = deployment
    const server = await startServer()
    const robot = await createRobot(deployment)
    assert.equal(robot.expiresAt, clock.now() + 30 * 86_400_000)
    const forever = await createRobot(deployment, { name: 'forever', expiresAt: null })
    clock.advance(30 * 86_400_000 - 1)
    assert.equal(await ask(server, basic(robot.name, robot.secret), instance), 'none')
    clock.advance(1001)
    const expired = 'UNAUTHORIZED: authentication required: this credential has expired'
    assert.equal(await ask(server, basic(robot.name, robot.secret), instance), expired)
    assert.equal(await ask(server, basic(forever.name, forever.secret), instance), 'none')
  })

  it('may what their permissions say at present, tokens from before included', async () => {
    const deployment = await openTestDeployment(await open())
    const { db, clock, instance, privateNamespace, startServer } = deployment
    const server = await startServer(fakeClock(clock.now()))
    const robot = await createRobot(deployment)
    const login = basic(robot.name, robot.secret)
    const caller = await server.authenticator.authenticate(login, instance, context)
    const { token } = await server.tokens.issueAccess({
      instanceId: instance.id,
      subject: caller.name,
      credential: caller.credential,
      scopes: [],
    })
    const headers = [login, `Bearer ${token}`]
    const check = async (pull: boolean, push: boolean) => {
      for (const header of headers) {
        assert.equal(await may(deployment, server, header, pullRepository), pull)
        assert.equal(await may(deployment, server, header, pushRepository), push)
      }
    }
    const grant = (namespaceId: string, actions: readonly GrantableAction[]) => {
      const change = { at: clock.now(), origin, permissions: [{ namespaceId, actions }] }
      return db.write((tx) => updateServiceAccount(tx, instance, robot.id, change))
    }
    await check(true, false)
    await grant(privateNamespace.id, readWrite)
    server.clock.advance(1000)
    await check(true, true)
    await grant('0'.repeat(20), readWrite)
    server.clock.advance(1000)
    await check(false, false)
    await grant(everyNamespace, readOnly)
    server.clock.advance(1000)
    await check(true, false)
  })

  it('end on another process within a second when disabled, reset or deleted', async () => {
    const deployment = await openTestDeployment(await open())
    const { db, clock, instance, otherInstance, startServer } = deployment
    const server = await startServer(fakeClock(clock.now()))
    const robot = await createRobot(deployment)
    const login = basic(robot.name, robot.secret)
    const change = { at: clock.now(), origin }
    const update = (isDisabled: boolean) =>
      db.write((tx) => updateServiceAccount(tx, instance, robot.id, { ...change, isDisabled }))
    assert.equal(await ask(server, login, instance), 'none')
    await update(true)
    server.clock.advance(1000)
    assert.match(await ask(server, login, instance), /this credential is disabled$/)
    await update(false)
    server.clock.advance(1000)
    assert.equal(await ask(server, login, instance), 'none')
    const reset = await db.write((tx) => resetServiceAccountSecret(tx, instance, robot.id, change))
    server.clock.advance(1000)
    assert.equal(await ask(server, login, instance), unknown)
    assert.equal(await ask(server, basic(robot.name, reset.secret ?? ''), instance), 'none')
    const chosenHash = await hashHumanSecret('Chosen by 1 person')
    await db.write((tx) =>
      resetServiceAccountSecret(tx, instance, robot.id, { ...change, chosenHash }),
    )
    server.clock.advance(1000)
    assert.equal(await ask(server, basic(robot.name, 'Chosen by 1 person'), instance), 'none')
    const elsewhere = refusal(() =>
      db.write((tx) => deleteServiceAccount(tx, otherInstance, robot.id, change)),
    )
    assert.match(await elsewhere, /^RESOURCE_NOT_FOUND/)
    await db.write((tx) => deleteServiceAccount(tx, instance, robot.id, change))
    server.clock.advance(1000)
    assert.equal(await ask(server, basic(robot.name, 'Chosen by 1 person'), instance), unknown)
    const left = await db.read.selectFrom('service_account_permissions').selectAll().execute()
    assert.deepEqual(left, [])
  })

  it('have names, permissions and descriptions within limits', async () => {
    const deployment = await openTestDeployment(await open())
    const namespaceId = deployment.privateNamespace.id
    await createRobot(deployment, { name: 'a' })
    await createRobot(deployment, { name: '0.a_b-c' })
    const refused: [object, RegExp][] = [
      [{ name: 'a' }, /tcr\$a exists/],
      [{ name: '' }, /begins with a-z or 0-9/],
      [{ name: '-a' }, /begins with/],
      [{ name: 'A' }, /begins with/],
      [{ name: 'a b' }, /begins with/],
      [{ name: 'a'.repeat(129) }, /begins with/],
      [{ permissions: [] }, /1 to 500 permissions/],
      [{ permissions: [{ namespaceId, actions: [] }] }, /names a namespace/],
      [{ permissions: [{ namespaceId: 'team/x', actions: readOnly }] }, /names a namespace/],
      [
        { permissions: [{ namespaceId, actions: ['tcr:CreateInstanceToken'] }] },
        /not support action/,
      ],
      [{ description: 'd'.repeat(256) }, /at most 255/],
    ]
    for (const [over, message] of refused) {
      assert.match(await refusal(() => createRobot(deployment, over)), message)
    }
  })
})
