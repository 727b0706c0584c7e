// What a model's config and annotations say of it, in the words of the API. Makers leave out what they like: '' then.

import { textAt } from './json-text.ts'

export interface ModelFacts {
  readonly framework: string
  readonly precision: string
  readonly fileFormat: string
  readonly paramSize: string
  readonly family: string
}

type Path = readonly string[]

/** Where each stands: ModelPack ("Model Artifact Configuration"), Docker's model config, the Kitfile of KitOps. */
const configPaths: Readonly<Record<keyof ModelFacts, readonly Path[]>> = {
  framework: [
    ['config', 'framework'],
    ['model', 'framework'],
  ],
  precision: [
    ['config', 'precision'],
    ['config', 'quantization'],
    ['model', 'precision'],
  ],
  fileFormat: [
    ['config', 'format'],
    ['model', 'format'],
  ],
  paramSize: [
    ['config', 'paramSize'],
    ['config', 'parameters'],
    ['model', 'paramSize'],
  ],
  family: [
    ['descriptor', 'family'],
    ['config', 'architecture'],
    ['model', 'family'],
  ],
}

/** CNAI 0.1 had no config; some push ModelPack so too. */
const annotationEnds: Readonly<Record<keyof ModelFacts, string>> = {
  framework: 'framework',
  precision: 'precision',
  fileFormat: 'format',
  paramSize: 'param.size',
  family: 'family',
}
const annotationRoots = ['org.cncf.model.', 'org.cnai.model.']

/** `config` is text as it was pushed. */
export function readModelFacts(
  config: string,
  annotations: Readonly<Record<string, string>>,
): ModelFacts {
  const fact = (name: keyof ModelFacts) => {
    const annotated = annotationRoots.map((root) => annotations[`${root}${annotationEnds[name]}`])
    return textAt(config, configPaths[name]) || annotated.find(Boolean) || ''
  }
  return {
    framework: fact('framework'),
    precision: fact('precision'),
    fileFormat: fact('fileFormat'),
    paramSize: fact('paramSize'),
    family: fact('family'),
  }
}
