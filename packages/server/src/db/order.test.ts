// Pages that go by key are the same on both databases, whatever the collation of the server.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { onEachDatabase } from './test-database.ts'

const stored = ['a', 'latest', '_', '1.9', 'A', '1.10', 'Z', 'é', '漢', '~', '-', '1', '😀', '￿']
/** By code point, as UTF-8 sorts; not as UTF-16 does, where `😀` stands before `￿`. */
const ordered = ['-', '1', '1.10', '1.9', 'A', 'Z', '_', 'a', 'latest', '~', 'é', '漢', '￿', '😀']

onEachDatabase('the order of text', (open) => {
  it('is by bytes', async () => {
    const db = await open()
    await db.write((tx) =>
      tx
        .insertInto('meta')
        .values(stored.map((key) => ({ key, value: '' })))
        .execute(),
    )
    const pageOf = async (last: string, n: number) => {
      const rows = await db.read
        .selectFrom('meta')
        .select('key')
        .where('key', '>', last)
        .orderBy('key')
        .limit(n)
        .execute()
      return rows.map(({ key }) => key)
    }
    assert.deepEqual(await pageOf('', 100), ordered)
    for (let i = 0; i < ordered.length; i += 1) {
      assert.deepEqual(await pageOf(ordered[i] ?? '', 3), ordered.slice(i + 1, i + 4))
    }
    // A `last` that is not there: the page begins where it would stand.
    assert.deepEqual(await pageOf('1.11', 2), ['1.9', 'A'])
  })
})
