// Charts on their way in, as `helm cm-push` and curl send them: multipart with `chart` and `prov`, or the bare file. A
// version that is there is replaced, unless a rule keeps it; ChartMuseum's `force` is therefore taken and means nothing.

import { ApiError } from '@entrepot/contract/errors.ts'
import type { ParsedPath } from '@entrepot/oci/reference.ts'
import { createHelmChart, pushRepository } from '../access/actions.ts'
import { readChart } from '../charts/chart.ts'
import { getVersion } from '../charts/delete.ts'
import { repositoryOf } from '../charts/names.ts'
import { refuseChart } from '../charts/problem.ts'
import { assertProvenanceOf, namedChart, readProvenance } from '../charts/provenance.ts'
import { readStored } from '../charts/stored.ts'
import { uploadChart } from '../charts/upload.ts'
import { assertWritable } from '../instances/prepaid.ts'
import { ask, authorize, namespaceOf } from '../registry/authorize.ts'
import type { Reply } from '../registry/call.ts'
import { authorizePush } from '../registry/manifests.ts'
import type { Name } from '../registry/routes.ts'
import { locate } from '../repositories/repositories.ts'
import type { ChartCall } from './call.ts'

const saved: Reply = {
  status: 201,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ saved: true }),
}

interface Files {
  readonly chart: Uint8Array | undefined
  readonly provenance: Uint8Array | undefined
}

export function pushChart(call: ChartCall, namespace: string): Promise<Reply> {
  refuseAnonymous(call, namespace)
  return call.withBody(async (body) => {
    const files = await filesOf(call, body, 'chart')
    if (!files.chart) {
      refuseChart(
        'chart',
        'is missing: send the package as the multipart field "chart", or as the bare body',
        '缺少 Chart 包：请用 multipart 字段 chart 上传，或直接作为请求体发送',
      )
    }
    await store(call, namespace, files.chart, files.provenance)
    return saved
  })
}

/** For a chart that is there. */
export function addProvenance(call: ChartCall, namespace: string): Promise<Reply> {
  refuseAnonymous(call, namespace)
  return call.withBody(async (body) => {
    const { registry, instance } = call
    const { provenance } = await filesOf(call, body, 'provenance')
    if (!provenance) refuseChart('prov', 'is missing', '缺少来源证明')
    const { name, version } = namedChart(readProvenance(provenance))
    const repository = repositoryOf(namespace, name)
    await authorizeUpload(call, nameOf(repository))
    const row = await getVersion(registry.db.read, { instance, path: repository.path }, version)
    const bytes = await readStored(registry, row.repository_id, row.package_digest ?? '')
    await store(call, namespace, bytes, provenance)
    return saved
  })
}

async function store(
  call: ChartCall,
  namespaceName: string,
  bytes: Uint8Array,
  provenance: Uint8Array | undefined,
): Promise<void> {
  const { registry, instance, origin } = call
  const chart = await readChart(bytes)
  if (provenance) assertProvenanceOf(readProvenance(provenance), chart)
  const name = nameOf(repositoryOf(namespaceName, chart.metadata.name))
  const { namespace, repository } = await authorizeUpload(call, name)
  await uploadChart(registry, {
    instance,
    namespace,
    path: name.path,
    located: repository,
    chart,
    bytes,
    provenance,
    keeps: false,
    origin,
    signal: call.signal(),
  })
}

function nameOf({ path, namespace }: ParsedPath): Name {
  return { path, namespace: namespace ?? '' }
}

/** Before the body: nobody unknown has it read. Throws UNAUTHORIZED. */
function refuseAnonymous(call: ChartCall, namespace: string): void {
  if (call.caller.actor.kind !== 'anonymous') return
  const name = { path: namespace, namespace }
  const hidden = { namespace: undefined, hiddenAs: 'NAME_UNKNOWN' } as const
  authorize(call, { action: pushRepository, name, ...hidden })
}

/** Who may push there may push charts; who may only create charts, only those. A denial of either holds here. */
async function authorizeUpload(call: ChartCall, name: Name) {
  const { registry, instance } = call
  await call.know([name.path])
  const key = { instance: instance.id, namespace: name.namespace, path: name.path }
  const row = (await registry.db.fetch(locate, key))[0]
  const namespace = namespaceOf(row)
  const answer = ask(call, createHelmChart, { kind: 'repository', namespace, path: name.path })
  if (answer.kind !== 'allowed') {
    const isRefused = 'reason' in answer && answer.reason === 'refused-by-policy'
    if (isRefused) authorize(call, { action: createHelmChart, name, namespace, hiddenAs })
    return authorizePush(call, name)
  }
  if (!namespace) return authorizePush(call, name)
  call.uses(namespace)
  assertWritable(instance, registry.clock.now())
  const repository = row?.repository_id
    ? { id: row.repository_id, path: name.path, isBorn: row.born_at !== null }
    : undefined
  return { namespace, repository }
}

const hiddenAs = 'NAME_UNKNOWN'

async function filesOf(call: ChartCall, body: Buffer, bare: keyof Files): Promise<Files> {
  const contentType = call.req.headers['content-type'] ?? ''
  if (!contentType.toLowerCase().startsWith('multipart/form-data')) {
    const nothing: Files = { chart: undefined, provenance: undefined }
    return body.byteLength === 0 ? nothing : { ...nothing, [bare]: body }
  }
  const form = await parseForm(contentType, body)
  return { chart: await fieldOf(form, 'chart'), provenance: await fieldOf(form, 'prov') }
}

async function parseForm(contentType: string, body: Buffer): Promise<FormData> {
  try {
    const response = new Response(new Uint8Array(body), {
      headers: { 'Content-Type': contentType },
    })
    return await response.formData()
  } catch (cause) {
    throw new ApiError('INVALID_REQUEST', { message: 'the body is no multipart/form-data', cause })
  }
}

async function fieldOf(form: FormData, name: string): Promise<Uint8Array | undefined> {
  const value = form.get(name)
  if (value === null) return undefined
  return typeof value === 'string' ? Buffer.from(value) : new Uint8Array(await value.arrayBuffer())
}
