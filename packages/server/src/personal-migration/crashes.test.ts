// The job with each of its calls to the database and the stores failing, and a second attempt after it.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Tx } from '../db/database.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { crashTable } from '../faults/crash-table.ts'
import { Faults, faultyCalls, faultyDatabase } from '../faults/faults.ts'
import { assertInvariants } from '../faults/invariants.ts'
import { personalApp, personalPassword, userOf } from '../personal/test-personal.ts'
import { outcome, ownerOf } from '../registry/test-client.ts'
import type { Driver } from '../storage/driver.ts'
import { Stores } from '../storage/stores.ts'
import { mainKey } from '../test-app.ts'
import { personalMigrationJobs } from './jobs.ts'

/** What only reads leaves nothing behind when it fails: as the failure of the write before it. */
const reads = /^(?:fetch|statement SelectQueryNode|store\.(?:get|stat|freeBytes))$/
/** Everything that was ever copied is looked at each time. */
const roundsPerCheck = 15

class WriteFaults extends Faults {
  readonly #faults: Faults

  constructor(faults: Faults) {
    super()
    this.#faults = faults
  }

  override begin(name: string) {
    return reads.test(name) ? super.begin(name) : this.#faults.begin(name)
  }
}

onEachDatabase('a migration whose calls fail', (_open, dialect) => {
  it('is finished by the next attempt, and loses nothing', async () => {
    const app = await personalApp({ dialect })
    const user = userOf(app, { uin: app.instance.ownerUin, key: mainKey })
    const client = ownerOf(app)
    await user.done('CreateUserPersonal', { Password: personalPassword })
    await user.done('CreateNamespacePersonal', { Namespace: 'mine' })
    let round = 0
    const ground = { db: app.app.db, store: app.store, clock: app.clock }

    async function attempt(id: string, faults?: Faults): Promise<void> {
      const db = faults ? faultyDatabase(ground.db, faults) : ground.db
      const stores = new Stores(app.clock, 0)
      stores.add('default', faults ? faultyCalls<Driver>(app.store, 'store', faults) : app.store)
      const [job] = personalMigrationJobs({ clock: app.clock, stores })
      await job?.run({
        db,
        job: { id, key: id, attempt: 1 },
        payload: undefined,
        signal: new AbortController().signal,
        write: <T>(work: (tx: Tx) => Promise<T>) => db.write(work),
        progress: async () => {},
        log: () => {},
      })
    }

    const world = async (faults: Faults) => {
      round += 1
      await user.done('CreateRepositoryPersonal', { RepoName: `mine/r${round}` })
      for (const tag of ['a', 'b']) {
        await user.client.pushImage(`mine/r${round}`, tag, `${round} ${tag}`)
      }
      const answer = await user.api(
        'MigratePersonalNamespace',
        { RegistryId: app.instance.id, Namespaces: [{ Namespace: 'mine' }] },
        'entrepot',
      )
      assert.equal(answer.Error, undefined)
      return { faults: new WriteFaults(faults), id: answer.JobId as string, path: `mine/r${round}` }
    }
    try {
      const failed = await crashTable(
        {
          open: world,
          run: ({ id, faults }) => attempt(id, faults),
          recover: ({ id }) => attempt(id),
          async check({ id, path }) {
            for (const tag of ['a', 'b']) {
              const answer = await client.call('GET', `/v2/${path}/manifests/${tag}`)
              assert.equal(outcome(answer), '200')
            }
            const input = { RegistryId: app.instance.id, JobId: id }
            const { Migrations } = await user.api(
              'DescribePersonalNamespaceMigrations',
              input,
              'entrepot',
            )
            const [{ State, RepositoriesDone, TagsDone, TagsFailed }] = Migrations
            assert.deepEqual(
              [State, RepositoriesDone, TagsDone, TagsFailed],
              ['Succeeded', 1, 2, 0],
            )
            if (round % roundsPerCheck === 0) await assertInvariants(ground)
            // The next round copies its own repository only.
            await user.done('DeleteRepositoryPersonal', { RepoName: path })
            const deleted = { NamespaceName: 'mine', RepositoryName: path.slice('mine/'.length) }
            const deletion = { RegistryId: app.instance.id, ...deleted, ForceDelete: true }
            await user.done('DeleteRepository', deletion)
          },
        },
        // To die after one call is to die before the next.
        [{ when: 'after', how: 'dies' }],
      )
      assert.ok(failed.some((name) => name.startsWith('store.')))
      assert.ok(failed.length > 15, failed.join(', '))
      await assertInvariants(ground)
    } finally {
      await app.close()
    }
  })
})
