import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createSocket, type Socket as DatagramSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { createServer as createTlsServer } from 'node:tls'
import { onEachDatabase } from '../db/test-database.ts'
import { nudge } from '../jobs/jobs.ts'
import { type TestApp, testApp } from '../test-app.ts'
import { type Forwarding, forwardingLags } from './forwardings.ts'

const dayMs = 86_400_000

const noOpenssl = spawnSync('openssl', ['version']).status !== 0 && 'openssl is not installed'

interface Certificate {
  readonly cert: string
  readonly key: string
}

/** A syslog server over TCP or TLS that reads counted octets. */
class Receiver {
  readonly messages: string[] = []
  isRefusing = false
  readonly #server: Server
  constructor(certificate?: Certificate) {
    const read = (socket: Socket) => this.#read(socket)
    this.#server = certificate ? createTlsServer(certificate, read) : createServer(read)
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    this.#server.close()
  }

  #read(socket: Socket): void {
    if (this.isRefusing) {
      socket.resetAndDestroy()
      return
    }
    let text = ''
    socket.setEncoding('latin1')
    socket.on('error', () => undefined)
    socket.on('data', (chunk: string) => {
      text += chunk
    })
    socket.on('end', () => {
      let bytes = Buffer.from(text, 'latin1')
      while (bytes.length > 0) {
        const blank = bytes.indexOf(' ')
        const end = blank + 1 + Number(bytes.subarray(0, blank).toString())
        this.messages.push(bytes.subarray(blank + 1, end).toString('utf8'))
        bytes = bytes.subarray(end)
      }
    })
  }
}

