import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { actions, findActions } from '@entrepot/contract/catalog.ts'
import { createClient } from './client.ts'
import { listPathOf, pagesOf } from './pages.ts'
import { testEndpoint } from './test-endpoint.ts'

function actionOf(name: string) {
  const [action] = findActions(name)
  return action ?? assert.fail(name)
}

/** A server with so many entries, which pages as the action says. */
async function listAll(name: string, total: number, make: (entries: object[]) => object) {
  const endpoint = await testEndpoint(({ input }) => {
    const limit = Number(input.Limit ?? input.PageSize ?? input.Rp)
    const start = input.Page ? (Number(input.Page) - 1) * limit : Number(input.Offset)
    const entries = Array.from({ length: total }, (_, id) => ({ id }))
    return make(entries.slice(start, start + limit))
  })
  try {
    const client = createClient({ endpoint: endpoint.url })
    const seen: unknown[] = []
    for await (const { entries } of pagesOf(client, actionOf(name), {})) seen.push(...entries)
    const asked = endpoint.calls.map(({ input }) => input)
    return { ids: seen.map((entry) => (entry as { id: number }).id), asked }
  } finally {
    await endpoint.close()
  }
}

const upTo = (total: number) => Array.from({ length: total }, (_, id) => id)

describe('pages', () => {
  it('by record, to the total', async () => {
    const { ids, asked } = await listAll('DescribeImages', 450, (ImageInfoList) => ({
      ImageInfoList,
      TotalCount: 450,
    }))
    assert.deepEqual(ids, upTo(450))
    assert.deepEqual(asked, [
      { Offset: 0, Limit: 200 },
      { Offset: 200, Limit: 200 },
      { Offset: 400, Limit: 200 },
    ])
  })

  it('by what each page gives for the next, under each name', async () => {
    for (const [name, list, mark, size, most] of [
      ['ListAccounts', 'Users', 'Marker', 'MaxItems', 200],
      ['LookUpEvents', 'Events', 'NextToken', 'MaxResults', 50],
      ['GetResources', 'ResourceTagMappingList', 'PaginationToken', 'MaxResults', 200],
    ] as const) {
      const endpoint = await testEndpoint(({ input }) => {
        const page = Number(input[mark] ?? 0)
        return { [list]: [{ id: page }], [mark]: page === 2 ? '' : String(page + 1) }
      })
      const client = createClient({ endpoint: endpoint.url })
      const ids: unknown[] = []
      for await (const { entries } of pagesOf(client, actionOf(name), {})) ids.push(...entries)
      assert.deepEqual(ids, [{ id: 0 }, { id: 1 }, { id: 2 }])
      const asked = endpoint.calls.map(({ input }) => input)
      assert.deepEqual(asked, [
        { [size]: most },
        { [size]: most, [mark]: '1' },
        { [size]: most, [mark]: '2' },
      ])
      await endpoint.close()
    }
  })

  it('end where the server says so, or leads to the same page again', async () => {
    for (const [last, pages] of [
      [{ NextToken: 'x', ListOver: true }, 1],
      [{ NextToken: 'x', ListOver: false }, 2],
    ] as const) {
      const endpoint = await testEndpoint(() => ({ Events: [], ...last }))
      const client = createClient({ endpoint: endpoint.url })
      for await (const { entries } of pagesOf(client, actionOf('LookUpEvents'), {})) {
        assert.deepEqual(entries, [])
      }
      assert.equal(endpoint.calls.length, pages)
      await endpoint.close()
    }
  })

  it('by number, under both names', async () => {
    for (const [name, list, size, total] of [
      ['ListGroups', 'GroupInfo', 'Rp', 'TotalNum'],
      ['DescribeImmutableTagRules', 'Rules', 'PageSize', 'Total'],
    ] as const) {
      const { ids, asked } = await listAll(name, 201, (entries) => ({
        [list]: entries,
        [total]: 201,
      }))
      assert.deepEqual(ids, upTo(201))
      assert.deepEqual(asked.at(-1), { Page: 2, [size]: 200 })
    }
  })

  it('as text where the product has it so, and below `Data`', async () => {
    const vpcs = await listAll('DescribeVpcs', 1, (VpcSet) => ({ VpcSet, TotalCount: 1 }))
    assert.deepEqual(vpcs.asked, [{ Offset: '0', Limit: '200' }])
    const personal = await listAll('DescribeNamespacePersonal', 201, (NamespaceInfo) => ({
      Data: { NamespaceInfo, NamespaceCount: 201 },
    }))
    assert.deepEqual(personal.ids, upTo(201))
  })

  it('end where a list shrinks meanwhile, and where it tells no total', async () => {
    const shrunk = await listAll('DescribeImages', 200, (ImageInfoList) => ({
      ImageInfoList,
      TotalCount: 300,
    }))
    assert.deepEqual(shrunk.ids, upTo(200))
    const untold = await listAll('DescribeImages', 210, (ImageInfoList) => ({ ImageInfoList }))
    assert.deepEqual([untold.ids.length, untold.asked.length], [210, 2])
  })

  it('are there for every list of the contract that has any', () => {
    for (const action of actions) {
      if (action.paging) assert.ok(listPathOf(action.output), action.name)
    }
  })

  it('are refused where there are none', async () => {
    const client = createClient({ endpoint: 'http://127.0.0.1:9' })
    await assert.rejects(pagesOf(client, actionOf('CreateNamespace'), {}).next(), TypeError)
  })
})
