// What an image's config says of how it was made (image-spec "Image Configuration", docker's v2 config). It is
// anybody's JSON: what isn't as it should be is left out.

import type { ManifestRef } from '@entrepot/oci/manifest.ts'

export interface HistoryStep {
  readonly createdBy: string | null
  readonly comment: string | null
  /** As it stands there. */
  readonly created: string | null
  /** Undefined: the step made no layer. */
  readonly layer: ManifestRef | undefined
}

export interface ImageConfig {
  readonly os: string | null
  readonly architecture: string | null
  readonly variant: string | null
  readonly osVersion: string | null
  readonly author: string | null
  /** As it stands there. */
  readonly created: string | null
  /** Of Docker, where it built the image. */
  readonly dockerVersion: string | null
  readonly labels: readonly (readonly [name: string, value: string])[]
  readonly steps: readonly HistoryStep[]
  readonly run: RunSettings
}

/** How a container of it starts. */
export interface RunSettings {
  readonly user: string | null
  readonly workingDir: string | null
  readonly stopSignal: string | null
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  readonly environment: readonly string[]
  readonly ports: readonly string[]
  readonly volumes: readonly string[]
}

export const maxConfigBytes = 1024 * 1024
const maxSteps = 1000
const maxLabels = 1000
const maxTexts = 1000
const maxWordChars = 8192

/** `layers`: of the manifest, from the base. */
export function readImageConfig(text: string, layers: readonly ManifestRef[]): ImageConfig {
  const config = parseObject(text)
  const inner = objectIn(config, 'config')
  const labels = objectIn(inner, 'Labels') ?? {}
  return {
    os: textIn(config, 'os'),
    architecture: textIn(config, 'architecture'),
    variant: textIn(config, 'variant'),
    osVersion: textIn(config, 'os.version'),
    author: textIn(config, 'author'),
    created: textIn(config, 'created'),
    dockerVersion: textIn(config, 'docker_version'),
    labels: Object.entries(labels)
      .slice(0, maxLabels)
      .flatMap(([name, value]) => (typeof value === 'string' ? [[name, cut(value)] as const] : [])),
    steps: stepsOf(config, layers),
    run: runSettingsOf(inner),
  }
}

function runSettingsOf(inner: JsonObject | undefined): RunSettings {
  return {
    user: textIn(inner, 'User'),
    workingDir: textIn(inner, 'WorkingDir'),
    stopSignal: textIn(inner, 'StopSignal'),
    entrypoint: textsIn(inner, 'Entrypoint'),
    command: textsIn(inner, 'Cmd'),
    environment: textsIn(inner, 'Env'),
    ports: Object.keys(objectIn(inner, 'ExposedPorts') ?? {})
      .slice(0, maxTexts)
      .map(cut),
    volumes: Object.keys(objectIn(inner, 'Volumes') ?? {})
      .slice(0, maxTexts)
      .map(cut),
  }
}

/** Each layer belongs to a step that isn't empty, in order; layers without a step stand for themselves. */
function stepsOf(config: JsonObject | undefined, layers: readonly ManifestRef[]): HistoryStep[] {
  const history = Array.isArray(config?.history) ? config.history.slice(0, maxSteps) : []
  const rest = [...layers]
  const steps = history.flatMap((entry: unknown): HistoryStep[] => {
    if (!isObject(entry)) return []
    return [
      {
        createdBy: textIn(entry, 'created_by'),
        comment: textIn(entry, 'comment'),
        created: textIn(entry, 'created'),
        layer: entry.empty_layer === true ? undefined : rest.shift(),
      },
    ]
  })
  const unknown = rest.map((layer) => ({ createdBy: null, comment: null, created: null, layer }))
  return [...steps, ...unknown]
}

type JsonObject = Readonly<Record<string, unknown>>

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    // Some configs are no JSON (Helm's are, WASM's may be anything).
    return undefined
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function objectIn(value: JsonObject | undefined, name: string): JsonObject | undefined {
  const inner = value?.[name]
  return isObject(inner) ? inner : undefined
}

function textIn(value: JsonObject | undefined, name: string): string | null {
  const text = value?.[name]
  return typeof text === 'string' && text !== '' ? cut(text) : null
}

function textsIn(value: JsonObject | undefined, name: string): readonly string[] {
  const list = value?.[name]
  if (!Array.isArray(list)) return []
  const texts = list.filter((one: unknown) => typeof one === 'string')
  return texts.slice(0, maxTexts).map(cut)
}

function cut(text: string): string {
  return text.slice(0, maxWordChars)
}
