import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Insertable } from 'kysely'
import { fakeClock } from '../clock.ts'
import { batches } from '../db/batches.ts'
import type { Database } from '../db/database.ts'
import type { AuditTable } from '../db/schema-audit.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { listEventNames, type Place, type Search, searchAudit, type Wanted } from './search.ts'

type NewRow = Insertable<AuditTable>

const start = 1_800_000_000_000
const owner = 100

function rowAt(at: number, more: Partial<NewRow> = {}): NewRow {
  return {
    at: start + at,
    instance_id: 'tcr-1',
    actor: '100',
    credential: 'api-key:A',
    address: '192.0.2.1',
    agent: null,
    action: 'tcr:PullRepository',
    resource: 'demo/app',
    reference: null,
    result: 'ok',
    reason: null,
    request_id: null,
    count: 1,
    owner_uin: owner,
    event: 'PullRepository',
    resource_name: 'demo/app',
    ...more,
  }
}

async function insert(db: Database, rows: readonly NewRow[]): Promise<void> {
  for (const batch of batches(rows)) {
    await db.write(async (tx) => {
      await tx.insertInto('audit').values(batch).execute()
    })
  }
}

onEachDatabase('look-up in the audit log', (open) => {
  const clock = fakeClock()

  function search(db: Database, wanted: Wanted, more: Partial<Search> = {}) {
    return searchAudit(db.heavy, clock, {
      owners: [owner],
      from: start,
      until: start + 1_000_000,
      wanted,
      order: 'newest',
      after: undefined,
      limit: 50,
      ...more,
    })
  }

  /** Every page, as `at`s. */
  async function all(db: Database, wanted: Wanted, more: Partial<Search> = {}) {
    const ats: number[] = []
    let pages = 0
    let after: Place | undefined
    do {
      const found = await search(db, wanted, { ...more, after })
      ats.push(...found.rows.map((row) => row.at - start))
      after = found.next
      pages += 1
      assert.ok(pages < 100)
    } while (after)
    return ats
  }

  test('each attribute finds its rows and no others', async () => {
    const db = await open()
    await insert(db, [
      rowAt(1, { request_id: 'r-1' }),
      rowAt(2, { actor: '101' }),
      rowAt(3, { credential: 'temporary-key:A' }),
      rowAt(4, { address: null }),
      rowAt(5, { address: '192.0.2.2' }),
      rowAt(6, { event: 'CreateNamespace', action: 'tcr:CreateNamespace', resource_name: 'team' }),
      rowAt(7, { result: 'refused', reason: 'no-permission' }),
      rowAt(8, { instance_id: 'tcr-2' }),
      rowAt(9, { owner_uin: 200, request_id: 'r-2', instance_id: 'tcr-2' }),
    ])
    const cases: [Wanted, number[]][] = [
      [{}, [8, 7, 6, 5, 4, 3, 2, 1]],
      [{ requestId: 'r-1' }, [1]],
      [{ requestId: 'r-2' }, []],
      [{ actor: '101' }, [2]],
      [{ credentials: ['temporary-key:A', 'long-term:A'] }, [3]],
      [{ credentials: ['api-key:A', 'temporary-key:A'] }, [8, 7, 6, 5, 4, 3, 2, 1]],
      [{ address: '192.0.2.2' }, [5]],
      [{ events: ['CreateNamespace'] }, [6]],
      [{ events: ['CreateNamespace', 'Nothing', 'PullRepository'] }, [8, 7, 6, 5, 4, 3, 2, 1]],
      [{ events: [] }, []],
      [{ resourceName: 'team' }, [6]],
      [{ results: ['refused'] }, [7]],
      [{ results: ['ok'] }, [8, 6, 5, 4, 3, 2, 1]],
      [{ results: ['refused'], reason: 'other' }, []],
      [{ reason: 'no-permission' }, [7]],
      [{ instanceIds: ['tcr-2'] }, [8]],
      [{ instanceIds: [] }, []],
      [{ actor: '100', address: '192.0.2.2', events: ['PullRepository'] }, [5]],
    ]
    for (const [wanted, ats] of cases) {
      assert.deepEqual(await all(db, wanted), ats, JSON.stringify(wanted))
      assert.deepEqual(await all(db, wanted, { limit: 1 }), ats, `${JSON.stringify(wanted)} by one`)
      const oldest = await all(db, wanted, { limit: 2, order: 'oldest' })
      assert.deepEqual(oldest, ats.toReversed(), `${JSON.stringify(wanted)} oldest first`)
    }
    assert.deepEqual(await all(db, {}, { from: start + 3, until: start + 5 }), [5, 4, 3])
    assert.deepEqual((await listEventNames(db.heavy, [owner, 200, 300])).toSorted(), [
      'CreateNamespace',
      'PullRepository',
    ])
  })

  test('the logs of two owners are one by time', async () => {
    const db = await open()
    await insert(
      db,
      Array.from({ length: 20 }, (_, n) => rowAt(n, { owner_uin: n % 3 === 0 ? 0 : owner })),
    )
    const ats = Array.from({ length: 20 }, (_, n) => 19 - n)
    assert.deepEqual(await all(db, {}, { owners: [owner, 0], limit: 3 }), ats)
    const wanted = { actor: '100', events: ['PullRepository'] }
    assert.deepEqual(await all(db, wanted, { owners: [owner, 0], limit: 3 }), ats)
  })

  test('rows of one time are each on one page', async () => {
    const db = await open()
    await insert(
      db,
      Array.from({ length: 25 }, () => rowAt(5)),
    )
    assert.equal((await all(db, {}, { limit: 4 })).length, 25)
    assert.equal((await all(db, {}, { limit: 4, order: 'oldest' })).length, 25)
  })

  test('what two attributes have in common is found among thousands that have one', async () => {
    const db = await open()
    const rows = Array.from({ length: 5200 }, (_, n) =>
      rowAt(n, {
        address: n % 2 === 0 ? '192.0.2.1' : '192.0.2.2',
        actor: n % 2 === 0 ? '100' : '101',
      }),
    )
    rows[17] = rowAt(17, { address: '192.0.2.2', actor: '100' })
    rows[4999] = rowAt(4999, { address: '192.0.2.2', actor: '100' })
    await insert(db, rows)
    const wanted = { address: '192.0.2.2', actor: '100' }
    assert.deepEqual(await all(db, wanted), [4999, 17])
    assert.deepEqual(await all(db, wanted, { limit: 1, order: 'oldest' }), [17, 4999])
    // Time is over at once: pages end early, and none of them is lost.
    let ms = 0
    const hurried = { monotonicMs: () => (ms += 1000) }
    let after: Place | undefined
    const sizes: number[] = []
    do {
      const found = await searchAudit(db.heavy, hurried, {
        owners: [owner],
        from: start,
        until: start + 1_000_000,
        wanted,
        order: 'newest',
        after,
        limit: 50,
      })
      sizes.push(found.rows.length)
      after = found.next
    } while (after)
    assert.deepEqual(
      sizes.filter((size) => size > 0),
      [1, 1],
    )
    assert.ok(sizes.length > 3)
  })
})
