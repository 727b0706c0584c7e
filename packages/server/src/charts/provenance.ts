// A provenance file (https://helm.sh/docs/topics/provenance/): a clear-signed OpenPGP message (RFC 9580, section 7) that
// holds Chart.yaml and the digest of the package. Looked at here is its form and the digest.

import type { Digest } from '@entrepot/oci/digest.ts'
import { refuseChart } from './problem.ts'
import { decodeText, parseYaml } from './yaml.ts'

const begin = '-----BEGIN PGP SIGNED MESSAGE-----'
const beginSignature = '-----BEGIN PGP SIGNATURE-----'
const endSignature = '-----END PGP SIGNATURE-----'
/** Armor is base64 with a checksum of four characters behind `=`. */
const armorPattern = /^[A-Za-z0-9+/=]*$/
/** Helm divides the two documents by it. */
const divider = '\n...\n'

export type ProvenanceState = 'none' | 'matches' | 'mismatch' | 'malformed'

export interface Provenance {
  /** What the signature is about. */
  readonly signedText: string
  /** What stands after the message: nobody signed it. */
  readonly rest: string
  readonly chartYaml: string
  /** By file name. */
  readonly digests: ReadonlyMap<string, string>
}

/** Throws CHART_INVALID. */
export function readProvenance(bytes: Uint8Array): Provenance {
  const text = decodeText('prov', bytes).replaceAll('\r\n', '\n')
  const signed = signedText(text)
  const at = signed.indexOf(divider)
  if (at === -1) malformed('has no "..." between Chart.yaml and the digests', '缺少分隔行 ...')
  const chartYaml = signed.slice(0, at)
  const sums = parseYaml('prov', signed.slice(at + divider.length))
  const rest = text.slice(text.indexOf(endSignature) + endSignature.length)
  return { signedText: signed, rest, chartYaml, digests: digestsOf(sums) }
}

/** RFC 9580, 7.1: headers, an empty line, the text with `- ` before lines that begin with a dash. */
function signedText(text: string): string {
  const start = text.indexOf(begin)
  const signatureAt = text.indexOf(`\n${beginSignature}`)
  const end = text.indexOf(endSignature)
  const headersEnd = text.indexOf('\n\n', start)
  if (start !== 0 || headersEnd === -1 || signatureAt < headersEnd || end < signatureAt) {
    malformed('is no clear-signed message; make it with helm package --sign', '不是明文签名消息')
  }
  const armor = text.slice(signatureAt + 1 + beginSignature.length, end)
  const body = armor.slice(armor.indexOf('\n\n')).split('\n')
  const isArmored = armor.includes('\n\n') && body.some((line) => line !== '')
  if (!isArmored || !body.every((line) => armorPattern.test(line.trim()))) {
    malformed('has no signature of OpenPGP', '没有 OpenPGP 签名')
  }
  const lines = text.slice(headersEnd + 2, signatureAt + 1).split('\n')
  return lines.map((line) => (line.startsWith('- ') ? line.slice(2) : line)).join('\n')
}

function digestsOf(sums: unknown): ReadonlyMap<string, string> {
  const files =
    typeof sums === 'object' && sums !== null && 'files' in sums ? sums.files : undefined
  if (typeof files !== 'object' || files === null) {
    malformed('names no files with their digests', '没有列出文件及其摘要')
  }
  return new Map(Object.entries(files).map(([name, digest]) => [name, String(digest)]))
}

function malformed(en: string, zh: string): never {
  return refuseChart('prov', en, zh)
}

/** Which version of which chart it is about. Throws CHART_INVALID. */
export function namedChart({ chartYaml }: Provenance): { name: string; version: string } {
  const parsed = parseYaml('prov', chartYaml)
  const isMap = typeof parsed === 'object' && parsed !== null
  const name = isMap && 'name' in parsed ? parsed.name : undefined
  const version = isMap && 'version' in parsed ? parsed.version : undefined
  if (typeof name === 'string' && typeof version === 'string') return { name, version }
  return malformed('holds no Chart.yaml with name and version', '没有包含 Chart.yaml 的名称和版本')
}

/** Throws CHART_INVALID where it is about another package. */
export function assertProvenanceOf(
  provenance: Provenance,
  chart: { readonly fileName: string; readonly digest: Digest },
): void {
  const named = [...provenance.digests.values()]
  if (named.includes(chart.digest)) return
  refuseChart(
    'prov',
    `names ${named.join(', ').slice(0, 200) || 'no digest'}, but ${chart.fileName} has ${chart.digest}: sign this package (helm package --sign)`,
    `其中的摘要与 ${chart.fileName} 的摘要 ${chart.digest} 不符，请对该包重新签名`,
  )
}

/** Of what an OCI client may have pushed unseen. */
export function provenanceState(
  bytes: Uint8Array | undefined,
  digest: Digest | string,
): ProvenanceState {
  if (bytes === undefined) return 'none'
  try {
    return [...readProvenance(bytes).digests.values()].includes(digest) ? 'matches' : 'mismatch'
  } catch (error) {
    // A refusal is what malformed means; nothing else is thrown about bytes.
    if (error instanceof Error && error.name === 'ApiError') return 'malformed'
    throw error
  }
}
