// What an index holds beside images: BuildKit puts attestations there, as children without a platform that name their
// image in annotations (BuildKit, docs/attestations/attestation-storage.md).

import type { Queryable } from '../db/database.ts'

export interface IndexAttestation {
  readonly digest: string
  readonly sizeBytes: number
  readonly subjectDigest: string | null
  readonly type: string | null
  readonly isPresent: boolean
}

const digestAnnotation = 'vnd.docker.reference.digest'
const typeAnnotation = 'vnd.docker.reference.type'

/** `bytes`: of the index, checked when it was pushed. */
export async function listAttestations(
  db: Queryable,
  index: { readonly id: string; readonly bytes: Uint8Array },
): Promise<readonly IndexAttestation[]> {
  const rows = await db
    .selectFrom('manifest_refs')
    .select(['digest', 'size_bytes', 'present'])
    .where('manifest_id', '=', index.id)
    .where('role', '=', 'child')
    .where('platform', 'like', 'unknown/%')
    .orderBy('position')
    .execute()
  const annotations = rows.length === 0 ? new Map() : annotationsOf(index.bytes)
  return rows.map((row) => {
    const known = annotations.get(row.digest)
    return {
      digest: row.digest,
      sizeBytes: row.size_bytes,
      subjectDigest: textOrNull(known?.[digestAnnotation]),
      type: textOrNull(known?.[typeAnnotation]),
      isPresent: row.present === 1,
    }
  })
}

type Annotations = Readonly<Record<string, unknown>>

function annotationsOf(bytes: Uint8Array): ReadonlyMap<string, Annotations> {
  const document: { manifests?: readonly { digest?: string; annotations?: Annotations }[] } =
    JSON.parse(Buffer.from(bytes).toString('utf8'))
  return new Map(
    (document.manifests ?? []).flatMap(({ digest, annotations }) =>
      digest !== undefined && annotations ? [[digest, annotations] as const] : [],
    ),
  )
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
