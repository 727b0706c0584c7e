// For tests: people with keys of the management API, below the main account and beside it.

import { createMainAccount, raiseRights } from '../accounts/accounts.ts'
import { createUser } from '../accounts/users.ts'
import type { TestKey } from '../cloud-api/test-client.ts'
import { createKey } from '../keys/keys.ts'
import { createPolicy } from '../policies/policies.ts'
import type { TestApp } from '../test-app.ts'

export interface TestPerson {
  readonly uin: number
  readonly key: TestKey
}

/** `statements`: of a policy that is attached; none: the person may do nothing. */
export function addPerson(
  { app, instance, clock }: TestApp,
  name: string,
  ...statements: readonly object[]
): Promise<TestPerson> {
  const { ownerUin } = instance
  const made = { createdBy: ownerUin, at: clock.now() }
  return app.db.write(async (tx) => {
    const uin = await createUser(tx, ownerUin, { ...made, name })
    if (statements.length > 0) {
      const document = JSON.stringify({ version: '2.0', statement: statements })
      const policyId = await createPolicy(tx, ownerUin, {
        ...made,
        name: `policy-of-${name}`,
        description: '',
        document,
      })
      await tx
        .insertInto('policy_attachments')
        .values({
          target_kind: 'user',
          target_id: uin,
          policy_id: policyId,
          owner_uin: ownerUin,
          attached_by: ownerUin,
          attached_at: clock.now(),
        })
        .execute()
      await raiseRights(tx, ownerUin)
    }
    const keyInput = { ownerUin, uin, description: '', at: clock.now() }
    return { uin, key: await createKey(tx, app.vault, keyInput) }
  })
}

/** Another main account. */
export function addStranger({ app, clock }: TestApp, uin: number): Promise<TestPerson> {
  return app.db.write(async (tx) => {
    await createMainAccount(tx, {
      uin,
      name: `main-${uin}`,
      passwordHash: undefined,
      at: clock.now(),
    })
    const input = { ownerUin: uin, uin, description: '', at: clock.now() }
    return { uin, key: await createKey(tx, app.vault, input) }
  })
}

export function allow(action: string | readonly string[], resource: string | readonly string[]) {
  return { effect: 'allow', action, resource }
}
