// The settings, typed: the only file that reads the environment. Two steps: each text to its value
// (config/table.ts), then all values to one `Config` in which what belongs together stands together, so that
// nothing later has to check again. A Config is plain data and crosses to the worker processes as it is.

import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import querystring from 'node:querystring'
import { checkTogether, unusedSettings } from './config/cross-checks.ts'
import type { Address, AddressRange, Listener } from './config/kinds.ts'
import { type ShownSetting, shownSettings } from './config/shown.ts'
import {
  type Environment,
  type Given,
  gatherSettings,
  type SettingsFiles,
} from './config/sources.ts'
import { type Setting, type SettingValues, settings } from './config/table.ts'
import type { LogLevel } from './log.ts'
import { redact } from './redact.ts'
import { ConfigError } from './start-error.ts'
import type { FolderSettings, S3Settings } from './storage/open.ts'

export type { Address, AddressRange, Listener, SettingsFiles }

export type DatabaseSettings =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string }

export type StorageSettings = FolderSettings | S3Settings

export type MasterKeySettings =
  | { readonly kind: 'given'; readonly key: Uint8Array; readonly previous: Uint8Array | undefined }
  /** Made at first start, 0600. */
  | { readonly kind: 'file'; readonly path: string; readonly previous: Uint8Array | undefined }

export type TlsSettings =
  | { readonly kind: 'none' }
  | { readonly kind: 'files'; readonly certPath: string; readonly keyPath: string }

/** What the operator wants the main account to be; the rest is generated. Used at first start only. */
export interface AdminSettings {
  readonly uin: string
  readonly password: string | undefined
  readonly apiKey: { readonly secretId: string; readonly secretKey: string } | undefined
  readonly token: string | undefined
}

export interface LimitSettings {
  readonly maxBlobBytes: number
  /** In one instance. */
  readonly maxOpenUploads: number
  /** In one process. */
  readonly maxRequests: number
  /** Multiplies the declared rates of the management API's actions. */
  readonly apiRateFactor: number
  readonly uploadExpiryMs: number
  readonly graceMs: number
  readonly stallMs: number
  /** In one process. */
  readonly bufferBytes: number
  readonly diskReserveBytes: number
  readonly tokenMs: number
}

export interface Config {
  readonly listen: readonly Listener[]
  readonly metricsListen: Address | 'off'
  /** Absolute. */
  readonly dataFolder: string
  readonly database: DatabaseSettings
  readonly storage: StorageSettings
  readonly masterKey: MasterKeySettings
  readonly region: string
  /** In which it is midnight when rules run by time. */
  readonly timeZone: string
  readonly baseDomain: string | undefined
  /** Of the Personal edition's host. */
  readonly personalName: string
  readonly tls: TlsSettings
  readonly processes: number
  readonly sparseImages: 'refuse' | 'accept'
  readonly outboundAllow: readonly AddressRange[]
  readonly trustedProxies: readonly AddressRange[]
  readonly proxyProtocol: boolean
  readonly admin: AdminSettings
  readonly drainMs: number
  readonly logLevel: LogLevel
  readonly limits: LimitSettings
  /** As they were given, for the operator. */
  readonly shown: readonly ShownSetting[]
}

export interface LoadedConfig {
  readonly config: Config
  /** One line each, to be shown once. */
  readonly warnings: readonly string[]
}

/** The settings of this process. Throws ConfigError. */
export function readConfig(): LoadedConfig {
  return loadConfig(process.env, process.cwd(), {
    read: (path) => {
      try {
        return readFileSync(path, 'utf8')
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
        throw error
      }
    },
  })
}

export function loadConfig(env: Environment, cwd: string, files: SettingsFiles): LoadedConfig {
  const given = gatherSettings(env, cwd, files)
  const values = parseSettings(given)
  checkTogether(values)
  const config = { ...assemble(values, cwd), shown: shownSettings(given) }
  return { config, warnings: [...given.warnings, ...unusedSettings(values)] }
}

/** What no log line may show. */
export function secretsOf(config: Config): readonly string[] {
  const { admin, database, storage, masterKey } = config
  const secrets = [admin.password, admin.token, admin.apiKey?.secretKey]
  if (database.kind === 'postgres') {
    const { password } = new URL(database.url)
    secrets.push(database.url, password, querystring.unescape(password))
  }
  if (storage.kind === 's3') secrets.push(storage.accessKeyId, storage.secretAccessKey)
  const given = masterKey.kind === 'given' ? masterKey.key : undefined
  for (const key of [given, masterKey.previous]) {
    if (key) secrets.push(Buffer.from(key).toString('base64'), Buffer.from(key).toString('hex'))
  }
  return secrets.filter((secret) => secret !== undefined).filter((secret) => secret !== '')
}

