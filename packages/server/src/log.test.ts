import assert from 'node:assert/strict'
import test from 'node:test'
import { createLog, type LogLevel } from './log.ts'

function capture(level: LogLevel = 'info', secrets: readonly string[] = []) {
  const lines: string[] = []
  return { lines, log: createLog({ level, secrets, write: (line) => lines.push(line) }) }
}

test('a line is one JSON object with time, level, message and the fields of its log', () => {
  const { lines, log } = capture()
  log.child({ requestId: 'r1' }).info('pushed', { sizeBytes: 7, at: new URL('http://a:b-c-d@h/') })
  assert.equal(lines.length, 1)
  const line = JSON.parse(lines[0] ?? '')
  assert.equal(line.level, 'info')
  assert.equal(line.message, 'pushed')
  assert.equal(line.requestId, 'r1')
  assert.equal(line.sizeBytes, 7)
  assert.equal(line.at, 'http://a:[hidden]@h/')
  assert.ok(!Number.isNaN(Date.parse(line.time)))
})

test('the level decides which lines are written', () => {
  const { lines, log } = capture('warn')
  log.info('no')
  log.debug('no')
  log.warn('yes')
  log.error('yes')
  assert.equal(lines.length, 2)
})

test('no secret reaches a line: by field name, in messages, errors and their causes', () => {
  const secret = 'hunter2-hunter2-hunter2'
  const { lines, log } = capture('debug', [secret])
  const cause = new Error(`connect postgres://u:${secret}@db failed`)
  const error = Object.assign(new Error(`GET /?token=${secret}`, { cause }), {
    code: 'ECONNREFUSED',
    config: { headers: { authorization: secret } },
  })
  log.error(`failed with ${secret}`, { error, errors: new AggregateError([cause], secret) })
  log.info('x', { password: 'short', nested: { list: [{ token: 'abc' }], note: `a ${secret}` } })
  log.child({ authorization: secret }).debug('y')
  const all = lines.join('\n')
  assert.ok(!all.includes(secret), all)
  assert.ok(!all.includes('short') && !all.includes('"abc"'), all)
  assert.ok(all.includes('ECONNREFUSED'))
  assert.ok(all.includes('postgres://u:[hidden]@db'))
})

test('bytes, cycles and depth are cut, not followed', () => {
  const { lines, log } = capture()
  const loop: Record<string, unknown> = { bytes: new Uint8Array(5), big: 5n }
  loop.self = loop
  log.info('x', loop)
  assert.ok(lines[0]?.includes('(5 bytes)'))
  assert.ok(lines[0]?.includes('…'))
})
