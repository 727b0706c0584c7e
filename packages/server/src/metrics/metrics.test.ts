import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import test from 'node:test'
import { Metrics } from './registry.ts'
import { deploymentSnapshot, serverMetrics } from './server-metrics.ts'
import { mergeSnapshots, type ProcessSnapshot, withoutGauges } from './snapshot.ts'
import { metricsText } from './text.ts'

function sample(count: number, delay: number): ProcessSnapshot {
  const metrics = new Metrics()
  metrics.counter('x_total', 'Xs.', ['kind'])('a').add(count)
  const seconds = metrics.histogram('x_seconds', 'Time.', [], [0.1, 1])()
  for (const value of [0.1, 0.5, 7]) seconds.observe(value)
  metrics.gauge({
    name: 'x_delay',
    help: 'Delay.',
    labels: [],
    merge: 'max',
    read: () => [{ labels: [], value: delay }],
  })
  return metrics.snapshot()
}

test('processes are summed: counters and buckets add up, a gauge of the worst is the worst', () => {
  const other = new Metrics()
  other.counter('x_total', 'Xs.', ['kind'])('b "\\\n').add(5)
  const text = metricsText(mergeSnapshots([sample(1, 9), sample(2, 3), other.snapshot()]))
  assert.equal(
    text,
    [
      '# HELP x_total Xs.',
      '# TYPE x_total counter',
      'x_total{kind="a"} 3',
      'x_total{kind="b \\"\\\\\\n"} 5',
      '# HELP x_seconds Time.',
      '# TYPE x_seconds histogram',
      'x_seconds_bucket{le="0.1"} 2',
      'x_seconds_bucket{le="1"} 4',
      'x_seconds_bucket{le="+Inf"} 6',
      'x_seconds_sum 15.2',
      'x_seconds_count 6',
      '# HELP x_delay Delay.',
      '# TYPE x_delay gauge',
      'x_delay 9',
      '',
    ].join('\n'),
  )
})

test('a process that ended keeps its counts and loses its gauges', () => {
  const merged = mergeSnapshots([withoutGauges(sample(4, 9)), sample(1, 2)])
  const text = metricsText(merged)
  assert.match(text, /x_total\{kind="a"\} 5/)
  assert.match(text, /x_delay 2/)
})

test('a snapshot is plain data and does not move with its process', () => {
  const metrics = new Metrics()
  const histogram = metrics.histogram('x_seconds', 'Time.', [], [1])()
  const before = metrics.snapshot()
  const copy = structuredClone(before)
  histogram.observe(0.5)
  assert.deepEqual(before, copy)
})

test('too many or too few label values are our mistake', () => {
  const counter = new Metrics().counter('x_total', 'Xs.', ['kind'])
  assert.throws(() => counter(), /1 labels/)
  assert.throws(() => {
    for (let value = 0; value <= 5000; value++) counter(String(value))
  }, /series/)
})

test('requests by route, method and status; foreign methods are one', (t) => {
  const metrics = serverMetrics('1')
  t.after(() => metrics.close())
  const route = metrics.route('/v2/<name>/blobs/<digest>')
  route.finished('GET', 200, 0.002)
  route.finished('GET', 200, 0.002)
  route.finished('BREW', 405, 0.002)
  route.finished('SMELL', 405, 0.002)
  metrics.databaseSeconds('write').observe(0.0002)
  metrics.storageSeconds('put').observe(0.003)
  const text = metricsText(metrics.snapshot())
  const labels = 'route="/v2/<name>/blobs/<digest>"'
  assert.ok(text.includes(`entrepot_http_requests_total{${labels},method="GET",status="200"} 2`))
  assert.ok(text.includes(`entrepot_http_requests_total{${labels},method="other",status="405"} 2`))
  assert.ok(
    text.includes(`entrepot_http_request_seconds_bucket{${labels},method="GET",le="0.0025"} 2`),
  )
  assert.ok(text.includes('entrepot_database_seconds_count{operation="write"} 1'))
  assert.ok(text.includes('entrepot_storage_seconds_count{operation="put"} 1'))
  assert.match(text, /entrepot_process_resident_bytes\{process="1"\} \d{7,}/)
  assert.match(text, /entrepot_http_connections_open 0/)
})

test('bytes are those of the connections, open and closed', async (t) => {
  const metrics = serverMetrics('1')
  const server = createServer((socket) => {
    metrics.watchConnection(socket)
    socket.once('data', () => socket.write('four'))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    metrics.close()
    server.close()
  })
  const bound = server.address()
  assert.ok(typeof bound === 'object' && bound)
  const client = connect(bound.port, '127.0.0.1', () => client.write('seven b'))
  await once(client, 'data')
  const open = metricsText(metrics.snapshot())
  assert.match(open, /entrepot_http_received_bytes_total 7\n/)
  assert.match(open, /entrepot_http_connections_open 1\n/)
  client.end()
  await once(client, 'close')
  assert.match(metricsText(metrics.snapshot()), /entrepot_http_sent_bytes_total 4\n/)
})

test('the gauges of the deployment', () => {
  const text = metricsText(
    deploymentSnapshot({
      uploadsOpen: 3,
      jobs: [{ state: 'waiting', count: 2, oldestSeconds: 1.5 }],
      eventsBehind: [{ subscriber: 'sync', events: 7 }],
      forwardings: [{ forwarding: 'office', behindSeconds: 3 }],
      webhooks: { waiting: 4, failingTargets: 2 },
    }),
  )
  for (const line of [
    'entrepot_uploads_open 3',
    'entrepot_jobs{state="waiting"} 2',
    'entrepot_jobs_oldest_seconds{state="waiting"} 1.5',
    'entrepot_events_behind{subscriber="sync"} 7',
    'entrepot_webhooks_waiting 4',
    'entrepot_webhook_targets_failing 2',
    'entrepot_audit_forwarding_behind_seconds{forwarding="office"} 3',
  ]) {
    assert.ok(text.includes(`${line}\n`), line)
  }
})

test('counting a request costs less than half a microsecond', (t) => {
  const metrics = serverMetrics('1')
  t.after(() => metrics.close())
  const route = metrics.route('/v2/')
  const times = 1_000_000
  for (let i = 0; i < times / 10; i++) route.finished('GET', 200, 0.002)
  const before = process.cpuUsage()
  for (let i = 0; i < times; i++) route.finished('GET', 200, 0.002)
  const used = process.cpuUsage(before)
  assert.ok((used.user + used.system) / times < 0.5, `${used.user + used.system} µs for a million`)
})

test('what no audit row tells of is counted', () => {
  const metrics = serverMetrics('p')
  let dropped = 0
  metrics.watchDroppedAudits(() => dropped)
  const line = () =>
    /^entrepot_audit_dropped_total (.+)$/m.exec(metricsText(metrics.snapshot()))?.[1]
  assert.equal(line(), '0')
  dropped = 7
  assert.deepEqual([line(), line()], ['7', '7'])
  metrics.close()
})
