// The lines that bring a first image to an instance, for each client; pure. The password comes by standard input.

import type { Client } from '../../patterns/commands.tsx'
import {
  type Address,
  loginCommand,
  pipedLogin,
  pushCommand,
} from '../../patterns/registry-commands.ts'

export interface FirstPush {
  readonly client: Client
  readonly address: Address
  readonly user: string
  /** Undefined: the client asks for it. */
  readonly password: string | undefined
  readonly namespace: string
  /** What the person has: an image, or the file of a chart. */
  readonly source: string
}

/** One command each, in their order. */
export function pushLines(push: FirstPush): readonly string[] {
  const { client, address, user, password } = push
  const login =
    password === undefined
      ? loginCommand(client, address, user)
      : pipedLogin(client, address, user, password)
  const pushing = pushCommand(client, address, targetOf(push))
    .replaceAll('IMAGE', quotedIfNeeded(push.source))
    .replaceAll('CHART.tgz', quotedIfNeeded(push.source))
  return [login, ...pushing.split('\n')]
}

const targetTag = 'v1'

/** `library/nginx:1.27` goes to `<namespace>/nginx:v1`. */
export function targetOf({ namespace, source }: Pick<FirstPush, 'namespace' | 'source'>): string {
  const last = source.split('/').at(-1) ?? ''
  const name = last.split(/[:@]/)[0] ?? ''
  const isName = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/.test(name)
  return `${namespace}/${isName ? name : sampleName}:${targetTag}`
}

const sampleName = 'hello'

/** What the person has at first, before he types what it is. */
export function sampleSource(client: Client): string {
  return client === 'helm' ? `${sampleName}-0.1.0.tgz` : `${sampleName}:latest`
}

/** Clients whose push names what the person has; the others take a folder or a file with a name of its own. */
export function namesSource(client: Client): boolean {
  return client !== 'skopeo' && client !== 'crane'
}

/** For who has no image at hand: makes the smallest. Only skopeo can't, and copies one. */
export function sampleLine(client: Client): string {
  switch (client) {
    case 'docker':
    case 'podman':
    case 'nerdctl':
      return `printf 'FROM scratch\\nCOPY ${sampleName} /\\n' > Dockerfile && echo ${sampleName} > ${sampleName} && ${client} build -t ${sampleName}:latest .`
    case 'skopeo':
      return 'skopeo copy docker://docker.io/library/hello-world:latest oci:image'
    case 'crane':
      return `echo ${sampleName} > ${sampleName} && tar -cf layer.tar ${sampleName} && crane append --oci-empty-base -f layer.tar -t ${sampleName}:latest -o image.tar`
    case 'helm':
      return `helm create ${sampleName} && helm package ${sampleName}`
  }
}

/** For a shell of POSIX. */
function quotedIfNeeded(text: string): string {
  if (/^[\w.:/@-]+$/.test(text)) return text
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