onEachDatabase('forwarding of the audit log', (_open, dialect) => {
  let folder: string
  let app: TestApp

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entrepot-forward-'))
    const env = { ENTREPOT_DATA: folder, ENTREPOT_OUTBOUND_ALLOW: '127.0.0.0/8' }
    app = await testApp({ dialect, env })
    await app.app.jobs.idle()
  })
  after(async () => {
    await app.close()
    await rm(folder, { recursive: true })
  })

  const entrepot = (action: string, input: object = {}) =>
    app.api(action, input, { product: 'entrepot' })

  async function create(input: object): Promise<void> {
    assert.equal((await entrepot('CreateAuditForwarding', input)).Error, undefined)
  }

  async function show(name: string) {
    const { Forwardings } = await entrepot('DescribeAuditForwardings')
    return Forwardings.find((one: { Name: string }) => one.Name === name)
  }

  let made = 0
  /** An event, by its resource. */
  async function event(): Promise<string> {
    made += 1
    const NamespaceName = `space-${made}`
    const input = { RegistryId: app.instance.id, NamespaceName, IsPublic: false }
    assert.equal((await app.api('CreateNamespace', input)).Error, undefined)
    return NamespaceName
  }

  /**
   * Runs until the forwarding is as it should be: usually that it has sent all that there is. What PostgreSQL has not
   * decided yet is not sent, and transactions of other databases of the server hold that up too.
   */
  async function forward(name: string, isDone = hasSent): Promise<void> {
    const { db, jobs } = app.app
    const { last } = await db.read
      .selectFrom('audit')
      .select((eb) => eb.fn.max<number>('id').as('last'))
      .executeTakeFirstOrThrow()
    for (;;) {
      await db.write((tx) => nudge(tx, 'audit.forward'))
      await jobs.idle()
      const row = await db.read
        .selectFrom('audit_forwardings')
        .selectAll()
        .where('name', '=', name)
        .executeTakeFirstOrThrow()
      if (isDone(row, last)) return
    }
  }

  const hasSent = (row: Forwarding, last: number) => row.position >= last && row.reason === null
  const isHeldUp = (row: Forwarding) => row.reason !== null

  const resourceOf = (line: string): string =>
    JSON.parse(line.slice(line.indexOf('{'))).resourceName

  it('sends what is new to syslog over TCP, and again from where it was held up', async () => {
    const receiver = new Receiver()
    const Address = await receiver.listen()
    await event()
    await create({ Name: 'tcp', Kind: 'Syslog', Address, Facility: 4 })
    const first = await event()
    await forward('tcp')
    assert.ok(!receiver.messages.map(resourceOf).includes('space-1'))
    assert.deepEqual(receiver.messages.map(resourceOf).slice(-1), [first])
    const pattern = /^<38>1 \d{4}-\d\d-\d\dT[\d:.]+Z \S+ entrepot - CreateNamespace - \{.*\}$/
    assert.match(receiver.messages.at(-1) ?? '', pattern)
    assert.equal((await show('tcp')).Reason, null)
    receiver.isRefusing = true
    const second = await event()
    await forward('tcp', isHeldUp)
    const heldUp = await show('tcp')
    assert.ok(heldUp.Reason)
    const [behind] = await forwardingLags(app.app.db.heavy)
    assert.equal(behind?.forwarding, 'tcp')
    assert.ok((behind?.oldestAt ?? 0) > 0)
    receiver.isRefusing = false
    await event()
    await forward('tcp')
    assert.deepEqual(receiver.messages.map(resourceOf).slice(-2), [second, 'space-4'])
    const going = await show('tcp')
    assert.equal(going.Reason, null)
    const [there] = await forwardingLags(app.app.db.heavy)
    assert.deepEqual(there, { forwarding: 'tcp', oldestAt: undefined })
    assert.ok(going.SentUntil >= heldUp.SentUntil)
    await entrepot('ModifyAuditForwarding', { Name: 'tcp', Enabled: false })
    const third = await event()
    const before = receiver.messages.length
    await forward('tcp', () => true)
    assert.equal(receiver.messages.length, before)
    await entrepot('ModifyAuditForwarding', { Name: 'tcp', Enabled: true })
    await forward('tcp')
    assert.ok(receiver.messages.map(resourceOf).includes(third))
    await entrepot('DeleteAuditForwarding', { Name: 'tcp' })
    receiver.close()
  })

  /** Its own authority. */
  async function makeCertificate(name: string): Promise<Certificate> {
    const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)]
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
    const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']
    const files = ['-keyout', key, '-out', cert]
    execFileSync('openssl', ['req', '-x509', ...curve, ...names, ...files], { stdio: 'ignore' })
    return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') }
  }

  it('sends over TLS to whom the certificate names, and to nobody else', {
    skip: noOpenssl,
  }, async () => {
    const own = await makeCertificate('own')
    const receiver = new Receiver(own)
    const Address = await receiver.listen()
    const tls = { Kind: 'Syslog', Protocol: 'Tls', Address }
    await create({ ...tls, Name: 'tls', CaCertificate: own.cert })
    const first = await event()
    await forward('tls')
    assert.equal(receiver.messages.map(resourceOf).at(-1), first)
    // By its name; an authority that the machine has not; one that signed somebody else.
    const byName = Address.replace('127.0.0.1', 'localhost')
    await entrepot('ModifyAuditForwarding', { Name: 'tls', Address: byName })
    const second = await event()
    await forward('tls')
    assert.equal(receiver.messages.map(resourceOf).at(-1), second)
    await entrepot('DeleteAuditForwarding', { Name: 'tls' })
    const other = await makeCertificate('other')
    for (const CaCertificate of [undefined, other.cert]) {
      await create({ ...tls, Name: 'tls', ...(CaCertificate && { CaCertificate }) })
      await event()
      await forward('tls', isHeldUp)
      assert.match((await show('tls')).Reason, /self-signed certificate/)
      await entrepot('DeleteAuditForwarding', { Name: 'tls' })
    }
    assert.equal(receiver.messages.map(resourceOf).at(-1), second)
    receiver.close()
  })

  it('sends a datagram for each over UDP', async () => {
    const socket: DatagramSocket = createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const Address = `127.0.0.1:${socket.address().port}`
    await create({ Name: 'udp', Kind: 'Syslog', Address, Protocol: 'Udp' })
    const name = await event()
    const received = (async () => {
      for (;;) {
        const [message] = (await once(socket, 'message')) as [Buffer]
        if (resourceOf(message.toString()) === name) return
      }
    })()
    await forward('udp')
    await received
    socket.close()
    await entrepot('DeleteAuditForwarding', { Name: 'udp' })
  })

  it('writes lines to a file that may be renamed, and closes a day by its name', async () => {
    await create({ Name: 'file', Kind: 'File', Path: 'kept/audit.ndjson' })
    const path = join(folder, 'audit', 'kept', 'audit.ndjson')
    const read = async (file: string) => (await readFile(file, 'utf8')).trimEnd().split('\n')
    const first = await event()
    await forward('file')
    assert.equal((await read(path)).map(resourceOf).at(-1), first)
    await rename(path, `${path}.1`)
    const second = await event()
    await forward('file')
    assert.deepEqual((await read(path)).map(resourceOf), [second])
    const day = new Date(app.clock.now()).toISOString().slice(0, 10)
    app.clock.advance(dayMs)
    const third = await event()
    await forward('file')
    assert.deepEqual((await read(path)).map(resourceOf), [third])
    assert.deepEqual((await read(`${path}-${day}`)).map(resourceOf), [second])
    assert.equal((await readdir(join(folder, 'audit', 'kept'))).length, 3)
    await entrepot('DeleteAuditForwarding', { Name: 'file' })
  })

  it('reaches no inner address that the operator did not name', async () => {
    await create({ Name: 'inner', Kind: 'Syslog', Address: '10.0.0.1:601' })
    await event()
    await forward('inner', isHeldUp)
    assert.match((await show('inner')).Reason, /ENTREPOT_OUTBOUND_ALLOW/)
    await entrepot('DeleteAuditForwarding', { Name: 'inner' })
  })

  const wrong: [what: string, input: object, code: string][] = [
    ['no address', { Kind: 'Syslog' }, 'MissingParameter'],
    ['no path', { Kind: 'File' }, 'MissingParameter'],
    ['an address without a port', { Kind: 'Syslog', Address: 'a' }, 'InvalidParameterValue'],
    ['a port of nobody', { Kind: 'Syslog', Address: 'a:0' }, 'InvalidParameterValue'],
    ['a path up', { Kind: 'File', Path: '../a' }, 'InvalidParameterValue'],
    ['an absolute path', { Kind: 'File', Path: '/etc/a' }, 'InvalidParameterValue'],
    ['an address of a file', { Kind: 'File', Path: 'a', Address: 'a:1' }, 'InvalidParameterValue'],
    ['a path of syslog', { Kind: 'Syslog', Path: 'a', Address: 'a:1' }, 'InvalidParameterValue'],
  ]
  for (const [what, input, code] of wrong) {
    it(`refuses ${what} with ${code}`, async () => {
      const answer = await entrepot('CreateAuditForwarding', { Name: 'wrong', ...input })
      assert.equal(answer.Error?.Code, code)
      assert.equal(await show('wrong'), undefined)
    })
  }

  it('refuses a name that is taken, and one that there is not', async () => {
    await create({ Name: 'one', Kind: 'File', Path: 'one', Enabled: false })
    const again = await entrepot('CreateAuditForwarding', { Name: 'one', Kind: 'File', Path: 'b' })
    assert.equal(again.Error?.Code, 'FailedOperation.ErrorTcrResourceConflict')
    await entrepot('DeleteAuditForwarding', { Name: 'one' })
    const gone = await entrepot('DeleteAuditForwarding', { Name: 'one' })
    assert.equal(gone.Error?.Code, 'ResourceNotFound')
  })
})
