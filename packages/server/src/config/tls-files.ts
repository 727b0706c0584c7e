import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { ConfigError } from '../start-error.ts'

export interface TlsFiles {
  /** PEM, the leaf certificate first. */
  readonly cert: string
  readonly key: string
}

/** Reads certificate and key and sees that they are a pair. Throws ConfigError. */
export function readTlsFiles(paths: {
  readonly certPath: string
  readonly keyPath: string
}): TlsFiles {
  const cert = readPem('ENTREPOT_TLS_CERT', paths.certPath)
  const key = readPem('ENTREPOT_TLS_KEY', paths.keyPath)
  try {
    // An empty file would count as no certificate at all.
    new X509Certificate(cert)
    createSecureContext({ cert, key })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError(
      `ENTREPOT_TLS_CERT (${paths.certPath}) and ENTREPOT_TLS_KEY (${paths.keyPath}) are no pair of PEM certificate and private key: ${reason}. Correct the paths or the files.`,
      error,
    )
  }
  return { cert, key }
}

function readPem(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError(
      `${name} can't be read: ${reason}. Correct the path or its permissions.`,
      error,
    )
  }
}
