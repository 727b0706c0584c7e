// A rule that keeps a thousand of a million tags: how long it takes, and what pushes take meanwhile.
//
//   node bench/retention.ts [sqlite] [postgres]

import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Client, createClient } from '@entrepot/client/client.ts'
import {
  describeNamespaceRetention,
  describeRetentionRuns,
} from '@entrepot/contract/entrepot/retention.ts'
import { describeInstances } from '@entrepot/contract/tcr/instances.ts'
import {
  createTagRetentionExecution,
  createTagRetentionRule,
} from '@entrepot/contract/tcr/retention.ts'
import { makeImage } from '../test/images/image.ts'
import { Registry } from '../test/images/registry.ts'
import { median } from './report.ts'
import { type ScaleDeployment, scaleNamespace, tagCount, withScale } from './scale-deployment.ts'

const goalS = 300
const keptTags = 1000
const pushesBefore = 50
const lookEveryMs = 500
/** There are more repositories than the quota allows: one of those that are there. */
const beside = `${scaleNamespace}/r0000001`
const key = { secretId: 'AKIDbench00000000000000000000000', secretKey: 'b'.repeat(32) }

const { positionals } = parseArgs({ allowPositionals: true })
for (const database of positionals.length > 0 ? positionals : ['sqlite', 'postgres']) {
  await withScale(database, (deployment) => measure(database, deployment), {
    ENTREPOT_ADMIN_SECRET_ID: key.secretId,
    ENTREPOT_ADMIN_SECRET_KEY: key.secretKey,
  })
}

async function measure(database: string, { server }: ScaleDeployment): Promise<void> {
  const api = createClient({ endpoint: server.url, credential: key })
  const registry = new Registry(server)
  const { Registries } = await api.call(describeInstances, { AllRegion: true })
  const RegistryId = Registries?.[0]?.RegistryId ?? ''
  const before = await pushes(registry, 'before', (n) => n >= pushesBefore)
  const { Namespaces } = await api.call(describeNamespaceRetention, { RegistryId })
  const found = Namespaces?.find(({ NamespaceName }) => NamespaceName === scaleNamespace)
  await api.call(createTagRetentionRule, {
    RegistryId,
    NamespaceId: found?.NamespaceId ?? 0,
    CronSetting: 'manual',
    AdvancedRuleItems: [
      {
        RetentionPolicy: { Key: 'latestPushedK', Value: keptTags },
        RepositoryFilter: { Decoration: 'repoMatches', Pattern: 'scale' },
      },
    ],
  })
  const { Rules } = await api.call(describeNamespaceRetention, { RegistryId })
  const rule = { RegistryId, RetentionId: Rules?.[0]?.RetentionId ?? 0 }
  const begun = performance.now()
  await api.call(createTagRetentionExecution, rule)
  let isOver = false
  const meanwhile = pushes(registry, 'meanwhile', () => isOver)
  const removed = await ended(api, rule)
  const seconds = (performance.now() - begun) / 1000
  isOver = true
  console.log(
    `${database}: ${removed} of ${tagCount} tags removed in ${seconds.toFixed(0)} s (≤ ${goalS})`,
  )
  const times = { before, meanwhile: await meanwhile }
  for (const [when, ms] of Object.entries(times)) {
    const slowest = ms.toSorted((a, b) => a - b).at(Math.floor(ms.length * 0.99)) ?? Number.NaN
    console.log(
      `pushes ${when}: ${ms.length}, median ${median(ms).toFixed(1)} ms, p99 ${slowest.toFixed(0)} ms`,
    )
  }
  registry.close()
}

async function ended(
  api: Client,
  rule: { readonly RegistryId: string; readonly RetentionId: number },
): Promise<number> {
  for (;;) {
    const { Runs } = await api.call(describeRetentionRuns, rule)
    const run = Runs?.[0]
    if (run && run.Status !== 'InProgress') {
      if (run.Status !== 'Succeed') throw new Error(`the run is ${run.Status}: ${run.Reason}`)
      return run.Total - run.Retained
    }
    await pause(lookEveryMs)
  }
}

/** One image after the other. */
async function pushes(
  registry: Registry,
  name: string,
  isEnough: (count: number) => boolean,
): Promise<readonly number[]> {
  const times: number[] = []
  while (!isEnough(times.length)) {
    const image = makeImage({ seed: `${name} ${times.length}` })
    const begun = performance.now()
    await registry.pushImage(beside, `${name}-${times.length}`, image)
    times.push(performance.now() - begun)
  }
  return times
}
