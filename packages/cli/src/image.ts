// `entrepot image …`: what a client of registries does, at any registry, without Docker.

import { copyImage } from '@entrepot/client/oci/copy.ts'
import {
  parseImageReference,
  parseRepositoryReference,
  type RepositoryReference,
} from '@entrepot/client/oci/image-reference.ts'
import { Registry } from '@entrepot/client/oci/registry.ts'
import { CommandError, usageError } from './failures.ts'
import { refuseFlags } from './options.ts'
import { outputWish, printReply } from './output.ts'
import type { CommandContext } from './program.ts'
import { findLogin } from './registry-logins.ts'
import { readSettings } from './settings.ts'

const usage = 'entrepot image copy SOURCE TARGET | entrepot image ls-tags HOST/REPOSITORY'

export async function image(context: CommandContext, words: readonly string[]): Promise<void> {
  refuseFlags(words, 'entrepot image --help')
  const [what, first, second, ...more] = words
  if (what === 'copy' && first && second && more.length === 0) return copy(context, first, second)
  if (what === 'ls-tags' && first && second === undefined) return listTags(context, first)
  throw usageError(`write: ${usage}`, `用法：${usage}`)
}

async function copy(context: CommandContext, from: string, to: string): Promise<void> {
  const { terminal } = context
  const [source, target] = [parsed(parseImageReference, from), parsed(parseImageReference, to)]
  const wish = wishOf(context)
  const sourceRegistry = await openRegistry(context, source)
  const isOne = source.origin === target.origin
  const targetRegistry = isOne ? sourceRegistry : await openRegistry(context, target)
  const copied = await copyImage(
    { ...source, registry: sourceRegistry, reference: source.digest ?? source.reference },
    { ...target, registry: targetRegistry },
    {
      signal: terminal.signal,
      onBlob: ({ digest, arrival }) => {
        if (terminal.isErrorTerminal) terminal.note(`${digest} ${context.say(arrivals[arrival])}\n`)
      },
    },
  )
  printReply(terminal, wish, {
    Digest: copied.digest,
    Manifests: copied.manifests,
    BlobsPushed: copied.blobs.pushed,
    BlobsMounted: copied.blobs.mounted,
    BlobsPresent: copied.blobs.present,
    BytesPushed: copied.sentBytes,
  })
}

const arrivals = {
  present: { en: 'is there already', zh: '已存在' },
  mounted: { en: 'mounted', zh: '已挂载' },
  pushed: { en: 'pushed', zh: '已推送' },
} as const

/** Beyond it a program should page itself. */
const maxTags = 1_000_000

async function listTags(context: CommandContext, text: string): Promise<void> {
  const { terminal } = context
  const place = parsed(parseRepositoryReference, text)
  const wish = wishOf(context)
  const registry = await openRegistry(context, place)
  const { signal } = terminal
  const tags: string[] = []
  for await (const tag of registry.listTags(place.repository, { signal })) {
    tags.push(tag)
    if (tags.length > maxTags) {
      throw new CommandError('failed', {
        en: `there are over ${maxTags} tags`,
        zh: `标签超过 ${maxTags} 个`,
      })
    }
  }
  printReply(terminal, wish, { Tags: tags })
}

function wishOf({ given, terminal }: CommandContext) {
  return outputWish(given, readSettings(given, terminal).output, terminal)
}

async function openRegistry(
  { terminal }: CommandContext,
  { origin }: RepositoryReference,
): Promise<Registry> {
  return new Registry({ origin, login: await findLogin(terminal, new URL(origin).host) })
}

function parsed<T>(parse: (text: string) => T, text: string): T {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw usageError(error.message, `${text} 不是镜像：请写成 主机/仓库:标签 或 主机/仓库@摘要`)
  }
}
