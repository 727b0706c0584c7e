// A login as files that clients read: Docker's `config.json`, and the secret of Kubernetes that holds one.

export interface RegistryLogin {
  readonly host: string
  readonly user: string
  readonly password: string
}

export function dockerConfig({ host, user, password }: RegistryLogin): string {
  return JSON.stringify(
    { auths: { [host]: { auth: base64(`${user}:${password}`) } } },
    undefined,
    2,
  )
}

/** https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets */
export function pullSecret(login: RegistryLogin, name: string): string {
  return [
    'apiVersion: v1',
    'kind: Secret',
    'metadata:',
    `  name: ${name}`,
    'type: kubernetes.io/dockerconfigjson',
    'data:',
    `  .dockerconfigjson: ${base64(dockerConfig(login))}`,
    '',
  ].join('\n')
}

/** Names of objects in Kubernetes are those of DNS: of a user name what may stand in one. */
export function secretName(user: string): string {
  const plain = user
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  return `registry-${plain}`
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}
