// What a namespace holds, to whoever may pull it: `index.yaml`, and the same as ChartMuseum's lists.

import { ApiError } from '@entrepot/contract/errors.ts'
import { pullRepository } from '../access/actions.ts'
import type { ChartPiece, NamespaceIndex } from '../charts/namespace-index.ts'
import { formatEtag, matchesEtag } from '../http/etag.ts'
import type { Namespace } from '../namespaces/namespaces.ts'
import { authorize, isAllowed, namespaceOf } from '../registry/authorize.ts'
import type { Reply } from '../registry/call.ts'
import { locate } from '../repositories/repositories.ts'
import type { ChartCall } from './call.ts'

const jsonType = { 'Content-Type': 'application/json' }
/** As ChartMuseum's; a client that asks again is told by the ETag whether it has it. */
const indexHeaders = {
  'Content-Type': 'application/x-yaml',
  'Cache-Control': 'no-cache',
  Vary: 'Accept-Encoding, Authorization',
}

export async function getIndex(call: ChartCall, namespaceName: string): Promise<Reply> {
  const { index, maySee } = await findIndex(call, namespaceName)
  const served = index.serve(maySee)
  const isGzip = acceptsGzip(call.req.headers['accept-encoding'])
  const etag = formatEtag(isGzip ? `${served.etag}-gzip` : served.etag)
  const headers = { ...indexHeaders, ETag: etag }
  if (matchesEtag(call.req.headers['if-none-match'], etag)) return { status: 304, headers }
  const body = isGzip ? await served.compressed() : served.plain
  return {
    status: 200,
    headers: { ...headers, ...(isGzip && { 'Content-Encoding': 'gzip' }) },
    body,
  }
}

/** RFC 9110, 12.5.3. */
function acceptsGzip(header = ''): boolean {
  return header.split(',').some((one) => {
    const [coding = '', ...parameters] = one.split(';').map((part) => part.trim().toLowerCase())
    const isRefused = parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))
    return (coding === 'gzip' || coding === '*') && !isRefused
  })
}

interface Seen {
  readonly index: NamespaceIndex
  readonly maySee: (piece: ChartPiece) => boolean
}

/**
 * Of a namespace that the caller may pull from, all or some. A person's policies may speak of single charts, so each is
 * asked for; what others may is the same in the whole namespace.
 */
async function findIndex(call: ChartCall, namespaceName: string): Promise<Seen> {
  const { registry, instance, caller } = call
  const name = { path: namespaceName, namespace: namespaceName }
  const key = { instance: instance.id, namespace: namespaceName, path: namespaceName }
  const namespace = namespaceOf((await registry.db.fetch(locate, key))[0])
  const whole = { action: pullRepository, name, namespace, hiddenAs: 'NAME_UNKNOWN' } as const
  if (!namespace || caller.actor.kind !== 'account') {
    await call.know([namespaceName])
    authorize(call, whole)
    if (!namespace) throw new ApiError('NAME_UNKNOWN')
    return { index: await indexOf(call, namespace), maySee: () => true }
  }
  const index = await indexOf(call, namespace)
  await call.know([namespaceName, ...index.pieces.map(({ path }) => path)])
  const maySee = ({ path }: ChartPiece) =>
    isAllowed(call, pullRepository, { path, namespace: namespaceName }, namespace)
  // One who may see some of it has no need of the whole.
  if (index.pieces.some(maySee)) call.uses(namespace)
  else authorize(call, whole)
  return { index, maySee }
}

async function indexOf(call: ChartCall, { id, name }: Namespace): Promise<NamespaceIndex> {
  return call.indexes.find({ id, name, instanceId: call.instance.id })
}

interface Asked {
  readonly namespace: string
  readonly name: string | undefined
  readonly version: string | undefined
}

/** All charts by name, the versions of one, or one version. */
export async function listCharts(call: ChartCall, asked: Asked): Promise<Reply> {
  const { index, maySee } = await findIndex(call, asked.namespace)
  const pieces = index.pieces.filter(maySee)
  if (asked.name === undefined) {
    const all = pieces.map(({ name, entries }) => `${JSON.stringify(name)}:${entries}`)
    return { status: 200, headers: jsonType, body: `{${all.join(',')}}` }
  }
  const piece = pieces.find(({ name }) => name === asked.name)
  if (!piece) throw chartUnknown(asked)
  if (asked.version === undefined) return { status: 200, headers: jsonType, body: piece.entries }
  // Written by `indexEntry`.
  const entries = JSON.parse(String(piece.entries)) as readonly { readonly version: string }[]
  const entry = entries.find(({ version }) => version === asked.version)
  if (!entry) throw chartUnknown(asked)
  return { status: 200, headers: jsonType, body: JSON.stringify(entry) }
}

function chartUnknown({ namespace, name, version }: Asked): ApiError {
  const chart = `${namespace}/${name}${version === undefined ? '' : ` ${version}`}`
  return new ApiError('CHART_UNKNOWN', { message: `there is no chart ${chart.slice(0, 300)}` })
}
