import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fakeClock } from '../clock.ts'
import { addressSet } from './addresses.ts'
import {
  fetchOutbound,
  maxOutboundRedirects,
  type OutboundFault,
  type OutboundGuard,
  OutboundProblem,
  type OutboundRequest,
} from './outbound.ts'
import { mayReach } from './outbound-address.ts'
import { serve } from './test-server.ts'

const nothing = addressSet([])
const loopback = addressSet([{ address: '127.0.0.1', prefix: 32, family: 'ipv4' }])
const limits: OutboundRequest = { maxBytes: 100, timeoutMs: 1_000 }

function guard(more: Partial<OutboundGuard> = {}): OutboundGuard {
  return { clock: fakeClock(), allowed: loopback, resolve: async () => ['127.0.0.1'], ...more }
}

function isFault(fault: OutboundFault) {
  return (error: unknown) => error instanceof OutboundProblem && error.fault === fault
}

describe('mayReach', () => {
  const refused = [
    ...['127.0.0.1', '127.255.255.255', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ...['169.254.169.254', '169.254.0.23', '100.64.0.1', '100.100.100.200', '0.0.0.0', '224.0.0.1'],
    ...[
      '255.255.255.255',
      '240.0.0.1',
      '192.0.0.192',
      '198.18.0.1',
      '203.0.113.1',
      '168.63.129.16',
    ],
    ...[
      '::1',
      '::',
      'fe80::1',
      'fe80::1%eth0',
      'fc00::1',
      'fd00:ec2::254',
      'ff02::1',
      '::127.0.0.1',
    ],
    ...['::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '64:ff9b:1::1', '2002:7f00:1::'],
    ...['2001::1', '2001:db8::1', 'fec0::1', '100::1', '5f00::1'],
    ...['', 'localhost', '127.1', '0x8.8.8.8', '8.8.8.8/32'],
  ]
  for (const address of refused) {
    it(`refuses ${address}`, () => assert.equal(mayReach(address, nothing), false))
  }
  const open = ['8.8.8.8', '172.15.255.255', '172.32.0.0', '100.63.255.255', '100.128.0.0']
  for (const address of [...open, '126.255.255.255', '128.0.0.1', '2606:4700::1111', '2a00::1']) {
    it(`allows ${address}`, () => assert.equal(mayReach(address, nothing), true))
  }
  it('allows what the operator names', () => {
    assert.ok(mayReach('127.0.0.1', loopback))
    assert.ok(mayReach('::ffff:127.0.0.1', loopback))
    assert.ok(!mayReach('127.0.0.2', loopback))
  })
})

describe('fetchOutbound', () => {
  it('connects to the address that was checked, under the name that was asked for', async (t) => {
    const port = await serve(t, (req, res) =>
      res.end(`${req.headers.host} ${req.method} ${req.url}`),
    )
    let asked = 0
    const resolve = async (name: string) => {
      asked += 1
      assert.equal(name, 'hooks.example')
      return ['10.0.0.1', '127.0.0.1']
    }
    const url = `http://hooks.example:${port}/a?b`
    const response = await fetchOutbound(url, limits, guard({ resolve }))
    assert.equal(response.body.toString(), `hooks.example:${port} GET /a?b`)
    assert.equal(response.status, 200)
    assert.equal(asked, 1)
  })
  it('refuses inner addresses, however they are written', async () => {
    const urls = ['http://127.0.0.1/', 'http://2130706433/', 'http://0x7f.1/', 'http://[::1]/']
    urls.push('http://[::ffff:7f00:1]/', 'http://169.254.169.254/latest', 'https://10.0.0.1/')
    for (const url of urls) {
      const outcome = fetchOutbound(url, limits, guard({ allowed: nothing }))
      await assert.rejects(outcome, isFault('address'), url)
    }
    const inner = guard({ allowed: nothing, resolve: async () => ['10.0.0.1', '::1'] })
    await assert.rejects(fetchOutbound('http://a.example/', limits, inner), isFault('address'))
  })
  it('refuses what is no plain address', async () => {
    for (const url of ['', 'a', 'ftp://a/', 'file:///etc/passwd', 'http://u:p@a.example/']) {
      await assert.rejects(fetchOutbound(url, limits, guard()), isFault('url'), url)
    }
  })
  it('checks each redirect anew', async (t) => {
    const port = await serve(t, (req, res) => {
      res.writeHead(302, { Location: req.url === '/a' ? '/b' : 'http://inner.example/' }).end()
    })
    const resolve = async (name: string) => [name === 'inner.example' ? '10.0.0.1' : '127.0.0.1']
    const outcome = fetchOutbound(`http://a.example:${port}/a`, limits, guard({ resolve }))
    await assert.rejects(outcome, isFault('address'))
  })
  for (const target of ['http://169.254.169.254/latest/', 'http://[::ffff:127.0.0.1]:9/']) {
    it(`is not led to ${target}`, async (t) => {
      const port = await serve(t, (_req, res) => res.writeHead(307, { Location: target }).end())
      // The receiver's own address is allowed; what it leads to is not.
      const resolve = async () => ['198.51.100.1', '127.0.0.1']
      const only = addressSet([{ address: '127.0.0.1', prefix: 32, family: 'ipv4' }])
      const url = `http://a.example:${port}/`
      const outcome = fetchOutbound(url, limits, guard({ resolve, allowed: only }))
      await assert.rejects(outcome, isFault(target.includes('ffff') ? 'unreachable' : 'address'))
    })
  }
  it('gives a redirect as the answer, and the beginning of a long body, where asked for', async (t) => {
    const port = await serve(t, (_req, res) => {
      res.writeHead(302, { Location: 'http://inner.example/' }).end('x'.repeat(1000))
    })
    const request = { ...limits, maxRedirects: 0, returnsRedirect: true, cutsBody: true }
    const answer = await fetchOutbound(`http://a.example:${port}/`, request, guard())
    assert.equal(answer.status, 302)
    assert.equal(answer.headers.location, 'http://inner.example/')
    assert.deepEqual([answer.body.length, answer.isCut], [100, true])
  })
  it('follows a bounded number of redirects', async (t) => {
    const port = await serve(t, (req, res) => {
      const left = Number(req.url?.slice(1))
      if (left === 0) res.end('there')
      else res.writeHead(307, { Location: `/${left - 1}` }).end()
    })
    const start = (redirects: number) =>
      fetchOutbound(`http://a.example:${port}/${redirects}`, limits, guard())
    const response = await start(maxOutboundRedirects)
    assert.equal(response.url, `http://a.example:${port}/0`)
    await assert.rejects(start(maxOutboundRedirects + 1), isFault('redirects'))
  })
  it('keeps method and body on 307, drops them on 303, and credentials at another origin', async (t) => {
    const seen: string[] = []
    const port = await serve(t, async (req, res) => {
      const body = Buffer.concat(await req.toArray()).toString()
      seen.push(`${req.method} ${req.headers.host} ${req.headers.authorization} ${body}`)
      if (req.url === '/1') res.writeHead(307, { Location: '/2' }).end()
      else if (req.url === '/2')
        res.writeHead(303, { Location: `http://b.example:${port}/3` }).end()
      else res.end()
    })
    const request = {
      ...limits,
      method: 'POST',
      headers: { Authorization: 'x' },
      body: 'data',
    } as const
    await fetchOutbound(`http://a.example:${port}/1`, request, guard())
    assert.deepEqual(seen, [
      `POST a.example:${port} x data`,
      `POST a.example:${port} x data`,
      `GET b.example:${port} undefined `,
    ])
  })
  it('reads up to its limit', async (t) => {
    const port = await serve(t, (req, res) => res.end('x'.repeat(Number(req.url?.slice(1)))))
    const url = `http://a.example:${port}/`
    assert.equal((await fetchOutbound(`${url}100`, limits, guard())).body.length, 100)
    await assert.rejects(fetchOutbound(`${url}101`, limits, guard()), isFault('too-large'))
  })
  it('ends after its time, in the answer or in the name', async (t) => {
    const clock = fakeClock()
    const port = await serve(t, (_req, res) => {
      res.write('x')
      clock.advance(1_000)
    })
    const url = `http://a.example:${port}/`
    await assert.rejects(fetchOutbound(url, limits, guard({ clock })), isFault('timeout'))
    const resolve = () => {
      setImmediate(() => clock.advance(1_000))
      return new Promise<string[]>(() => undefined)
    }
    await assert.rejects(fetchOutbound(url, limits, guard({ clock, resolve })), isFault('timeout'))
  })
  it('stops on its signal, and tells what could not be reached', async () => {
    const stopped = { ...limits, signal: AbortSignal.abort(new Error('job cancelled')) }
    await assert.rejects(fetchOutbound('http://a.example/', stopped, guard()), /job cancelled/)
    const resolve = async () => {
      throw new Error('ENOTFOUND')
    }
    const outcome = fetchOutbound('http://a.example/', limits, guard({ resolve }))
    await assert.rejects(outcome, isFault('unreachable'))
  })
})
