import assert from 'node:assert/strict'
import test from 'node:test'
import { loadConfig, type SettingsFiles, secretsOf } from './config.ts'
import { ConfigError } from './start-error.ts'

const cwd = '/srv/entrepot'
const key = Buffer.alloc(32, 7).toString('base64')

function filesOf(texts: Readonly<Record<string, string>>): SettingsFiles {
  return { read: (path) => texts[path] }
}

function load(env: Record<string, string>, texts: Record<string, string> = {}) {
  return loadConfig(env, cwd, filesOf(texts))
}

function messageOf(env: Record<string, string>, texts: Record<string, string> = {}): string {
  try {
    load(env, texts)
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error))
    assert.ok(!error.message.includes('\n'), error.message)
    return error.message
  }
  throw assert.fail(`no error for ${JSON.stringify(env)}`)
}

test('nothing set: SQLite and a folder under ./data, port 5000 of this machine', () => {
  const { config, warnings } = load({})
  assert.deepEqual(warnings, [])
  assert.deepEqual(config.listen, [{ kind: 'plain', host: '127.0.0.1', port: 5000 }])
  assert.deepEqual(config.metricsListen, { host: '127.0.0.1', port: 5001 })
  assert.deepEqual(config.database, { kind: 'sqlite', path: `${cwd}/data/entrepot.sqlite` })
  assert.deepEqual(config.storage, { kind: 'folder', path: `${cwd}/data/blobs` })
  assert.equal(config.masterKey.kind, 'file')
  assert.equal(config.admin.uin, '100000000001')
  assert.equal(config.region, 'default')
  assert.equal(config.sparseImages, 'refuse')
  assert.ok(config.processes >= 1)
  assert.equal(config.limits.maxBlobBytes, 100 * 1024 ** 3)
  assert.deepEqual(secretsOf(config), [])
})

test('a whole set by environment', () => {
  const { config, warnings } = load({
    ENTREPOT_LISTEN: 'https://0.0.0.0:5443, http://127.0.0.1:5000 [::1]:5002',
    ENTREPOT_METRICS_LISTEN: 'off',
    ENTREPOT_DATA: '/var/lib/entrepot',
    ENTREPOT_DATABASE_URL: 'postgres://entrepot:p%40ss-word@db/entrepot',
    ENTREPOT_STORAGE: 's3://bucket/some/prefix/',
    ENTREPOT_S3_ENDPOINT: 'http://127.0.0.1:9000/',
    ENTREPOT_S3_ACCESS_KEY: 'access-key',
    ENTREPOT_S3_SECRET_KEY: 'secret-key',
    ENTREPOT_MASTER_KEY: key,
    ENTREPOT_TLS_CERT: 'tls/cert.pem',
    ENTREPOT_TLS_KEY: '/tls/key.pem',
    ENTREPOT_TRUSTED_PROXIES: '10.0.0.0/8,fd00::/8,192.0.2.7',
    ENTREPOT_PROXY_PROTOCOL: 'yes',
    ENTREPOT_BUFFER_BYTES: '64 MiB',
    ENTREPOT_DRAIN_SECONDS: '5',
    ENTREPOT_REGION: '',
  })
  assert.deepEqual(warnings, [])
  assert.deepEqual(config.listen, [
    { kind: 'tls', host: '0.0.0.0', port: 5443 },
    { kind: 'plain', host: '127.0.0.1', port: 5000 },
    { kind: 'plain', host: '::1', port: 5002 },
  ])
  assert.equal(config.metricsListen, 'off')
  assert.deepEqual(config.storage, {
    kind: 's3',
    bucket: 'bucket',
    prefix: 'some/prefix/',
    endpoint: 'http://127.0.0.1:9000',
    region: 'us-east-1',
    accessKeyId: 'access-key',
    secretAccessKey: 'secret-key',
    pathStyle: true,
  })
  assert.deepEqual(config.tls, {
    kind: 'files',
    certPath: `${cwd}/tls/cert.pem`,
    keyPath: '/tls/key.pem',
  })
  assert.deepEqual(config.trustedProxies, [
    { address: '10.0.0.0', prefix: 8, family: 'ipv4' },
    { address: 'fd00::', prefix: 8, family: 'ipv6' },
    { address: '192.0.2.7', prefix: 32, family: 'ipv4' },
  ])
  assert.equal(config.limits.bufferBytes, 64 * 1024 ** 2)
  assert.equal(config.drainMs, 5000)
  assert.equal(config.region, 'default')
  for (const secret of ['p%40ss-word', 'p@ss-word', 'access-key', 'secret-key', key]) {
    assert.ok(secretsOf(config).includes(secret), secret)
  }
  assert.deepEqual(structuredClone(config), config)
})

