// Charts in a browser: uploaded, replaced knowingly, read, compared, downloaded and deleted.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { it } from 'node:test'
import { createHelmChartKey } from '@entrepot/contract/entrepot/chart-keys.ts'
import {
  createHelmChart,
  deleteHelmChart,
  describeHelmCharts,
} from '@entrepot/contract/entrepot/charts.ts'
import type { Page } from 'playwright-core'
import { packChart } from '../../packages/server/src/charts/test-charts.ts'
import { makeSigner, signedProvenanceOf } from '../../packages/server/src/charts/test-keys.ts'
import { onEachStage } from './stage.ts'
import { assertAccessible, watch } from './watch.ts'

const readme = '# Web of the shop\n\nServes pages. <script>alert(1)</script>\n'

onEachStage('charts', (stage) => {
  const at = (rest = '') => `/r/${stage().instance}/charts${rest}`
  const pack = async (version: string, values: string) => ({
    name: `web-${version}.tgz`,
    mimeType: 'application/gzip',
    buffer: await packChart({
      version,
      more: { description: 'Serves pages', appVersion: '1.27', keywords: ['shop'] },
      files: {
        'values.yaml': values,
        'README.md': readme,
        'templates/web.yaml': 'kind: Deployment\nname: {{ .Release.Name }}\n',
      },
    }),
  })

  async function choose(page: Page, files: Parameters<Page['setInputFiles']>[1]) {
    await page.getByRole('button', { name: 'Upload Helm chart' }).first().click()
    const drawer = page.getByRole('dialog', { name: 'Upload Helm chart' })
    await drawer.locator('input[type=file]').setInputFiles(files)
    return drawer
  }

  it('are uploaded several at once, what is none is told apart, and nothing is replaced unasked', async () => {
    const page = await stage().logIn({ path: at() })
    const quiet = watch(page)
    await page.getByText('No chart yet').waitFor()
    await page.getByText(/helm repo add default-demo/).waitFor()
    const drawer = await choose(page, [
      await pack('1.0.0', 'replicas: 1\n'),
      await pack('1.1.0', 'replicas: 2\ntracing: true\n'),
      { name: 'photo.tgz', mimeType: 'image/png', buffer: Buffer.from('no chart') },
    ])
    await drawer.getByText('web 1.1.0').waitFor()
    await drawer.getByText('Not a chart: it is no gzip archive').waitFor()
    await drawer.getByText('New', { exact: true }).nth(1).waitFor()
    await assertAccessible(page)
    await drawer.getByRole('button', { name: 'Leave out photo.tgz' }).click()
    await drawer.getByRole('button', { name: 'Upload 2 charts' }).click()
    await drawer.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'demo/web' }).waitFor()
    await page.getByRole('cell', { name: '1.1.0', exact: true }).waitFor()

    const again = await choose(page, [
      await pack('1.0.0', 'replicas: 1\n'),
      await pack('1.1.0', 'replicas: 3\n'),
    ])
    await again.getByText('Already there, the same').waitFor()
    await again.getByText(/Replaces another package/).waitFor()
    await again.getByRole('checkbox', { name: 'Replace it' }).check()
    await again.getByRole('button', { name: 'Upload 1 chart' }).click()
    await again.getByText('Uploaded', { exact: true }).waitFor()
    await again.getByRole('button', { name: 'Close' }).last().click()
    quiet.assertQuiet()
    await page.context().close()
  })

  it('are read by their parts: README, values, files, what they need', async () => {
    const page = await stage().logIn({ path: at('/demo/web/-/versions') })
    const quiet = watch(page)
    await page.getByRole('link', { name: '1.0.0' }).click()
    await page.getByRole('heading', { name: 'Web of the shop' }).waitFor()
    assert.equal(await page.locator('main script').count(), 0, 'no markup of theirs')
    await page.getByRole('link', { name: 'Values' }).click()
    await page.getByText('replicas', { exact: true }).waitFor()
    await page.getByRole('link', { name: /^Files/ }).click()
    await page.getByRole('link', { name: 'web.yaml' }).click()
    await page.getByRole('heading', { name: 'templates/web.yaml' }).waitFor()
    await page.getByText('Deployment').waitFor()
    await assertAccessible(page)
    await page.getByRole('link', { name: 'Basic information' }).click()
    await page.getByText('It needs no other chart.').waitFor()
    await page.getByText('No provenance file').waitFor()

    quiet.assertQuiet()

    // The instance's own host, which this browser can't find: the link is followed from here.
    await page.route('**/service/download/*', (route) => route.abort())
    const asked = page.waitForRequest(/\/service\/download\//)
    await page.getByRole('button', { name: 'Download' }).click()
    const link = new URL((await asked).url())
    assert.match(link.host, /^default\.registry\.test:\d+$/)
    const file = await fetchFrom(stage().server.url, link)
    assert.match(file.headers['content-disposition'] ?? '', /filename="web-1\.0\.0\.tgz"/)
    await page.context().close()
  })

  it('are compared by their values, in Chinese', async () => {
    const page = await stage().logIn({ path: at('/demo/web/-/versions'), language: 'zh' })
    const quiet = watch(page)
    await page.getByRole('checkbox').first().check()
    await page.getByRole('button', { name: '对比 values' }).click()
    await page.getByRole('heading', { level: 1, name: '对比 values' }).waitFor()
    await page.getByText('新增 1 行，移除 1 行').first().waitFor()
    await page.getByRole('region', { name: 'values.yaml' }).getByText('replicas: 3').waitFor()
    await assertAccessible(page)
    quiet.assertQuiet()
    await page.context().close()
  })

  it('tell whose signature their provenance has', async () => {
    const inDemo = { RegistryId: stage().instance, NamespaceName: 'demo' }
    const bytes = await packChart({ name: 'signed' })
    const made = new Date(Date.now() - 60_000)
    const signer = await makeSigner(made)
    const Provenance = await signedProvenanceOf(bytes, signer, made)
    await stage().api.call(createHelmChart, {
      ...inDemo,
      Content: [bytes.toString('base64')],
      Provenance,
    })
    const page = await stage().logIn({ path: at('/demo/signed/-/versions/1.0.0/info') })
    const quiet = watch(page)
    await page.getByText('Signed by a key that the namespace does not have').waitFor()
    await stage().api.call(createHelmChartKey, { ...inDemo, PublicKey: signer.armored })
    await page.reload()
    await page.getByText('Its signature is verified').waitFor()
    await page.getByText('Ana <ana@example.org>').waitFor()
    await page.getByText(signer.fingerprint).waitFor()
    await assertAccessible(page)
    quiet.assertQuiet()
    await page.context().close()
    await stage().api.call(deleteHelmChart, { ...inDemo, ChartName: 'signed' })
  })

  it('are deleted by version, and whole by their name, on a narrow screen and by keys', async () => {
    const page = await stage().logIn({ path: at('/demo/web/-/versions'), width: 390 })
    const quiet = watch(page)
    await page.getByRole('button', { name: 'Actions on 1.0.0' }).press('Enter')
    await page.getByRole('menuitem', { name: 'Delete' }).press('Enter')
    const question = page.getByRole('dialog', { name: 'Delete version 1.0.0?' })
    await question.getByText('Last pulled').waitFor()
    await question.getByText(/from the recycle bin for \d+ days/).waitFor()
    await question.getByRole('button', { name: 'Delete version' }).press('Enter')
    await page.getByRole('status').getByText('1 version', { exact: true }).waitFor()

    await page.getByRole('button', { name: 'Delete chart' }).press('Enter')
    const whole = page.getByRole('dialog', { name: 'Delete the chart demo/web?' })
    await whole.getByText('Pulls in the last 30 days').waitFor()
    await whole.getByText(/from the recycle bin for \d+ days/).waitFor()
    await assertAccessible(page)
    await whole.getByRole('textbox').fill('demo/web')
    await whole.getByRole('textbox').press('Enter')
    await page.getByText('No chart yet').waitFor()
    const { TotalCount } = await stage().api.call(describeHelmCharts, {
      RegistryId: stage().instance,
    })
    assert.equal(TotalCount, 0)
    quiet.assertQuiet()
    await page.context().close()
  })
})

/** As a client that finds the host of the link at the server. */
async function fetchFrom(origin: string, { host, pathname }: URL): Promise<IncomingMessage> {
  const sent = request(new URL(pathname, origin), { headers: { Host: host } }).end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  assert.equal(answer.statusCode, 200)
  answer.resume()
  return answer
}
