import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type ConnectionOptions, connect } from 'node:tls'
import { createHttpServer, drainServer, listen } from './server.ts'

const skip = spawnSync('openssl', ['version']).status !== 0 && 'openssl is not installed'

describe('a TLS listener', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'entrepot-tls-'))
  const [certPath, keyPath] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const address = { kind: 'tls', host: '127.0.0.1', port: 0 } as const
  let server: ReturnType<typeof createHttpServer>
  let port = 0

  before(async () => {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    const files = ['-keyout', keyPath, '-out', certPath, '-subj', '/CN=localhost']
    execFileSync('openssl', ['req', '-x509', ...curve, ...files], { stdio: 'ignore' })
    server = createHttpServer(address, { certPath, keyPath }, (_req, res) => res.end())
    port = await listen(server, address)
  })
  after(async () => {
    await drainServer(server, { setTimer: () => ({ cancel() {} }) }, 0)
    rmSync(folder, { recursive: true })
  })

  async function cipherFor(options: ConnectionOptions): Promise<string> {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options })
    await once(socket, 'secureConnect')
    const { name } = socket.getCipher()
    socket.destroy()
    return name
  }

  it('takes the cheapest good cipher of those that a client offers', async () => {
    assert.equal(await cipherFor({}), 'TLS_AES_128_GCM_SHA256')
    const without = 'TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384'
    assert.equal(await cipherFor({ ciphers: without }), 'TLS_AES_256_GCM_SHA384')
  })
  it('speaks TLS 1.2 to older clients, in a cipher with forward secrecy', async () => {
    assert.match(await cipherFor({ maxVersion: 'TLSv1.2' }), /^ECDHE-/)
  })
  it('speaks nothing older', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const
    await assert.rejects(cipherFor(old))
  })
})
