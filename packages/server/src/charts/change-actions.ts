// The API's actions that bring charts and take them away.

import type { ActionInput } from '@entrepot/contract/action.ts'
import {
  createHelmChart,
  deleteHelmChart,
  deleteHelmChartVersions,
  describeHelmChartUpload,
} from '@entrepot/contract/entrepot/charts.ts'
import { invalidValue } from '@entrepot/contract/validate.ts'
import { assertMayDo } from '../actions/authority.ts'
import { type ActionCall, change, type Handler, read } from '../actions/define.ts'
import { assertWritable } from '../instances/prepaid.ts'
import { findNamespace, namespaceUnknown } from '../namespaces/namespaces.ts'
import { locate } from '../repositories/repositories.ts'
import { readChart } from './chart.ts'
import { deleteChart, deleteVersions } from './delete.ts'
import { foretell } from './foretell.ts'
import { repositoryOf } from './names.ts'
import { assertProvenanceOf, readProvenance } from './provenance.ts'
import { uploadChart } from './upload.ts'
import { pathOf } from './wire.ts'

export const chartChangeHandlers: readonly Handler[] = [
  read(describeHelmChartUpload, async (call) => {
    const { db, instance, input } = call
    const paths = input.Charts.map(({ ChartName }) => `${input.NamespaceName}/${ChartName}`)
    const resources = [...new Set(paths)].map((path) => `repository/${instance.id}/${path}`)
    await assertMayDo(call, describeHelmChartUpload.permission, resources)
    const uploads = []
    for (const chart of input.Charts) {
      uploads.push(await foretell(db, { instance, namespace: input.NamespaceName }, chart))
    }
    return { Uploads: uploads }
  }),

  change(
    createHelmChart,
    ({ prepared }) => prepared,
    upload,
    (input, { ChartName, Version }) => ({
      resource: `${input.NamespaceName}/${ChartName}`,
      reference: Version,
    }),
  ),

  change(deleteHelmChartVersions, async ({ tx, at, origin, instance, input }) => {
    await deleteVersions(tx, { instance, path: pathOf(input), origin, at }, input.Versions)
    return {}
  }),

  change(deleteHelmChart, async ({ tx, at, origin, instance, input }) => {
    const deleted = await deleteChart(tx, { instance, path: pathOf(input), origin, at })
    return { VersionCount: deleted }
  }),
]

type UploadCall = ActionCall<typeof createHelmChart>

/** Before the transaction of the action, in one of its own: bytes take their time. */
async function upload(call: UploadCall) {
  const { ground, instance, origin, input } = call
  const bytes = bytesOf(input)
  const chart = await readChart(bytes)
  const provenance = input.Provenance ? Buffer.from(input.Provenance) : undefined
  if (provenance) assertProvenanceOf(readProvenance(provenance), chart)
  const { path } = repositoryOf(input.NamespaceName, chart.metadata.name)
  await assertMayDo(call, createHelmChart.permission, [`repository/${instance.id}/${path}`])
  assertWritable(instance, call.nowMs)
  const { read: db } = ground.db
  const namespace = await findNamespace(db, instance.id, input.NamespaceName)
  if (!namespace) throw namespaceUnknown(input.NamespaceName)
  const key = { instance: instance.id, namespace: input.NamespaceName, path }
  const [row] = await ground.db.fetch(locate, key)
  const located = row?.repository_id
    ? { id: row.repository_id, path, isBorn: row.born_at !== null }
    : undefined
  const { isReplaced } = await uploadChart(ground, {
    ...{ instance, namespace, path, located, chart, bytes, provenance, origin },
    keeps: !input.Replace,
    signal: AbortSignal.timeout(storeMs),
  })
  return {
    ChartName: chart.metadata.name,
    Version: chart.version.text,
    PackageDigest: chart.digest,
    IsReplaced: isReplaced,
  }
}

/** A store that takes longer for 20 MiB is not there. */
const storeMs = 5 * 60_000

const base64Pattern = /^[A-Za-z0-9+/]+={0,2}$/

function bytesOf({ Content }: ActionInput<typeof createHelmChart>): Buffer {
  const parts = Content.map((part, at) => {
    if (base64Pattern.test(part)) return Buffer.from(part, 'base64')
    throw invalidValue(`Content.${at}`, { en: 'must be base64', zh: '必须是 base64 编码' })
  })
  return Buffer.concat(parts)
}
