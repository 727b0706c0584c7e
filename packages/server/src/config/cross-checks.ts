// What must hold between settings.

import { ConfigError } from '../start-error.ts'
import type { SettingValues } from './table.ts'

/** Throws where settings that are right alone contradict each other. */
export function checkTogether(values: SettingValues): void {
  const { storage } = values
  if (values.databaseUrl !== undefined && values.masterKey === undefined) {
    throw new ConfigError(
      'ENTREPOT_MASTER_KEY must be given when ENTREPOT_DATABASE_URL is. Make one with: openssl rand -base64 32',
    )
  }
  requireTogether('ENTREPOT_TLS_CERT', values.tlsCert, 'ENTREPOT_TLS_KEY', values.tlsKey)
  requireTogether(
    'ENTREPOT_ADMIN_SECRET_ID',
    values.adminSecretId,
    'ENTREPOT_ADMIN_SECRET_KEY',
    values.adminSecretKey,
  )
  requireTogether(
    'ENTREPOT_S3_ACCESS_KEY',
    values.s3AccessKey,
    'ENTREPOT_S3_SECRET_KEY',
    values.s3SecretKey,
  )
  if (storage?.kind === 's3' && values.s3AccessKey === undefined) {
    throw new ConfigError(
      'ENTREPOT_S3_ACCESS_KEY and ENTREPOT_S3_SECRET_KEY must be given when ENTREPOT_STORAGE is s3://. Set both.',
    )
  }
  if (values.proxyProtocol && values.trustedProxies.length === 0) {
    throw new ConfigError(
      'ENTREPOT_PROXY_PROTOCOL is true, but ENTREPOT_TRUSTED_PROXIES names no proxy. Name them, or leave it out.',
    )
  }
  checkListeners(values)
}

function requireTogether(
  nameA: string,
  valueA: string | undefined,
  nameB: string,
  valueB: string | undefined,
): void {
  if ((valueA === undefined) === (valueB === undefined)) return
  const [present, missing] = valueA === undefined ? [nameB, nameA] : [nameA, nameB]
  throw new ConfigError(`${present} is set, but ${missing} is not. Set both or neither.`)
}

function checkListeners({ listen, metricsListen, tlsCert }: SettingValues): void {
  if (listen.length === 0) {
    throw new ConfigError('ENTREPOT_LISTEN names no address. Correct it or leave it out.')
  }
  const all = [...listen, ...(metricsListen === 'off' ? [] : [metricsListen])]
  const taken = new Set<string>()
  for (const { host, port } of all) {
    const address = `${host}:${port}`
    if (port !== 0 && taken.has(address)) {
      throw new ConfigError(
        `ENTREPOT_LISTEN and ENTREPOT_METRICS_LISTEN name ${address} twice. Give each its own port.`,
      )
    }
    taken.add(address)
  }
  if (tlsCert === undefined && listen.some((listener) => listener.kind === 'tls')) {
    throw new ConfigError(
      'ENTREPOT_LISTEN has an https:// address, but ENTREPOT_TLS_CERT and ENTREPOT_TLS_KEY are not set. Set both.',
    )
  }
}

/** A line for each group of settings that is given and changes nothing. */
export function unusedSettings(values: SettingValues): string[] {
  const warnings: string[] = []
  const s3Given = [values.s3Endpoint, values.s3AccessKey, values.s3PathStyle].some(
    (value) => value !== undefined,
  )
  if (s3Given && values.storage?.kind !== 's3') {
    warnings.push(
      'ENTREPOT_S3_ settings have no effect: ENTREPOT_STORAGE is not s3://bucket/prefix',
    )
  }
  if (
    values.tlsCert !== undefined &&
    values.listen.every((listener) => listener.kind === 'plain')
  ) {
    warnings.push('ENTREPOT_TLS_CERT has no effect: ENTREPOT_LISTEN has no https:// address')
  }
  return warnings
}
