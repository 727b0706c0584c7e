// A private certificate authority and one server certificate under it, made with openssl.

import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './command.ts'

export interface Authority {
  /** The authority's certificate: what a client must trust. */
  readonly ca: string
  readonly cert: string
  readonly key: string
  /** A folder with nothing but `ca.crt`, as `--cert-dir` of skopeo and podman wants it. */
  readonly certFolder: string
}

/** The names under which tests reach a server over TLS. */
export const tlsNames = ['localhost', 'entrepot.test', '127.0.0.1', '::1']

export async function makeAuthority(folder: string): Promise<Authority> {
  const path = (name: string) => join(folder, name)
  const names = tlsNames.map((name) => (/^[\d.]+$|:/.test(name) ? `IP:${name}` : `DNS:${name}`))
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  writeFileSync(path('extensions'), `subjectAltName=${names.join(',')}\n`)
  const ca = ['-x509', '-keyout', path('ca.key'), '-out', path('ca.crt'), '-days', '30']
  await run('openssl', ['req', ...key, ...ca, '-subj', '/CN=Test authority'])
  const request = ['-keyout', path('server.key'), '-out', path('server.csr')]
  await run('openssl', ['req', ...key, ...request, '-subj', '/CN=localhost'])
  const signer = ['-CA', path('ca.crt'), '-CAkey', path('ca.key'), '-CAcreateserial', '-days', '30']
  const extensions = ['-extfile', path('extensions')]
  const out = ['-in', path('server.csr'), '-out', path('server.crt')]
  await run('openssl', ['x509', '-req', ...out, ...signer, ...extensions])
  mkdirSync(path('certs'))
  copyFileSync(path('ca.crt'), join(path('certs'), 'ca.crt'))
  return {
    ca: path('ca.crt'),
    cert: path('server.crt'),
    key: path('server.key'),
    certFolder: path('certs'),
  }
}
