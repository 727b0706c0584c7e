// A server of this protocol that answers what a test says, for what a real one does too rarely.

import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { ClientClock } from './clock.ts'

export interface SeenCall {
  readonly action: string
  readonly headers: IncomingMessage['headers']
  readonly input: Readonly<Record<string, unknown>>
}

type Answer = { readonly status?: number; readonly text: string } | object | 'hang'

export interface TestEndpoint {
  readonly url: string
  readonly calls: readonly SeenCall[]
  close(): Promise<void>
}

/** What `answer` gives is what is between the braces of `Response`; with `text`, all of the body. */
export async function testEndpoint(answer: (call: SeenCall) => Answer): Promise<TestEndpoint> {
  const calls: SeenCall[] = []
  const server = createServer(async (req, res) => {
    const input = (await json(req)) as SeenCall['input']
    const action = String(req.headers['x-tc-action'])
    const call = { action, headers: req.headers, input }
    calls.push(call)
    const reply = answer(call)
    if (reply === 'hang') return
    const raw = 'text' in reply ? reply : undefined
    res.statusCode = raw?.status ?? 200
    res.end(raw?.text ?? JSON.stringify({ Response: { ...reply, RequestId: 'r-1' } }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** Sleeping only moves its hands. */
export function skippingClock(startMs = 1_700_000_000_000): ClientClock & { slept: number[] } {
  let nowMs = startMs
  const slept: number[] = []
  return {
    slept,
    nowMs: () => nowMs,
    async sleep(ms) {
      slept.push(ms)
      nowMs += ms
    },
  }
}
