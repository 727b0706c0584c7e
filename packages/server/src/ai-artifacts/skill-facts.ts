// What a skill's annotations and config say of it, in the words of the API.

import type { ManifestRef } from '@entrepot/oci/manifest.ts'
import { listAt, textAt, textList } from './json-text.ts'

export interface SkillFacts {
  readonly description: string
  readonly runtime: string
  readonly labels: readonly string[]
}

/** Beside the one of OCI; of Agent Skills, of acr-skill, of ToolHive. */
const roots = ['io.agentskills.skill.', 'org.agent.skill.', 'dev.toolhive.skills.']
const maxLabels = 100

/** `config` is text as it was pushed; '' where it was not looked at. */
export function readSkillFacts(
  annotations: Readonly<Record<string, string>>,
  config: string,
): SkillFacts {
  const annotated = (end: string) => roots.map((root) => annotations[root + end]).find(Boolean)
  const labels =
    annotated('tags') ?? (listAt(config, ['tags']) || listAt(config, ['metadata', 'tags']))
  return {
    description:
      annotated('description') ??
      annotations['org.opencontainers.image.description'] ??
      textAt(config, [['description']]),
    runtime:
      annotated('runtime') ??
      (textAt(config, [['runtime'], ['metadata', 'runtime']]) || annotated('compatibility') || ''),
    labels: textList(labels, maxLabels),
  }
}

const packed = /(tar|zip|tgz)(\+gzip|\+zstd|\.gzip)?$|\+gzip$|\+zip$|\.v1$/

/** The layer that is the skill: the only one, or the only one that is a package. */
export function skillPackage(refs: readonly ManifestRef[]): ManifestRef | undefined {
  const layers = refs.filter((ref) => ref.role === 'layer')
  const packages = layers.length === 1 ? layers : layers.filter((ref) => packed.test(ref.mediaType))
  return packages.length === 1 ? packages[0] : undefined
}

/** What a browser saves it as. */
export function packageName(path: string, version: string, layer: ManifestRef): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return `${name}-${version}${endingOf(layer.mediaType)}`
}

function endingOf(mediaType: string): string {
  if (/zip$/.test(mediaType) && !/gzip$/.test(mediaType)) return '.zip'
  if (/gzip$|tgz$/.test(mediaType)) return '.tar.gz'
  if (/zstd$/.test(mediaType)) return '.tar.zst'
  if (/tar$/.test(mediaType)) return '.tar'
  return /json$/.test(mediaType) ? '.json' : ''
}