test('a wrong value is one line: the setting, the value, the rule, what to do', () => {
  assert.equal(
    messageOf({ ENTREPOT_PROCESSES: 'zero' }),
    'ENTREPOT_PROCESSES is "zero", but must be a whole number from 1 to 256. ' +
      'Correct it or leave it out (default: one per core).',
  )
  const wrong: readonly (readonly [string, string])[] = [
    ['ENTREPOT_LISTEN', '5000'],
    ['ENTREPOT_LISTEN', '127.0.0.1:65536'],
    ['ENTREPOT_LISTEN', 'ftp://127.0.0.1:21'],
    ['ENTREPOT_LISTEN', '[127.0.0.1]:5000'],
    ['ENTREPOT_LISTEN', ' , '],
    ['ENTREPOT_LISTEN', '127.0.0.1:5001'],
    ['ENTREPOT_METRICS_LISTEN', 'on'],
    ['ENTREPOT_DATABASE_URL', 'mysql://a@b/c'],
    ['ENTREPOT_STORAGE', 's3://ab'],
    ['ENTREPOT_STORAGE', 'gs://bucket'],
    ['ENTREPOT_PROCESSES', '0'],
    ['ENTREPOT_PROCESSES', '257'],
    ['ENTREPOT_PROCESSES', '1.5'],
    ['ENTREPOT_REGION', 'Über'],
    ['ENTREPOT_BASE_DOMAIN', 'https://registry.example.com'],
    ['ENTREPOT_SPARSE_IMAGES', 'maybe'],
    ['ENTREPOT_OUTBOUND_ALLOW', '10.0.0.0/33'],
    ['ENTREPOT_OUTBOUND_ALLOW', '10.0.0.0/'],
    ['ENTREPOT_TRUSTED_PROXIES', 'proxy.local'],
    ['ENTREPOT_PROXY_PROTOCOL', 'perhaps'],
    ['ENTREPOT_ADMIN_UIN', '12345'],
    ['ENTREPOT_ADMIN_UIN', '012345'],
    ['ENTREPOT_ADMIN_UIN', '1000000000000000'],
    ['ENTREPOT_ADMIN_TOKEN', 'nineteen-characters'],
    ['ENTREPOT_MASTER_KEY', 'short'],
    ['ENTREPOT_MAX_BLOB_BYTES', '1023KiB'],
    ['ENTREPOT_MAX_BLOB_BYTES', '1PiB'],
    ['ENTREPOT_LOG_LEVEL', 'loud'],
    ['ENTREPOT_TOKEN_MINUTES', '61'],
  ]
  for (const [name, value] of wrong) {
    assert.match(messageOf({ [name]: value }), new RegExp(`^${name}\\b`), `${name}=${value}`)
  }
  load({ ENTREPOT_ADMIN_TOKEN: 'of-twenty-characters', ENTREPOT_MAX_BLOB_BYTES: '1024KiB' })
  assert.equal(load({ ENTREPOT_TOKEN_MINUTES: '60' }).config.limits.tokenMs, 3_600_000)
  for (const uin of ['123456', '999999999999999']) {
    assert.equal(load({ ENTREPOT_ADMIN_UIN: uin }).config.admin.uin, uin)
  }
})

test('the value of a secret is in no message', () => {
  const value = 'sw0rdf1sh'
  for (const name of ['ADMIN_TOKEN', 'MASTER_KEY', 'DATABASE_URL']) {
    assert.ok(!messageOf({ [`ENTREPOT_${name}`]: value }).includes(value))
    const texts = { '/run/secret': value }
    const fromFile = messageOf({ [`ENTREPOT_${name}_FILE`]: '/run/secret' }, texts)
    assert.ok(!fromFile.includes(value) && fromFile.includes('/run/secret'), fromFile)
  }
  const yaml = `admin-token: "${value}\n  - {`
  assert.ok(!messageOf({}, { [`${cwd}/entrepot.yaml`]: yaml }).includes(value))
  const url = messageOf({ ENTREPOT_BASE_DOMAIN: `https://u:${value}@host` })
  assert.ok(!url.includes(value), url)
})

