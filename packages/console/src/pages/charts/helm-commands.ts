// What helm is told, word for word. Passwords come by the prompt.

import type { Address } from '../../patterns/registry-commands.ts'

export interface ChartSource {
  readonly address: Address
  readonly instanceName: string
  readonly namespace: string
  readonly name: string
  /** Undefined: nothing was pushed yet. */
  readonly version: string | undefined
}

/** Release names have no slash. */
function releaseOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

function versionFlag(version: string | undefined): string {
  return version === undefined ? '' : ` --version ${version}`
}

/** The classic chart repository; `cm-push` is the plugin of that name, 0.10.0 or newer. */
export function repositoryCommands(source: ChartSource, user: string) {
  const { address, instanceName, namespace, name, version } = source
  const { host, isPlain } = address
  const repository = `${instanceName}-${namespace}`
  const url = `${isPlain ? 'http' : 'https'}://${host}/chartrepo/${namespace}`
  return {
    add: `helm repo add ${repository} ${url} --username '${user}'\nhelm repo update`,
    pull: `helm pull ${repository}/${name}${versionFlag(version)}`,
    install: `helm install ${releaseOf(name)} ${repository}/${name}${versionFlag(version)}`,
    push: `helm plugin install https://github.com/chartmuseum/helm-push\nhelm cm-push ${releaseOf(name)}-${version ?? '0.1.0'}.tgz ${repository}`,
  }
}

export function ociCommands({ address, namespace, name, version }: ChartSource) {
  const { host, isPlain } = address
  const plain = isPlain ? ' --plain-http' : ''
  const chart = `oci://${host}/${namespace}/${name}`
  const slash = name.lastIndexOf('/')
  const folder = slash === -1 ? namespace : `${namespace}/${name.slice(0, slash)}`
  return {
    pull: `helm pull${plain} ${chart}${versionFlag(version)}`,
    install: `helm install${plain} ${releaseOf(name)} ${chart}${versionFlag(version)}`,
    push: `helm push${plain} ${releaseOf(name)}-${version ?? '0.1.0'}.tgz oci://${host}/${folder}`,
  }
}
