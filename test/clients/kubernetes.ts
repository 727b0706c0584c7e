// As much of a Kubernetes API server as `helm install --dry-run` asks for: its version and what it can hold.

import { createServer } from 'node:http'

const resource = (name: string, kind: string, singularName: string) => ({
  name,
  kind,
  singularName,
  namespaced: true,
  verbs: ['get', 'list', 'create', 'update', 'patch', 'delete'],
})

const answers: Readonly<Record<string, unknown>> = {
  '/version': { major: '1', minor: '33', gitVersion: 'v1.33.0' },
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
  '/api/v1': {
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: [
      resource('configmaps', 'ConfigMap', 'configmap'),
      resource('secrets', 'Secret', 'secret'),
    ],
  },
  '/api/v1/namespaces/default/secrets': {
    kind: 'SecretList',
    apiVersion: 'v1',
    metadata: {},
    items: [],
  },
}

export interface KubernetesApi {
  readonly url: string
  close(): void
}

export function startKubernetesApi(): Promise<KubernetesApi> {
  const server = createServer((request, response) => {
    const answer = answers[new URL(request.url ?? '/', 'http://localhost').pathname]
    const missing = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound' }
    response.writeHead(answer ? 200 : 404, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(answer ?? { ...missing, code: 404 }))
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' ? address?.port : undefined
      resolve({
        url: `http://127.0.0.1:${port}`,
        close() {
          server.closeAllConnections()
          server.close()
        },
      })
    })
  })
}
