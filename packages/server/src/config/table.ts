// Every setting, once: name, kind, default, what it does. The documents' table, the reading of environment
// and file, and the warnings about unknown names come from here.

import {
  addressOrOff,
  addressRanges,
  byteCount,
  choice,
  httpUrl,
  type Kind,
  key32,
  listeners,
  path,
  postgresUrl,
  secret,
  storageAddress,
  text,
  timeZone,
  wholeNumber,
  yesNo,
} from './kinds.ts'

export interface Setting<T> {
  readonly name: `ENTREPOT_${string}`
  readonly kind: Kind<T>
  /** Parsed like a given value; undefined: there is none. */
  readonly fallback: string | undefined
  /** What the documents say of the default. */
  readonly shownDefault: string
  readonly description: string
}

function setting<T>(
  name: `ENTREPOT_${string}`,
  kind: Kind<T>,
  fallback: string,
  description: string,
): Setting<T> {
  const shownDefault = fallback === '' ? 'none' : `\`${fallback}\``
  return { name, kind, fallback, shownDefault, description }
}

function optional<T>(
  name: `ENTREPOT_${string}`,
  kind: Kind<T>,
  shownDefault: string,
  description: string,
): Setting<T | undefined> {
  return { name, kind, fallback: undefined, shownDefault, description }
}

const hostName = text(
  'host name',
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/,
  'be a host name in small letters, without scheme and port, such as registry.example.com',
)
const regionName = text(
  'name',
  /^[a-z][a-z0-9-]{0,31}$/,
  'be 1 to 32 small letters, digits and dashes, a letter first',
)

