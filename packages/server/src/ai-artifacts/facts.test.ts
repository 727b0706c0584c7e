import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ManifestRef } from '@entrepot/oci/manifest.ts'
import { readModelFacts } from './model-facts.ts'
import { packageName, readSkillFacts, skillPackage } from './skill-facts.ts'

const nothing = { framework: '', precision: '', fileFormat: '', paramSize: '', family: '' }

describe('facts of a model', () => {
  const cases: readonly [string, unknown, Record<string, string>, Partial<typeof nothing>][] = [
    [
      'ModelPack',
      {
        descriptor: { family: 'qwen2', name: 'qwen2-7b' },
        config: { format: 'safetensors', paramSize: '7b', precision: 'bfloat16' },
      },
      {},
      { family: 'qwen2', fileFormat: 'safetensors', paramSize: '7b', precision: 'bfloat16' },
    ],
    [
      'Docker Model Runner',
      {
        config: {
          format: 'gguf',
          quantization: 'Q4_K_M',
          parameters: '361.82 M',
          architecture: 'llama',
        },
      },
      {},
      { family: 'llama', fileFormat: 'gguf', paramSize: '361.82 M', precision: 'Q4_K_M' },
    ],
    [
      'KitOps',
      { model: { name: 'm', framework: 'scikit-learn' } },
      {},
      { framework: 'scikit-learn' },
    ],
    [
      'CNAI 0.1, by annotations',
      {},
      { 'org.cnai.model.family': 'gpt2', 'org.cnai.model.param.size': '1.5b' },
      { family: 'gpt2', paramSize: '1.5b' },
    ],
    ['numbers', { config: { paramSize: 7 } }, {}, { paramSize: '7' }],
    ['other shapes', { config: [], descriptor: null, model: 'x' }, {}, {}],
    ['no object', 'text', {}, {}],
  ]
  for (const [what, config, annotations, expected] of cases) {
    it(`are read from ${what}`, () => {
      const facts = readModelFacts(JSON.stringify(config), annotations)
      assert.deepEqual(facts, { ...nothing, ...expected })
    })
  }

  it('are nothing where the config is no JSON', () => {
    assert.deepEqual(readModelFacts('{', {}), nothing)
    assert.deepEqual(readModelFacts('', {}), nothing)
  })

  it('come from no prototype', () => {
    const config = '{"__proto__": {"family": "x"}, "descriptor": {"constructor": 1}}'
    assert.deepEqual(readModelFacts(config, {}), nothing)
  })
})

describe('facts of a skill', () => {
  const cases: readonly [
    string,
    Record<string, string>,
    string,
    ReturnType<typeof readSkillFacts>,
  ][] = [
    [
      'annotations of OCI',
      { 'org.opencontainers.image.description': 'Cache' },
      '',
      { description: 'Cache', runtime: '', labels: [] },
    ],
    [
      'its own annotations before them',
      {
        'org.opencontainers.image.description': 'Cache',
        'org.agent.skill.description': 'Better',
        'org.agent.skill.compatibility': '["claude"]',
        'org.agent.skill.tags': 'a, b,,c',
      },
      '',
      { description: 'Better', runtime: '["claude"]', labels: ['a', 'b', 'c'] },
    ],
    [
      'the config',
      {},
      '{"description": "From config", "runtime": "node20", "tags": ["mcp", 3]}',
      { description: 'From config', runtime: 'node20', labels: ['mcp'] },
    ],
  ]
  for (const [what, annotations, config, expected] of cases) {
    it(`are read from ${what}`, () => {
      assert.deepEqual(readSkillFacts(annotations, config), expected)
    })
  }
})

describe('the file of a skill', () => {
  const layer = (mediaType: string) => ({ role: 'layer', mediaType }) as ManifestRef
  const tgz = layer('application/vnd.agent.skill.content.v1.tar+gzip')
  const readme = layer('text/markdown')

  it('is its only layer, or the only package among them', () => {
    assert.equal(skillPackage([readme]), readme)
    assert.equal(skillPackage([readme, tgz]), tgz)
    assert.equal(skillPackage([tgz, tgz]), undefined)
    assert.equal(skillPackage([readme, readme]), undefined)
    assert.equal(skillPackage([]), undefined)
  })

  it('is named after it and its version', () => {
    assert.equal(packageName('ai/tools/cache', '2.0.0', tgz), 'cache-2.0.0.tar.gz')
    assert.equal(packageName('ai/cache', '1', layer('application/zip')), 'cache-1.zip')
    assert.equal(packageName('ai/cache', '1', layer('a/b+json')), 'cache-1.json')
    assert.equal(packageName('ai/cache', '1', readme), 'cache-1')
  })
})
