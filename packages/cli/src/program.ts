// The command line from its words to its exit code.

import type { Doc } from '@entrepot/contract/fields.ts'
import { callCommand } from './call.ts'
import { completionCommand, suggest } from './completion.ts'
import { configure } from './configure.ts'
import { dockerCredential } from './docker-credential.ts'
import { login } from './docker-login.ts'
import { endingOf, exitCodes, messageOf, usageError } from './failures.ts'
import { actionHelp, commandHelp, overview, productHelp } from './help.ts'
import { image } from './image.ts'
import { getAction, isProduct, nearestName, products, unknownName } from './names.ts'
import { type GivenOptions, splitOptions } from './options.ts'
import { styleOf } from './screen.ts'
import { type Tongue, tongueOf } from './settings.ts'
import type { Terminal } from './terminal.ts'
import { readVersion } from './version.ts'
import { waitCommand } from './waits.ts'

/** What every command gets. */
export interface CommandContext {
  readonly given: GivenOptions
  readonly terminal: Terminal
  readonly tongue: Tongue
  say(doc: Doc): string
}

type Command = (context: CommandContext, words: readonly string[]) => void | Promise<void>

const commands: Readonly<Record<string, Command>> = {
  configure,
  login,
  image,
  wait: waitCommand,
  completion: completionCommand,
  help: (context, words) => showHelp(context, words),
  version: ({ terminal }) => terminal.print(`${versionLine()}\n`),
}

export const commandNames: readonly string[] = Object.keys(commands)

/** Of the server; `entrepot` starts them where the server is installed. */
export const serverCommands: readonly string[] = ['serve', 'doctor', 'verify']

/** Resolves with the exit code. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  // For the shell and for Docker: their words are not options.
  if (argv[0] === '__complete') return complete(argv.slice(1), terminal)
  if (argv[0] === 'docker-credential') return dockerCredential(argv.slice(1), terminal)
  let tongue: Tongue = tongueOf(new Map(), terminal)
  try {
    const { given, rest } = splitOptions(argv)
    tongue = tongueOf(given, terminal)
    await dispatch({ given, terminal, tongue, say: (doc) => doc[tongue] }, rest)
    return exitCodes.ok.code
  } catch (error) {
    const words = messageOf(error)
    const style = styleOf(terminal, terminal.isErrorTerminal, argv.includes('--no-color'))
    if (words) terminal.note(`${style.red('entrepot:')} ${words[tongue]}\n`)
    return exitCodes[endingOf(error)].code
  }
}

async function dispatch(context: CommandContext, rest: readonly string[]): Promise<void> {
  const { given, terminal } = context
  const [first, ...words] = rest
  if (given.has('version')) return terminal.print(`${versionLine()}\n`)
  if (first === undefined || given.has('help')) return showHelp(context, rest)
  const command = Object.hasOwn(commands, first) ? commands[first] : undefined
  if (command) return command(context, words)
  if (!isProduct(first)) throw unknownCommand(first)
  if (words[0] === undefined || words[0] === 'help') return showHelp(context, [first])
  return callCommand(context, first, words)
}

function unknownCommand(name: string): Error {
  if (serverCommands.includes(name)) {
    return usageError(
      `"${name}" is a command of the server, which is not installed here`,
      `"${name}" 是服务端命令，这里没有安装服务端`,
    )
  }
  const what = { en: `there is no command "${name}"`, zh: `没有命令 "${name}"` }
  const near = nearestName(name, [...commandNames, ...products, ...serverCommands])
  return unknownName(what, near, 'entrepot help')
}

function showHelp(context: CommandContext, words: readonly string[]): void {
  const [first, second] = words.filter((word) => !word.startsWith('-'))
  const { terminal } = context
  if (first === undefined) terminal.print(overview(context))
  else if (!isProduct(first)) {
    const text = commandHelp(context, first)
    if (text === undefined) throw unknownCommand(first)
    terminal.print(text)
  } else if (second === undefined) terminal.print(productHelp(context, first))
  else terminal.print(actionHelp(context, getAction(first, second)))
}

function complete(words: readonly string[], terminal: Terminal): number {
  const tongue = tongueOf(new Map(), terminal)
  for (const { value, doc } of suggest(words, terminal)) {
    terminal.print(`${value}\t${doc[tongue]}\n`)
  }
  return exitCodes.ok.code
}

function versionLine(): string {
  return `entrepot ${readVersion()} (Node ${process.version})`
}