const instanceLabel = text(
  'name',
  /^(?!.*-vpc$)[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/,
  'be 1 to 50 small letters, digits and dashes, no dash at an end, and not end in -vpc',
)

export const settings = {
  listen: setting(
    'ENTREPOT_LISTEN',
    listeners(),
    '127.0.0.1:5000',
    'Where the registry listens: a list, each entry `host:port` (plain) or `https://host:port` (TLS).',
  ),
  metricsListen: setting(
    'ENTREPOT_METRICS_LISTEN',
    addressOrOff(),
    '127.0.0.1:5001',
    'Where `/metrics` of all processes together is served.',
  ),
  data: setting('ENTREPOT_DATA', path(), './data', 'The data folder.'),
  databaseUrl: optional(
    'ENTREPOT_DATABASE_URL',
    secret(postgresUrl()),
    'SQLite in the data folder',
    'The PostgreSQL database; needs `ENTREPOT_MASTER_KEY`.',
  ),
  storage: optional(
    'ENTREPOT_STORAGE',
    storageAddress(),
    '`blobs` in the data folder',
    'Where blobs are kept.',
  ),
  s3Endpoint: optional(
    'ENTREPOT_S3_ENDPOINT',
    httpUrl(),
    "AWS, by the store's region",
    'Address of the S3-compatible store.',
  ),
  s3Region: setting(
    'ENTREPOT_S3_REGION',
    text('name', /^[A-Za-z0-9-]{1,64}$/, 'be 1 to 64 letters, digits and dashes'),
    'us-east-1',
    'Region of the bucket.',
  ),
  s3AccessKey: optional(
    'ENTREPOT_S3_ACCESS_KEY',
    secret(text('text', /^[\x21-\x7e]{1,256}$/, 'be 1 to 256 characters without blanks')),
    'none',
    'Access key id of the store; needed with `s3://`.',
  ),
  s3SecretKey: optional(
    'ENTREPOT_S3_SECRET_KEY',
    secret(text('text', /^[\x21-\x7e]{1,256}$/, 'be 1 to 256 characters without blanks')),
    'none',
    'Secret key of the store; needed with `s3://`.',
  ),
  s3PathStyle: optional(
    'ENTREPOT_S3_PATH_STYLE',
    yesNo(),
    '`true` with an endpoint, else `false`',
    'Whether the bucket stands in the path (`true`) or in the host name of requests.',
  ),
  masterKey: optional(
    'ENTREPOT_MASTER_KEY',
    secret(key32()),
    '`master.key` in the data folder, made at first start',
    'Wraps the keys of what must be kept secret; must be given with PostgreSQL. `openssl rand -base64 32` makes one.',
  ),
  previousMasterKey: optional(
    'ENTREPOT_MASTER_KEY_PREVIOUS',
    secret(key32()),
    'none',
    'The master key before, while it is being replaced.',
  ),
  region: setting(
    'ENTREPOT_REGION',
    regionName,
    'default',
    'Name of the region that this server is.',
  ),
  timeZone: setting(
    'ENTREPOT_TIME_ZONE',
    timeZone(),
    'UTC',
    'In which it is midnight when rules run by time.',
  ),
  baseDomain: optional(
    'ENTREPOT_BASE_DOMAIN',
    hostName,
    'none',
    'Domain under which each instance has its host name; without it every host is the default instance.',
  ),
  personalName: setting(
    'ENTREPOT_PERSONAL_NAME',
    instanceLabel,
    'ccr',
    "Name of the Personal edition's host under the base domain.",
  ),
  tlsCert: optional(
    'ENTREPOT_TLS_CERT',
    path(),
    'none',
    'Certificate chain (PEM) of the TLS addresses.',
  ),
  tlsKey: optional('ENTREPOT_TLS_KEY', path(), 'none', 'Private key (PEM) of that certificate.'),
  processes: optional(
    'ENTREPOT_PROCESSES',
    wholeNumber(1, 256),
    'one per core',
    'Processes that serve; with 1 the program stays one process.',
  ),
  sparseImages: setting(
    'ENTREPOT_SPARSE_IMAGES',
    choice('refuse', 'accept'),
    'refuse',
    'What an instance made at first start does with an image manifest whose config or layers are missing. Takes effect at first start only.',
  ),
  outboundAllow: setting(
    'ENTREPOT_OUTBOUND_ALLOW',
    addressRanges(),
    '',
    'Inner address ranges that outgoing requests may reach all the same.',
  ),
  trustedProxies: setting(
    'ENTREPOT_TRUSTED_PROXIES',
    addressRanges(),
    '',
    'Proxies whose `X-Forwarded-*` headers are believed; `Forwarded` is not read.',
  ),
  proxyProtocol: setting(
    'ENTREPOT_PROXY_PROTOCOL',
    yesNo(),
    'false',
    'Whether connections from trusted proxies begin with a PROXY protocol header.',
  ),
  adminUin: setting(
    'ENTREPOT_ADMIN_UIN',
    text('6 to 15 digits', /^[1-9]\d{5,14}$/, 'be 6 to 15 digits, the first not 0'),
    '100000000001',
    'Number of the main account. Used at first start only, as are all `ENTREPOT_ADMIN_` settings.',
  ),
  adminPassword: optional(
    'ENTREPOT_ADMIN_PASSWORD',
    secret(text('text', /^.{8,128}$/u, 'be 8 to 128 characters')),
    'generated',
    'Console password of the main account.',
  ),
  adminSecretId: optional(
    'ENTREPOT_ADMIN_SECRET_ID',
    text('text', /^[A-Za-z0-9]{8,128}$/, 'be 8 to 128 letters and digits'),
    'generated',
    'API SecretId of the main account; together with `ENTREPOT_ADMIN_SECRET_KEY`.',
  ),
  adminSecretKey: optional(
    'ENTREPOT_ADMIN_SECRET_KEY',
    secret(text('text', /^[\x21-\x7e]{16,128}$/, 'be 16 to 128 characters without blanks')),
    'generated',
    'API SecretKey of the main account.',
  ),
  adminToken: optional(
    'ENTREPOT_ADMIN_TOKEN',
    secret(text('text', /^[\x21-\x7e]{20,1024}$/, 'be 20 to 1024 characters without blanks')),
    'generated',
    'A long-term credential of the main account: `docker login -u <uin> -p <token>`.',
  ),
  drainSeconds: setting(
    'ENTREPOT_DRAIN_SECONDS',
    wholeNumber(0, 86_400),
    '60',
    'How long running transfers may go on after SIGTERM.',
  ),
  logLevel: setting(
    'ENTREPOT_LOG_LEVEL',
    choice('debug', 'info', 'warn', 'error'),
    'info',
    'The least important lines that the log (JSON, stderr) shows.',
  ),
  maxBlobBytes: setting(
    'ENTREPOT_MAX_BLOB_BYTES',
    byteCount('1MiB', '4TiB'),
    '100GiB',
    'The largest blob.',
  ),
  maxOpenUploads: setting(
    'ENTREPOT_MAX_OPEN_UPLOADS',
    wholeNumber(1, 1_000_000),
    '20000',
    'Uploads open at once in one instance.',
  ),
  maxRequests: setting(
    'ENTREPOT_MAX_REQUESTS',
    wholeNumber(1, 1_000_000),
    '10000',
    'Requests at once in one process; above it 429.',
  ),
  apiRateFactor: setting(
    'ENTREPOT_API_RATE_FACTOR',
    wholeNumber(1, 1_000_000),
    '1',
    "Multiplies how often an account may call each action of the management API (docs/api: 'calls a second').",
  ),
  uploadExpiryHours: setting(
    'ENTREPOT_UPLOAD_EXPIRY_HOURS',
    wholeNumber(1, 8760),
    '24',
    'After so long without a byte an unfinished upload is removed.',
  ),
  graceHours: setting(
    'ENTREPOT_GRACE_HOURS',
    wholeNumber(1, 8760),
    '24',
    'How long a blob that no manifest names is kept.',
  ),
  stallSeconds: setting(
    'ENTREPOT_STALL_SECONDS',
    wholeNumber(1, 3600),
    '60',
    'After so long without a byte in either direction a transfer is ended.',
  ),
  bufferBytes: setting(
    'ENTREPOT_BUFFER_BYTES',
    byteCount('8MiB', '64GiB'),
    '96MiB',
    'Memory for bytes under way, per process; a transfer that finds none left waits.',
  ),
  diskReserveBytes: setting(
    'ENTREPOT_DISK_RESERVE_BYTES',
    byteCount('0', '64TiB'),
    '512MiB',
    'Free space at which uploads stop, so that commits and deletes go on.',
  ),
  tokenMinutes: setting(
    'ENTREPOT_TOKEN_MINUTES',
    wholeNumber(1, 60),
    '15',
    'How long a token of `/service/token` is valid.',
  ),
} as const

export type Settings = typeof settings
type ValueOf<S> = S extends Setting<infer T> ? T : never
export type SettingValues = { readonly [K in keyof Settings]: ValueOf<Settings[K]> }

/** The setting's name in the YAML file: `ENTREPOT_S3_ENDPOINT` → `s3-endpoint` (or `s3: { endpoint: … }`). */
export function fileName(name: string): string {
  return name.slice('ENTREPOT_'.length).toLowerCase().replaceAll('_', '-')
}
