import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createUser } from '../accounts/users.ts'
import { attachPolicy, detachPolicy, setBoundary } from '../attachments/attachments.ts'
import { rightsHolderOf, selectPeople } from '../credentials/people.ts'
import { openTestDeployment, ownerUin } from '../credentials/test-deployment.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { addMembers, createGroup } from '../groups/groups.ts'
import { createPolicy, updatePolicy } from './policies.ts'
import { mainRights, Rights } from './rights.ts'

const pull = JSON.stringify({
  version: '2.0',
  statement: { effect: 'allow', action: 'tcr:PullRepository', resource: '*' },
})
const push = pull.replace('Pull', 'Push')

onEachDatabase('rights', (open) => {
  async function start() {
    const { db, clock } = await openTestDeployment(await open())
    const by = { by: ownerUin, at: clock.now() }
    const uin = await db.write((tx) =>
      createUser(tx, ownerUin, { name: 'dev', createdBy: ownerUin, at: clock.now() }),
    )
    const person = { kind: 'user', id: uin, ownerUin } as const
    const rights = new Rights(db)
    const now = async (of = rights) =>
      of.of(
        rightsHolderOf(
          await selectPeople(db.read).where('a.uin', '=', uin).executeTakeFirstOrThrow(),
        ),
      )
    const make = (name: string, document = pull) =>
      db.write((tx) =>
        createPolicy(tx, ownerUin, {
          name,
          description: '',
          document,
          createdBy: ownerUin,
          at: clock.now(),
        }),
      )
    return { db, clock, by, person, rights, now, make }
  }

  it('of a main account are everything, and cost no question', async () => {
    const { rights } = await start()
    const main = {
      kind: 'user',
      id: ownerUin,
      ownerUin,
      boundaryPolicyId: null,
      revision: 9,
    } as const
    assert.equal(rights.of(main), mainRights)
  })

  it('hold what is attached, through groups too, each policy once, and the boundary', async () => {
    const { db, by, person, now, make } = await start()
    assert.deepEqual(await now(), { identity: [] })
    const [own, bound] = [await make('own'), await make('bound', push)]
    await db.write(async (tx) => {
      const id = await createGroup(tx, ownerUin, { name: 'g', remark: '', at: by.at })
      const group = { kind: 'group', id, ownerUin } as const
      await addMembers(tx, ownerUin, [{ groupId: id, uin: person.id }], by.at)
      await attachPolicy(tx, group, own, by)
      await attachPolicy(tx, group, 1002, by)
      await attachPolicy(tx, person, own, by)
      await setBoundary(tx, person, bound)
    })
    const { identity, boundary } = await now()
    assert.deepEqual(
      identity.map(({ id }) => id),
      [1002, own],
    )
    assert.equal(boundary?.id, bound)
  })

  it('are the same object until something of them changes', async () => {
    const { db, clock, by, person, now, make } = await start()
    const id = await make('one')
    await db.write((tx) => attachPolicy(tx, person, id, by))
    const before = await now()
    assert.equal(await now(), before)
    // Somebody else's business raises the revision too.
    await make('another')
    await db.write((tx) => attachPolicy(tx, person, id, by))
    assert.equal(await now(), before)
    const change = { document: push, at: clock.now() }
    await db.write((tx) => updatePolicy(tx, ownerUin, id, change))
    const after = await now()
    assert.notEqual(after, before)
    assert.deepEqual(after.identity[0]?.statements[0]?.actions[0]?.text, 'tcr:pushrepository')
    await db.write((tx) => detachPolicy(tx, person, id))
    assert.deepEqual(await now(), { identity: [] })
  })

  it('are none while a document of theirs is not understood', async () => {
    const { db, by, person, now, make } = await start()
    const id = await make('later')
    await db.write((tx) => attachPolicy(tx, person, id, by))
    await db.write(async (tx) => {
      const document = JSON.stringify({ version: '9.0', statement: [] })
      await tx
        .updateTable('policy_versions')
        .set({ document })
        .where('policy_id', '=', id)
        .execute()
    })
    const { identity } = await now(new Rights(db))
    assert.equal(identity[0]?.statements[0]?.effect, 'deny')
  })
})
