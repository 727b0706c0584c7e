// Versions of charts as the API tells them.

import type { ActionReply } from '@entrepot/contract/action.ts'
import type { describeHelmChart } from '@entrepot/contract/entrepot/charts.ts'
import { isoUtc } from '../actions/times.ts'
import type { Coverage } from '../immutability/queries.ts'
import type { VersionRow } from './queries.ts'

export interface ChartInput {
  readonly NamespaceName: string
  readonly ChartName: string
}

export function pathOf({ NamespaceName, ChartName }: ChartInput): string {
  return `${NamespaceName}/${ChartName}`
}

export function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoUtc(ms)
}

export type WireVersion = ActionReply<typeof describeHelmChart>['Version']

export function versionToWire(row: VersionRow, coverage: Coverage | undefined): WireVersion {
  return {
    Version: row.version ?? '',
    Tag: row.tag,
    AppVersion: row.app_version,
    Description: row.description,
    Type: row.type ?? 'application',
    IsDeprecated: row.is_deprecated === 1,
    ManifestDigest: row.digest,
    PackageDigest: row.package_digest ?? '',
    Size: row.package_bytes,
    HasProvenance: row.provenance_digest !== null,
    IsImmutable: coverage?.covers(row.tag) ?? false,
    PushedBy: row.pushed_by,
    PushTime: isoUtc(row.pushed_at),
    PullCount: row.pull_count,
    LastPullTime: timeOrNull(row.last_pulled_at),
  }
}
