// The rows that make charts of manifests. Called where a manifest's bytes are first stored, in that transaction.

import type { Tx } from '../db/database.ts'
import { nudge } from '../jobs/jobs.ts'
import { type ChartFacts, fileNameOf, indexEntry } from './facts.ts'

export const chartReading = 'charts.read'

export interface ChartKey {
  readonly instanceId: string
  /** Of the manifest. */
  readonly digest: string
}

/** Without facts the chart waits for a job that reads its config. */
export async function insertChart(
  tx: Tx,
  { instanceId, digest }: ChartKey,
  facts: ChartFacts | undefined,
  at: number,
): Promise<void> {
  await tx
    .insertInto('charts')
    .values({
      instance_id: instanceId,
      digest,
      created_at: at,
      ...(facts ? columnsOf(facts, at) : waiting),
    })
    .onConflict((oc) => oc.columns(['instance_id', 'digest']).doNothing())
    .execute()
  if (!facts) await nudge(tx, chartReading)
}

/** Of one that waited; `created_at` stays. */
export async function updateChart(
  tx: Tx,
  { instanceId, digest }: ChartKey,
  facts: ChartFacts,
  createdAt: number,
): Promise<void> {
  await tx
    .updateTable('charts')
    .set(columnsOf(facts, createdAt))
    .where('instance_id', '=', instanceId)
    .where('digest', '=', digest)
    .where('state', '=', 'waiting')
    .execute()
}

const nothing = {
  problem: null,
  name: null,
  version: null,
  tag: null,
  version_order: null,
  is_prerelease: 0,
  app_version: null,
  description: null,
  icon: null,
  type: null,
  is_deprecated: 0,
  package_digest: null,
  package_bytes: 0,
  provenance_digest: null,
  file_name: null,
  entry: null,
} as const

const waiting = { ...nothing, state: 'waiting' } as const

function columnsOf(facts: ChartFacts, createdAt: number) {
  if (facts.state === 'unfit') return { ...nothing, state: facts.state, problem: facts.problem }
  const { metadata, version } = facts
  return {
    state: facts.state,
    problem: null,
    name: metadata.name,
    version: version.text,
    tag: version.tag,
    version_order: version.order,
    is_prerelease: version.isPrerelease ? 1 : 0,
    app_version: textOrNull(metadata.appVersion),
    description: textOrNull(metadata.description),
    icon: textOrNull(metadata.icon),
    type: metadata.type,
    is_deprecated: metadata.deprecated ? 1 : 0,
    package_digest: facts.packageDigest,
    package_bytes: facts.packageBytes,
    provenance_digest: facts.provenanceDigest ?? null,
    file_name: fileNameOf(metadata.name, version.text),
    entry: withoutNul(indexEntry(facts, createdAt)),
  }
}

const maxColumnChars = 2000

function textOrNull(text: string | undefined): string | null {
  return text === undefined ? null : withoutNul(text.slice(0, maxColumnChars))
}

/** PostgreSQL keeps no NUL in a text. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '').replaceAll('\\u0000', '')
}