test('settings that belong together', () => {
  const database = 'postgres://a:b@c/d'
  const contradictions: readonly Record<string, string>[] = [
    { ENTREPOT_DATABASE_URL: database },
    { ENTREPOT_TLS_CERT: 'a' },
    { ENTREPOT_TLS_KEY: 'a' },
    { ENTREPOT_LISTEN: 'https://127.0.0.1:5443' },
    { ENTREPOT_STORAGE: 's3://bucket' },
    { ENTREPOT_STORAGE: 's3://bucket', ENTREPOT_S3_ACCESS_KEY: 'a' },
    { ENTREPOT_ADMIN_SECRET_ID: 'abcdefgh' },
    { ENTREPOT_ADMIN_SECRET_KEY: 'abcdefghijklmnop' },
    { ENTREPOT_PROXY_PROTOCOL: 'true' },
  ]
  for (const env of contradictions) assert.match(messageOf(env), /\. (Set|Make|Name)/)
  load({ ENTREPOT_DATABASE_URL: database, ENTREPOT_MASTER_KEY: key })
})

test('what has no effect is said', () => {
  const { warnings } = load({
    ENTREPOT_S3_ENDPOINT: 'http://s3',
    ENTREPOT_TLS_CERT: 'a',
    ENTREPOT_TLS_KEY: 'b',
  })
  assert.equal(warnings.length, 2)
})

test('an unknown name is a warning that names the nearest', () => {
  const { warnings } = load(
    {
      ENTREPOT_LISTN: 'x',
      ENTREPOT_QUITE_ANOTHER_THING: 'x',
      ENTREPOT_TEST_POSTGRES: 'x',
      ENTREPOT_REGION_FILE: 'x',
    },
    { [`${cwd}/entrepot.yaml`]: 'proceses: 2' },
  )
  assert.deepEqual(warnings, [
    `proceses in ${cwd}/entrepot.yaml is not a setting and is ignored; did you mean processes?`,
    'ENTREPOT_LISTN is not a setting and is ignored; did you mean ENTREPOT_LISTEN?',
    'ENTREPOT_QUITE_ANOTHER_THING is not a setting and is ignored; see docs/settings.md',
    'ENTREPOT_REGION_FILE is not a setting and is ignored; did you mean ENTREPOT_REGION?',
  ])
})

test('the YAML file: flat or nested, lists, the environment wins', () => {
  const yaml = [
    'listen: [ "127.0.0.1:6000", "[::1]:6000" ]',
    'processes: 3',
    's3:',
    '  access-key-file: keys/access',
    '  secret-key: abc',
    '  path-style: false',
    'storage: s3://bucket',
    'admin-token-file: /run/token',
    'region: north',
    'base-domain:',
  ].join('\n')
  const texts = {
    '/etc/e.yaml': yaml,
    [`${cwd}/keys/access`]: 'the-access-key\n',
    '/run/token': 'never read, the environment wins',
  }
  const { config, warnings } = load(
    {
      ENTREPOT_CONFIG: '/etc/e.yaml',
      ENTREPOT_REGION: 'south',
      ENTREPOT_ADMIN_TOKEN: 'x'.repeat(20),
    },
    texts,
  )
  assert.deepEqual(warnings, [])
  assert.equal(config.listen.length, 2)
  assert.equal(config.processes, 3)
  assert.equal(config.region, 'south')
  assert.equal(config.admin.token, 'x'.repeat(20))
  assert.ok(config.storage.kind === 's3')
  assert.equal(config.storage.accessKeyId, 'the-access-key')
  assert.equal(config.storage.pathStyle, false)
})

test('files that are missing, unreadable, no YAML or say things twice', () => {
  const file = '/etc/e.yaml'
  const env = { ENTREPOT_CONFIG: file }
  assert.match(messageOf(env), /does not exist/)
  assert.match(messageOf({ ENTREPOT_ADMIN_TOKEN_FILE: '/none' }), /\/none, which does not exist/)
  assert.match(messageOf(env, { [file]: 'a: [1' }), /is not YAML: line/)
  assert.match(messageOf(env, { [file]: 'just text' }), /must hold names/)
  assert.match(messageOf(env, { [file]: 'listen: [{a: 1}]' }), /must hold names/)
  assert.match(messageOf(env, { [file]: 'a: &x [1]\nregion: *x' }), /must not use YAML aliases/)
  assert.match(messageOf(env, { [file]: 's3-region: a\ns3: {region: b}' }), /twice/)
  assert.match(
    messageOf({ ENTREPOT_ADMIN_TOKEN: 'a', ENTREPOT_ADMIN_TOKEN_FILE: 'b' }),
    /Leave one of them out/,
  )
  const unreadable: SettingsFiles = {
    read: () => {
      throw new Error('EACCES: permission denied')
    },
  }
  assert.throws(() => loadConfig({}, cwd, unreadable), /permissions/)
})
