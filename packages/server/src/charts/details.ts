// What a version of a chart holds, out of its package.

import type { ActionReply } from '@entrepot/contract/action.ts'
import type { describeHelmChart } from '@entrepot/contract/entrepot/charts.ts'
import { isoUtc } from '../actions/times.ts'
import type { Database } from '../db/database.ts'
import type { Stores } from '../storage/stores.ts'
import { type Chart, readChart } from './chart.ts'
import { listKeysFor } from './key-queries.ts'
import { provenanceState } from './provenance.ts'
import type { VersionRow } from './queries.ts'
import { noSignature, readSignature, type Signature } from './signature.ts'
import { readStored } from './stored.ts'

type Details = Omit<ActionReply<typeof describeHelmChart>, 'Version'>

/** What is larger is had as a file. */
const maxShownChars = 1024 * 1024

/** Throws CHART_INVALID for a package that an OCI client pushed and that is none. */
export async function describeChart(
  ground: { readonly db: Database; readonly stores: Stores },
  row: VersionRow,
  nowMs: number,
): Promise<Details> {
  const { repository_id: repositoryId, package_digest: digest, provenance_digest: prov } = row
  const chart = await readChart(await readStored(ground, repositoryId, digest ?? ''))
  const provenance = prov === null ? undefined : await readStored(ground, repositoryId, prov)
  const state = provenanceState(provenance, digest ?? '')
  // Of another package, a signature says nothing.
  const signature =
    provenance && state === 'matches'
      ? await readSignature(provenance, await listKeysFor(ground.db.read, repositoryId), nowMs)
      : noSignature
  const { metadata } = chart
  return {
    ApiVersion: metadata.apiVersion,
    Home: metadata.home ?? null,
    Icon: metadata.icon ?? null,
    KubeVersion: metadata.kubeVersion ?? null,
    Keywords: metadata.keywords,
    Sources: metadata.sources,
    Maintainers: metadata.maintainers.map(({ name, email = null, url = null }) => {
      return { Name: name, Email: email, Url: url }
    }),
    Dependencies: dependenciesOf(chart),
    ChartYaml: chart.chartYaml,
    Values: shown(chart.values),
    ValuesSchema: shown(chart.valuesSchema),
    Readme: shown(chart.readme),
    Files: chart.files.map(({ path, sizeBytes }) => ({ Path: path, Size: sizeBytes })),
    Provenance: shown(provenance?.toString('utf8')),
    ProvenanceState: state,
    Signature: signatureToWire(signature),
  }
}

function signatureToWire({ state, keyId, key, signedAt }: Signature): Details['Signature'] {
  return {
    State: state,
    KeyId: keyId?.toUpperCase() ?? null,
    Fingerprint: key?.fingerprint ?? null,
    UserIds: key ? [...key.userIds] : [],
    SignTime: signedAt === null ? null : isoUtc(signedAt),
  }
}

function shown(text: string | undefined): string | null {
  return text === undefined ? null : text.slice(0, maxShownChars)
}

function dependenciesOf({ metadata, files }: Chart): Details['Dependencies'] {
  return metadata.dependencies.map((dependency) => {
    const { name } = dependency
    const isPacked = files.some(
      ({ path }) => path.startsWith(`charts/${name}/`) || path.startsWith(`charts/${name}-`),
    )
    return {
      Name: name,
      Version: dependency.version ?? '',
      Repository: dependency.repository ?? '',
      Condition: dependency.condition ?? null,
      Alias: dependency.alias ?? null,
      Tags: dependency.tags,
      IsPacked: isPacked,
    }
  })
}
