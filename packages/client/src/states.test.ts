import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Client, createClient } from './client.ts'
import { CallError } from './errors.ts'
import { waitForInstance, waitForInstanceGone, waitForJob, waitForStorageMove } from './states.ts'
import { skippingClock, type TestEndpoint, testEndpoint } from './test-endpoint.ts'

describe('waiting', () => {
  let endpoint: TestEndpoint
  let client: Client
  /** One after the other; the last for ever. */
  let replies: object[] = []
  const clock = skippingClock()

  before(async () => {
    endpoint = await testEndpoint(() => (replies.length > 1 ? replies.shift() : replies[0]) ?? {})
    client = createClient({ endpoint: endpoint.url })
  })
  after(() => endpoint.close())

  const instance = (Status: string) => ({
    RegistryStatusSet: [{ RegistryId: 'tcr-1', Status, Conditions: [] }],
  })
  const job = (State: string, Reason: string | null = null) => ({ Job: { State, Reason }, Log: [] })
  const notFound = { Error: { Code: 'ResourceNotFound', Message: 'gone' } }
  const fails = (code: string, words: RegExp) => (error: unknown) =>
    error instanceof CallError && error.code === code && words.test(error.message)

  it('for an instance ends when it runs', async () => {
    replies = [instance('Pending'), instance('Deploying'), instance('Running')]
    assert.equal(await waitForInstance(client, 'tcr-1', 'Running', { clock }), 'Running')
    assert.deepEqual(clock.slept, [500, 750])
  })

  it('for an instance fails where it can not come about', async () => {
    replies = [instance('Pending'), instance('FailedCreated')]
    await assert.rejects(
      waitForInstance(client, 'tcr-1', 'Running', { clock }),
      fails('ClientError.WaitFailed', /FailedCreated/),
    )
  })

  it('for an instance to go ends when nobody knows it', async () => {
    replies = [instance('Deleting'), notFound]
    await waitForInstanceGone(client, 'tcr-1', { clock })
    replies = [instance('Deleting'), { RegistryStatusSet: [] }]
    await waitForInstanceGone(client, 'tcr-1', { clock })
    replies = [instance('DeleteFailed')]
    await assert.rejects(waitForInstanceGone(client, 'tcr-1', { clock }), CallError)
  })

  it('for a job tells how far it is, and why it failed', async () => {
    replies = [job('Waiting'), job('Running'), job('Succeeded')]
    const states: string[] = []
    await waitForJob(client, 'j', { clock, onProgress: (one) => states.push(one.State) })
    assert.deepEqual(states, ['Waiting', 'Running', 'Succeeded'])
    replies = [job('Failed', 'the disk is full')]
    await assert.rejects(
      waitForJob(client, 'j', { clock }),
      fails('ClientError.WaitFailed', /Failed: the disk is full/),
    )
  })

  it('for the bytes of an instance is over where nothing moves', async () => {
    replies = [{ State: 'None', Reason: null }]
    assert.equal((await waitForStorageMove(client, 'tcr-1', { clock })).State, 'None')
    replies = [
      { State: 'Running', Reason: null },
      { State: 'Cancelled', Reason: null },
    ]
    await assert.rejects(waitForStorageMove(client, 'tcr-1', { clock }), CallError)
  })

  it('ends at its time limit', async () => {
    replies = [job('Running')]
    await assert.rejects(
      waitForJob(client, 'j', { clock, timeoutMs: 60_000 }),
      fails('ClientError.WaitTimeout', /60 s/),
    )
  })
})