function parseSettings(given: Given): SettingValues {
  const values = Object.entries(settings).map(([key, setting]) => [
    key,
    parseSetting(setting, given),
  ])
  // The table's keys and kinds are what SettingValues is derived from.
  return Object.fromEntries(values) as SettingValues
}

function parseSetting(setting: Setting<unknown>, given: Given): unknown {
  const found = given.texts.get(setting.name)
  const text = found?.text ?? setting.fallback
  if (text === undefined) return undefined
  const result = setting.kind.schema.safeParse(text)
  if (result.success) return result.data
  const shown = setting.kind.secret ? 'has a wrong value and' : `is ${quoted(text)}, but`
  const rule = result.error.issues[0]?.message ?? 'be valid'
  throw new ConfigError(
    `${found?.place ?? setting.name} ${shown} must ${rule}. ` +
      `Correct it or leave it out (default: ${setting.shownDefault.replaceAll('`', '')}).`,
  )
}

const maxShownLength = 80

function quoted(text: string): string {
  return JSON.stringify(
    redact(text.length > maxShownLength ? `${text.slice(0, maxShownLength)}…` : text),
  )
}

const minuteMs = 60_000
const hourMs = 3_600_000

function assemble(values: SettingValues, cwd: string): Omit<Config, 'shown'> {
  const dataFolder = resolve(cwd, values.data)
  return {
    listen: values.listen,
    metricsListen: values.metricsListen,
    dataFolder,
    database:
      values.databaseUrl === undefined
        ? { kind: 'sqlite', path: join(dataFolder, 'entrepot.sqlite') }
        : { kind: 'postgres', url: values.databaseUrl },
    storage: assembleStorage(values, cwd, dataFolder),
    masterKey:
      values.masterKey === undefined
        ? { kind: 'file', path: join(dataFolder, 'master.key'), previous: values.previousMasterKey }
        : { kind: 'given', key: values.masterKey, previous: values.previousMasterKey },
    region: values.region,
    timeZone: values.timeZone,
    baseDomain: values.baseDomain,
    personalName: values.personalName,
    tls:
      values.tlsCert === undefined || values.tlsKey === undefined
        ? { kind: 'none' }
        : {
            kind: 'files',
            certPath: resolve(cwd, values.tlsCert),
            keyPath: resolve(cwd, values.tlsKey),
          },
    processes: values.processes ?? availableParallelism(),
    sparseImages: values.sparseImages,
    outboundAllow: values.outboundAllow,
    trustedProxies: values.trustedProxies,
    proxyProtocol: values.proxyProtocol,
    admin: {
      uin: values.adminUin,
      password: values.adminPassword,
      apiKey:
        values.adminSecretId === undefined || values.adminSecretKey === undefined
          ? undefined
          : { secretId: values.adminSecretId, secretKey: values.adminSecretKey },
      token: values.adminToken,
    },
    drainMs: values.drainSeconds * 1000,
    logLevel: values.logLevel,
    limits: {
      maxBlobBytes: values.maxBlobBytes,
      maxOpenUploads: values.maxOpenUploads,
      maxRequests: values.maxRequests,
      apiRateFactor: values.apiRateFactor,
      uploadExpiryMs: values.uploadExpiryHours * hourMs,
      graceMs: values.graceHours * hourMs,
      stallMs: values.stallSeconds * 1000,
      bufferBytes: values.bufferBytes,
      diskReserveBytes: values.diskReserveBytes,
      tokenMs: values.tokenMinutes * minuteMs,
    },
  }
}

function assembleStorage(values: SettingValues, cwd: string, dataFolder: string): StorageSettings {
  const { storage } = values
  if (storage?.kind !== 's3') {
    return {
      kind: 'folder',
      path: storage ? resolve(cwd, storage.path) : join(dataFolder, 'blobs'),
    }
  }
  return {
    kind: 's3',
    bucket: storage.bucket,
    prefix: storage.prefix === '' ? '' : `${storage.prefix}/`,
    endpoint: values.s3Endpoint,
    region: values.s3Region,
    // checkTogether has seen both.
    accessKeyId: values.s3AccessKey ?? '',
    secretAccessKey: values.s3SecretKey ?? '',
    pathStyle: values.s3PathStyle ?? values.s3Endpoint !== undefined,
  }
}
