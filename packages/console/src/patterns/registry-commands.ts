// What each client is told, word for word. `host` is the address that the client uses; passwords come by the prompt.

import type { Client } from './commands.tsx'

/** Without TLS a client must be told so; localhost needs nothing but from those that insist. */
export interface Address {
  readonly host: string
  readonly isPlain: boolean
}

export function loginCommand(client: Client, { host, isPlain }: Address, user: string): string {
  const plain = isPlain ? plainFlags[client] : ''
  switch (client) {
    case 'docker':
    case 'nerdctl':
      return `${client}${client === 'nerdctl' ? plain : ''} login ${host} --username '${user}'`
    case 'podman':
    case 'skopeo':
      return `${client} login${plain} --username '${user}' ${host}`
    case 'crane':
      return `read -rs PASSWORD && printf %s "$PASSWORD" | crane auth login ${host} --username '${user}' --password-stdin`
    case 'helm':
      return `helm registry login${plain} ${host} --username '${user}'`
  }
}

/** The same with the password in it, by standard input: arguments are seen by every process of the machine. */
export function pipedLogin(
  client: Client,
  { host, isPlain }: Address,
  user: string,
  password: string,
): string {
  const plain = isPlain ? plainFlags[client] : ''
  const login: Readonly<Record<Client, string>> = {
    docker: `docker login ${host}`,
    podman: `podman login${plain} ${host}`,
    nerdctl: `nerdctl${plain} login ${host}`,
    skopeo: `skopeo login${plain} ${host}`,
    crane: `crane auth login ${host}`,
    helm: `helm registry login${plain} ${host}`,
  }
  return `printf %s ${quoted(password)} | ${login[client]} --username ${quoted(user)} --password-stdin`
}

/** For a shell of POSIX. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`

const plainFlags: Readonly<Record<Client, string>> = {
  docker: '',
  podman: ' --tls-verify=false',
  nerdctl: ' --insecure-registry',
  skopeo: ' --tls-verify=false',
  crane: ' --insecure',
  helm: ' --plain-http',
}

export function pullCommand(client: Client, { host, isPlain }: Address, reference: string): string {
  const plain = isPlain ? plainFlags[client] : ''
  const full = `${host}/${reference}`
  switch (client) {
    case 'docker':
      return `docker pull ${full}`
    case 'podman':
      return `podman pull${plain} ${full}`
    case 'nerdctl':
      return `nerdctl${plain} pull ${full}`
    case 'skopeo':
      return `skopeo copy${isPlain ? ' --src-tls-verify=false' : ''} docker://${full} oci:image`
    case 'crane':
      return `crane${plain} pull ${full} image.tar`
    case 'helm':
      return `helm pull${plain} oci://${full.replace(/:([^:/]+)$/, ' --version $1')}`
  }
}

export function pushCommand(client: Client, { host, isPlain }: Address, reference: string): string {
  const plain = isPlain ? plainFlags[client] : ''
  const full = `${host}/${reference}`
  switch (client) {
    case 'docker':
      return `docker tag IMAGE ${full}\ndocker push ${full}`
    case 'podman':
      return `podman push${plain} IMAGE ${full}`
    case 'nerdctl':
      return `nerdctl tag IMAGE ${full}\nnerdctl${plain} push ${full}`
    case 'skopeo':
      return `skopeo copy${isPlain ? ' --dest-tls-verify=false' : ''} oci:image docker://${full}`
    case 'crane':
      return `crane${plain} push image.tar ${full}`
    case 'helm':
      return `helm push${plain} CHART.tgz oci://${host}/${reference.split('/')[0]}`
  }
}
