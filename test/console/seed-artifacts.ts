// What lies beside images: charts by their versions, AI models, skills and an MCP server.

import { createHelmChart } from '@entrepot/contract/entrepot/charts.ts'
import { ociEmpty, ociImage } from '@entrepot/oci/media-types.ts'
import { packChart } from '../../packages/server/src/charts/test-charts.ts'
import { content, descriptor } from '../images/image.ts'
import { pushArtifact } from './artifacts.ts'
import type { Stage } from './stage.ts'

const readme = `# shop

The front of the shop and its API, as one release.

| Value | Meaning |
|---|---|
| \`replicas\` | how many |
`

export async function seedCharts({ api, instance }: Stage): Promise<void> {
  for (const [version, replicas] of [
    ['1.0.0', 1],
    ['1.1.0', 2],
  ] as const) {
    const chart = await packChart({
      name: 'shop',
      version,
      more: {
        description: 'The front of the shop and its API',
        appVersion: '1.28.0',
        keywords: ['shop', 'web'],
        home: 'https://example.com/shop',
        maintainers: [{ name: 'Lin', email: 'lin@example.com' }],
        dependencies: [
          { name: 'redis', version: '^19.0.0', repository: 'https://charts.example.com' },
        ],
      },
      files: {
        'README.md': readme,
        'values.yaml': `# How many\nreplicas: ${replicas}\nimage:\n  repository: front/nginx\n`,
        'templates/web.yaml': 'kind: Deployment\nname: {{ .Release.Name }}\n',
      },
    })
    await api.call(createHelmChart, {
      RegistryId: instance,
      NamespaceName: 'front',
      Content: [chart.toString('base64')],
    })
  }
}

interface Described {
  readonly artifactType: string
  readonly config?: object
  readonly annotations?: Readonly<Record<string, string>>
}

export async function seedAiArtifacts(stage: Pick<Stage, 'registry'>): Promise<void> {
  const push = async (path: string, tag: string, described: Described) => {
    const { artifactType, config: facts = {}, annotations = {} } = described
    const config = content(ociEmpty, Buffer.from(JSON.stringify(facts)))
    const layer = content(
      'application/vnd.agent.skill.content.v1.tar+gzip',
      Buffer.from(`${path} ${tag}`),
    )
    const document = {
      schemaVersion: 2,
      mediaType: ociImage,
      artifactType,
      config: descriptor(config),
      layers: [descriptor(layer)],
      annotations,
    }
    const manifest = content(ociImage, Buffer.from(JSON.stringify(document)))
    const artifact = { manifest, blobs: [config, layer], architecture: 'unknown' }
    await pushArtifact(stage.registry, path, artifact, [tag])
  }
  const model = {
    artifactType: 'application/vnd.cncf.model.manifest.v1+json',
    config: {
      descriptor: { family: 'qwen2' },
      config: { format: 'safetensors', paramSize: '7b', precision: 'bfloat16' },
    },
  }
  await push('data/qwen2', '7b', model)
  await push('data/qwen2', 'recommended', model)
  await push('tools/cache-manager', '2.0.0', {
    artifactType: 'application/vnd.agent.skill.v1+json',
    annotations: {
      'org.agent.skill.description': 'Manages caches of builds',
      'org.agent.skill.runtime': 'node20',
      'org.agent.skill.tags': 'build,cache',
    },
  })
  await push('tools/weather', '1.2.0', {
    artifactType: 'application/vnd.modelcontextprotocol.server.v1+json',
    annotations: { 'org.opencontainers.image.description': 'Tells the weather' },
  })
}
