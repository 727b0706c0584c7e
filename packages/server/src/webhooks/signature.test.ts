import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { maskedLines, requestHeaders } from './signature.ts'

const sent = {
  deliveryId: 7,
  eventId: 'event-1',
  sequence: 3,
  eventType: 'pushImage',
  contentType: 'application/json',
  body: '{"type":"推送"}',
  attempt: 2,
  atMs: 1_589_106_605_400,
}
const own = [{ Key: 'Authorization', Values: ['Bearer s3cret'] }]

type IsGenuine = (headers: Record<string, string>, body: string, secret: string) => boolean

/** What the page of the docs tells receivers to do. */
async function documented(page: string): Promise<IsGenuine> {
  const text = await readFile(new URL(`../../../../docs/${page}`, import.meta.url), 'utf8')
  const [, code] = /```js\n([\s\S]*?)```/.exec(text) ?? []
  assert(code)
  const module = `${code}\nexport { isGenuine }`
  const { isGenuine } = await import(`data:text/javascript,${encodeURIComponent(module)}`)
  return isGenuine
}

describe('a request', () => {
  it('says what it is, and is signed', () => {
    const headers = requestHeaders(sent, own, 'secret')
    assert.deepEqual(headers, {
      Authorization: 'Bearer s3cret',
      'Content-Type': 'application/json',
      'Content-Length': '17',
      'User-Agent': 'Entrepot-Webhook',
      'X-Entrepot-Event': 'pushImage',
      'X-Entrepot-Event-Id': 'event-1',
      'X-Entrepot-Sequence': '3',
      'X-Entrepot-Delivery': '7',
      'X-Entrepot-Attempt': '2',
      'X-Entrepot-Timestamp': '1589106605',
      'X-Entrepot-Signature':
        'sha256=ef4c2f836c4eb401cf0e02578681977f6ce4e6b358acc5952ed22f83bbfc1313',
    })
  })

  it('is logged without what the receiver knows us by', () => {
    const lines = maskedLines(requestHeaders(sent, own, 'secret'), own).split('\n')
    assert.ok(lines.includes('Authorization: ******'))
    assert.ok(lines.includes('X-Entrepot-Signature: ******'))
    assert.ok(lines.includes('X-Entrepot-Event: pushImage'))
  })

  for (const page of ['webhooks.md', 'webhooks.zh.md']) {
    it(`is verified by the code in ${page}`, async () => {
      const isGenuine = await documented(page)
      const headersAt = (atMs: number) => {
        const headers = requestHeaders({ ...sent, atMs }, own, 'secret')
        return Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
        )
      }
      const now = headersAt(Date.now())
      assert.equal(isGenuine(now, sent.body, 'secret'), true)
      assert.equal(isGenuine(now, `${sent.body} `, 'secret'), false)
      assert.equal(isGenuine(now, sent.body, 'other'), false)
      assert.equal(isGenuine(headersAt(sent.atMs), sent.body, 'secret'), false)
      const { 'x-entrepot-signature': _, ...unsigned } = now
      assert.equal(isGenuine(unsigned, sent.body, 'secret'), false)
    })
  }
})
