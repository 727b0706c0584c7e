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
