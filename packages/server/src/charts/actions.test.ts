// The actions on charts: what pages list and show, uploads, deletions, and to whom.

import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import type { Action, ActionReply } from '@entrepot/contract/action.ts'
import {
  createHelmChart,
  deleteHelmChart,
  deleteHelmChartVersions,
  describeHelmChart,
  describeHelmChartFile,
  describeHelmCharts,
  describeHelmChartUpload,
  describeHelmChartVersions,
} from '@entrepot/contract/entrepot/charts.ts'
import { describeChartDownloadInfo } from '@entrepot/contract/tcr/charts.ts'
import { digestOf } from '@entrepot/oci/digest.ts'
import { addPerson, allow } from '../accounts/test-people.ts'
import { TestBrowser } from '../console/test-browser.ts'
import { onEachDatabase } from '../db/test-database.ts'
import { ownerOf, type TestClient } from '../registry/test-client.ts'
import { addNamespace } from '../registry/test-seed.ts'
import { type ApiOptions, type TestApp, testApp } from '../test-app.ts'
import { packChart, provenanceOf } from './test-charts.ts'

onEachDatabase('actions on charts', (_open, dialect) => {
  let app: TestApp
  let owner: TestClient

  before(async () => {
    app = await testApp({ dialect, consoleFolder: '/nonexistent/console' })
    owner = ownerOf(app)
    await addNamespace(app, 'team')
    await addNamespace(app, 'open', { isPublic: true })
  })
  after(() => app.close())

  const own = (action: string, input: object, options: ApiOptions = {}) =>
    app.api(action, { RegistryId: app.instance.id, ...input }, { product: 'entrepot', ...options })
  const done = async <A extends Action>(
    action: A,
    input: object,
    options: ApiOptions = {},
  ): Promise<ActionReply<A>> => {
    const answer = await own(action.name, input, { product: action.product, ...options })
    assert.equal(answer.Error, undefined, JSON.stringify(answer.Error))
    // A handler's answer has the declared shape.
    return answer as unknown as ActionReply<A>
  }
  const codeOf = async (action: string, input: object, options: ApiOptions = {}) => {
    app.clock.advance(1000)
    const { Error: error } = await own(action, input, options)
    return error?.Code ?? 'ok'
  }
  const upload = async (bytes: Buffer, more: object = {}) =>
    done(createHelmChart, {
      NamespaceName: 'team',
      Content: [bytes.toString('base64')],
      ...more,
    })

  it('a chart is uploaded, listed, and told of in whole', async () => {
    const more = {
      description: 'A web server',
      appVersion: '2.4',
      icon: 'https://example.org/icon.svg',
      dependencies: [{ name: 'db', version: '~1', repository: 'https://example.org' }],
      maintainers: [{ name: 'Ana', email: 'ana@example.org' }],
    }
    const files = { 'README.md': '# Web\n', 'charts/db/Chart.yaml': 'x', 'icon.bin': 'a\0b' }
    const bytes = await packChart({ more, files })
    const uploaded = await upload(bytes, { Provenance: provenanceOf(bytes) })
    assert.deepEqual(
      [uploaded.ChartName, uploaded.Version, uploaded.PackageDigest, uploaded.IsReplaced],
      ['web', '1.0.0', digestOf('sha256', bytes), false],
    )
    app.clock.advance(1000)
    await upload(await packChart({ version: '2.0.0-rc.1+b' }))
    const { Charts, TotalCount } = await done(describeHelmCharts, { NamespaceName: 'team' })
    assert.equal(TotalCount, 1)
    assert.deepEqual(
      Charts.map((one) => [one.LatestVersion, one.VersionCount, one.Description, one.IsInIndex]),
      [['1.0.0', 2, 'A web server', true]],
    )
    const chart = { NamespaceName: 'team', ChartName: 'web' }
    const { Versions } = await done(describeHelmChartVersions, chart)
    assert.deepEqual(
      Versions.map(({ Version, Tag }) => [Version, Tag]),
      [
        ['2.0.0-rc.1+b', '2.0.0-rc.1_b'],
        ['1.0.0', '1.0.0'],
      ],
    )
    const whole = await done(describeHelmChart, { ...chart, Version: '1.0.0' })
    assert.equal(whole.Readme, '# Web\n')
    assert.equal(whole.Values, 'replicas: 1\n')
    assert.equal(whole.ProvenanceState, 'matches')
    assert.deepEqual(whole.Dependencies, [
      {
        ...{ Name: 'db', Version: '~1', Repository: 'https://example.org' },
        ...{ Condition: null, Alias: null, Tags: [], IsPacked: true },
      },
    ])
    const file = { ...chart, Version: '1.0.0', Path: 'templates/settings.yaml' }
    const { Content } = await done(describeHelmChartFile, file)
    assert.match(Content ?? '', /^apiVersion: v1\n/)
    const binary = await done(describeHelmChartFile, { ...file, Path: 'icon.bin' })
    assert.deepEqual([binary.Content, binary.Size], [null, 3])
    assert.equal(
      await codeOf('DescribeHelmChartFile', { ...file, Path: 'none' }),
      'ResourceNotFound',
    )
  })

  it('what an upload would do is told before', async () => {
    await upload(await packChart({ name: 'asked' }))
    await owner.pushImage('team/image', '1.0.0')
    const digest = digestOf('sha256', await packChart({ name: 'asked' }))
    const charts = [
      { ChartName: 'asked', Version: '1.0.0', PackageDigest: digest },
      { ChartName: 'asked', Version: '1.0.0', PackageDigest: `sha256:${'0'.repeat(64)}` },
      { ChartName: 'asked', Version: '1.0.1' },
      { ChartName: 'image', Version: '1.0.0' },
      { ChartName: 'Asked', Version: '1.0.0' },
      { ChartName: 'asked', Version: '1' },
    ]
    const { Uploads } = await done(describeHelmChartUpload, {
      NamespaceName: 'team',
      Charts: charts,
    })
    assert.deepEqual(
      Uploads.map(({ Fate }) => Fate),
      ['same', 'replaces', 'new', 'refused', 'refused', 'refused'],
    )
  })

  it('another package of a version replaces it only where that is said', async () => {
    await upload(await packChart({ name: 'kept' }))
    const other = await packChart({ name: 'kept', files: { 'values.yaml': 'a: 1\n' } })
    const input = { NamespaceName: 'team', Content: [other.toString('base64')] }
    const refused = 'FailedOperation.ErrorTcrResourceConflict'
    assert.equal(await codeOf('CreateHelmChart', input), refused)
    const replaced = await done(createHelmChart, { ...input, Replace: true })
    assert.equal(replaced.IsReplaced, true)
  })

  it('a link fetches the package without a login, and is a pull', async () => {
    const bytes = await packChart({ name: 'linked', version: '1.0.0+b' })
    await upload(bytes)
    const chart = { NamespaceName: 'team', ChartName: 'linked', ChartVersion: '1.0.0+b' }
    const { PreSignedDownloadURL } = await done(describeChartDownloadInfo, chart, {
      product: 'tcr',
    })
    const { pathname } = new URL(PreSignedDownloadURL)
    const answer = await owner.as(undefined).call('GET', pathname)
    assert.ok(answer.bytes.equals(bytes))
    assert.equal(answer.headers['content-disposition'], 'attachment; filename="linked-1.0.0+b.tgz"')
    const { Error: error } = await own('DownloadHelmChart', chart, { product: 'tcr' })
    assert.equal(error?.Code, 'UnsupportedOperation')
    assert.match(error.Message, /DescribeChartDownloadInfo/)
    const missing = { ...chart, ChartVersion: '9.9.9' }
    for (const action of ['DownloadHelmChart', 'DescribeChartDownloadInfo']) {
      const code = await codeOf(action, missing, { product: 'tcr' })
      assert.equal(code, 'ResourceNotFound.TcrResourceNotFound')
    }
  })

  it('versions go, and a chart with its repository where nothing else lies in it', async () => {
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) {
      await upload(await packChart({ name: 'going', version }))
      await upload(await packChart({ name: 'mixed', version }))
    }
    await owner.pushImage('team/mixed', 'image')
    const going = { NamespaceName: 'team', ChartName: 'going' }
    await done(deleteHelmChartVersions, { ...going, Versions: ['1.0.0', '1.1.0'] })
    const left = await done(describeHelmChartVersions, going)
    assert.equal(left.TotalCount, 1)
    const gone = 'ResourceNotFound.TcrResourceNotFound'
    const again = { ...going, Versions: ['1.2.0', '1.0.0'] }
    assert.equal(await codeOf('DeleteHelmChartVersions', again), gone)
    assert.equal((await done(deleteHelmChart, going)).VersionCount, 1)
    assert.equal(await codeOf('DescribeHelmChartVersions', going), gone)
    const mixed = { NamespaceName: 'team', ChartName: 'mixed' }
    assert.equal((await done(deleteHelmChart, mixed)).VersionCount, 3)
    const image = await owner.call('HEAD', '/v2/team/mixed/manifests/image')
    assert.equal(image.status, 200)
    await app.app.jobs.idle()
  })

  it('each sees and does what policies allow', async () => {
    const { id } = app.instance
    await upload(await packChart({ name: 'secret' }))
    const onWeb = `qcs::tcr:::repository/${id}/team/web`
    const reader = await addPerson(app, 'chart-reader', allow('tcr:DescribeHelmCharts', onWeb))
    const { Charts } = await done(describeHelmCharts, {}, { key: reader.key })
    assert.deepEqual(
      Charts.map(({ ChartName }) => ChartName),
      ['web'],
    )
    const refused = 'UnauthorizedOperation'
    const secret = { NamespaceName: 'team', ChartName: 'secret' }
    const options = { key: reader.key }
    assert.equal(await codeOf('DescribeHelmChartVersions', secret, options), refused)
    const web = { NamespaceName: 'team', ChartName: 'web', Versions: ['1.0.0'] }
    assert.equal(await codeOf('DeleteHelmChartVersions', web, options), refused)
    const writer = await addPerson(app, 'chart-writer', allow('tcr:CreateHelmChart', onWeb))
    const put = async (name: string) => {
      const content = (await packChart({ name, version: '7.0.0' })).toString('base64')
      const input = { NamespaceName: 'team', Content: [content] }
      return codeOf('CreateHelmChart', input, { key: writer.key })
    }
    assert.deepEqual([await put('web'), await put('secret')], ['ok', refused])
  })

  it('the console sends more than other clients may', async () => {
    const browser = new TestBrowser(app.url)
    assert.equal((await browser.logIn(app.username, 'Test-password-0123456789')).kind, 'session')
    const noise = digestOf('sha256', Buffer.from('seed')).repeat(15_000)
    const bytes = await packChart({ name: 'large', files: { noise } })
    const stored = Buffer.concat([bytes, Buffer.alloc(1_500_000)])
    const text = stored.toString('base64')
    const parts = [text.slice(0, 1_000_000), text.slice(1_000_000)]
    const input = { RegistryId: app.instance.id, NamespaceName: 'team', Content: parts }
    const headers = { 'X-TC-Action': 'CreateHelmChart', 'X-TC-Version': '2026-11-01' }
    const answer = await browser.post('/console/api', input, headers)
    const { Response: reply } = (await answer.json()) as { Response: Record<string, unknown> }
    assert.equal(reply.Error, undefined, JSON.stringify(reply.Error))
    assert.equal(reply.ChartName, 'large')
    const signed = await own('CreateHelmChart', { NamespaceName: 'team', Content: parts })
    assert.equal(signed.Error?.Code, 'RequestSizeLimitExceeded')
  })
})
