import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { run, runRefused } from './command.ts'
import { startKubernetesApi } from './kubernetes.ts'
import { onEachTarget } from './target.ts'

onEachTarget('helm', ['helm'], (target) => {
  const charts = () => `oci://${target().host}/demo/charts`
  const path = (name: string) => join(target().scratch, name)
  const environment = () => ({
    HELM_CACHE_HOME: path('cache'),
    HELM_CONFIG_HOME: path('config'),
    HELM_DATA_HOME: path('data'),
    HELM_REGISTRY_CONFIG: path('registry.json'),
  })
  const trust = () => {
    const { tls } = target()
    return tls ? ['--ca-file', tls.ca] : ['--plain-http']
  }
  const helm = (...args: string[]) =>
    run('helm', args, { env: environment(), cwd: target().scratch })

  before(async () => {
    const { host, username, password } = target()
    await helm('registry', 'login', host, '-u', username, '-p', password, ...trust())
    writeChart(path('web'), 'web')
    mkdirSync(path('pulled'))
    for (const version of ['1.0.0', '1.1.0+build.5']) {
      await helm('package', 'web', '--version', version)
    }
  })

  test('refuses a wrong password at login', async () => {
    const { host, username } = target()
    const args = ['registry', 'login', host, '-u', username, '-p', 'no', ...trust()]
    await runRefused('helm', args, {
      env: { ...environment(), HELM_REGISTRY_CONFIG: path('stranger.json') },
    })
  })

  test('pushes a chart and pulls it back, byte for byte', async () => {
    await helm('push', 'web-1.0.0.tgz', charts(), ...trust())
    await helm('pull', `${charts()}/web`, '--version', '1.0.0', '-d', 'pulled', ...trust())
    assert.deepEqual(
      readFileSync(path('pulled/web-1.0.0.tgz')),
      readFileSync(path('web-1.0.0.tgz')),
    )
  })

  test('keeps a version with build metadata, which a tag cannot spell', async () => {
    await helm('push', 'web-1.1.0+build.5.tgz', charts(), ...trust())
    const shown = await helm(
      'show',
      'chart',
      `${charts()}/web`,
      ...trust(),
      '--version',
      '1.1.0+build.5',
    )
    assert.match(shown.stdout, /^version: 1\.1\.0\+build\.5$/m)
  })

  test('chooses the newest version of a range', async () => {
    const shown = await helm('show', 'chart', `${charts()}/web`, ...trust(), '--version', '~1.0')
    assert.match(shown.stdout, /^version: 1\.0\.0$/m)
  })

  test('renders and dry-runs a chart straight from the registry', async () => {
    const chart = [`${charts()}/web`, '--version', '1.0.0', ...trust()]
    const rendered = await helm('template', 'release', ...chart)
    assert.match(rendered.stdout, /kind": "ConfigMap"/)
    const cluster = await startKubernetesApi()
    try {
      const options = [
        '--dry-run=client',
        '--disable-openapi-validation',
        '--kube-apiserver',
        cluster.url,
      ]
      const dryRun = await helm('install', 'release', ...chart, ...options)
      assert.match(dryRun.stdout, /STATUS: pending-install/)
    } finally {
      cluster.close()
    }
  })

  test('resolves a chart as a dependency of another', async () => {
    const dependency = { name: 'web', version: '1.0.0', repository: charts() }
    writeChart(path('outer'), 'outer', [dependency])
    await helm('dependency', 'update', 'outer', ...trust())
    assert.ok(readFileSync(path('outer/charts/web-1.0.0.tgz')).length > 0)
  })
})

onEachTarget('helm with a chart repository', ['helm', 'curl'], (target) => {
  const path = (name: string) => join(target().scratch, name)
  const helm = (...args: string[]) =>
    run('helm', args, {
      env: {
        HELM_CACHE_HOME: path('cache'),
        HELM_CONFIG_HOME: path('config'),
        HELM_DATA_HOME: path('data'),
        HELM_REGISTRY_CONFIG: path('registry.json'),
      },
      cwd: target().scratch,
    })
  const trust = () => (target().tls ? ['--ca-file', target().tls?.ca ?? ''] : [])
  const ociTrust = () => (target().tls ? trust() : ['--plain-http'])
  const repository = () => `${target().url}/chartrepo/demo`
  const login = () => ['--username', target().username, '--password', target().password]
  /** What `helm cm-push` sends: the package as a field of a form, to the repository's address behind `/api`. */
  const upload = (...files: readonly string[]) => {
    const { url, username, password, tls } = target()
    const fields = files.flatMap((file) => {
      return ['--form', `${file.endsWith('.prov') ? 'prov' : 'chart'}=@${file}`]
    })
    const ca = tls ? ['--cacert', tls.ca] : []
    const args = [
      '--fail-with-body',
      '--silent',
      '--show-error',
      '--user',
      `${username}:${password}`,
    ]
    return run('curl', [...args, ...ca, ...fields, `${url}/api/chartrepo/demo/charts`], {
      cwd: target().scratch,
    })
  }

  before(async () => {
    writeChart(path('shop'), 'shop')
    for (const version of ['1.0.0', '1.2.0+build.7', '2.0.0-rc.1']) {
      await helm('package', 'shop', '--version', version)
      assert.deepEqual(JSON.parse((await upload(`shop-${version}.tgz`)).stdout), { saved: true })
    }
    await helm('repo', 'add', 'ours', repository(), ...login(), ...trust())
    mkdirSync(path('pulled'))
  })

  test('searches what was uploaded', async () => {
    const stable = await helm('search', 'repo', 'ours/shop', '-o', 'json')
    assert.deepEqual(
      JSON.parse(stable.stdout).map(({ version }: { version: string }) => version),
      ['1.2.0+build.7'],
    )
    const all = await helm('search', 'repo', 'ours/shop', '--versions', '--devel', '-o', 'json')
    assert.equal(JSON.parse(all.stdout).length, 3)
  })

  test('pulls a version, byte for byte, from either world', async () => {
    await helm('pull', 'ours/shop', '--version', '1.2.0+build.7', '-d', 'pulled')
    const name = 'shop-1.2.0+build.7.tgz'
    const packed = readFileSync(path(name))
    assert.deepEqual(readFileSync(path(`pulled/${name}`)), packed)
    const { host, username, password } = target()
    await helm('registry', 'login', host, '-u', username, '-p', password, ...ociTrust())
    const chart = `oci://${host}/demo/shop`
    const version = ['--version', '1.2.0+build.7']
    mkdirSync(path('from-oci'))
    await helm('pull', chart, ...version, '-d', 'from-oci', ...ociTrust())
    assert.deepEqual(readFileSync(path(`from-oci/${name}`)), packed)
  })

  test('finds what was pushed over OCI', async () => {
    const { host, username, password } = target()
    await helm('registry', 'login', host, '-u', username, '-p', password, ...ociTrust())
    writeChart(path('pushed'), 'pushed')
    await helm('package', 'pushed', '--version', '3.1.4')
    await helm('push', 'pushed-3.1.4.tgz', `oci://${host}/demo`, ...ociTrust())
    // What was seen a second ago may be told once more.
    let found = ''
    for (let attempt = 0; attempt < maxLooks && !found.includes('3.1.4'); attempt += 1) {
      await helm('repo', 'update', 'ours')
      found = (await helm('search', 'repo', 'ours/pushed')).stdout
    }
    assert.match(found, /3\.1\.4/)
    await helm('pull', 'ours/pushed', '-d', 'pulled')
    assert.deepEqual(
      readFileSync(path('pulled/pushed-3.1.4.tgz')),
      readFileSync(path('pushed-3.1.4.tgz')),
    )
  })

  test('renders and dry-runs a chart of the repository', async () => {
    const chart = ['ours/shop', '--version', '1.0.0']
    assert.match((await helm('template', 'release', ...chart)).stdout, /kind": "ConfigMap"/)
    const cluster = await startKubernetesApi()
    try {
      const options = ['--disable-openapi-validation', '--kube-apiserver', cluster.url]
      const dryRun = await helm('install', 'release', ...chart, '--dry-run=client', ...options)
      assert.match(dryRun.stdout, /STATUS: pending-install/)
    } finally {
      cluster.close()
    }
  })

  test('resolves a dependency from it', async () => {
    writeChart(path('outer'), 'outer', [{ name: 'shop', version: '~1', repository: '@ours' }])
    await helm('dependency', 'update', 'outer')
    assert.ok(readFileSync(path('outer/charts/shop-1.2.0+build.7.tgz')).length > 0)
  })

  test('plain tar makes a chart that is taken, and what is none is refused with the reason', async () => {
    writeChart(path('plain'), 'plain')
    await run('tar', ['czf', 'plain-0.1.0.tgz', './plain'], { cwd: target().scratch })
    await upload('plain-0.1.0.tgz')
    writeFileSync(path('none-1.0.0.tgz'), 'no chart')
    const args = ['--silent', '--user', `${target().username}:${target().password}`]
    const ca = target().tls ? ['--cacert', target().tls?.ca ?? ''] : []
    const form = ['--form', 'chart=@none-1.0.0.tgz', `${target().url}/api/chartrepo/demo/charts`]
    const refused = await run('curl', [...args, ...ca, ...form], { cwd: target().scratch })
    assert.match(JSON.parse(refused.stdout).error, /^package: is not compressed by gzip/)
  })
})

/** Each takes a quarter of a second. */
const maxLooks = 40

function writeChart(folder: string, name: string, dependencies: readonly object[] = []): void {
  const chart = { apiVersion: 'v2', name, version: '0.1.0', dependencies }
  const template = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: '{{ .Release.Name }}' },
    data: { chart: '{{ .Chart.Version }}' },
  }
  mkdirSync(join(folder, 'templates'), { recursive: true })
  // JSON is YAML.
  writeFileSync(join(folder, 'Chart.yaml'), JSON.stringify(chart))
  writeFileSync(join(folder, 'templates', 'settings.yaml'), JSON.stringify(template, null, 1))
}
