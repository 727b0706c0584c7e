// The program's commands. The only file that prints for a person, and that decides exit codes.

import { readFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { redact } from './redact.ts'
import { StartError } from './start-error.ts'

// Compiled code is kept between starts, which halves a warm one; that is why the commands below import what
// they need only after this line.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/entrepot', import.meta.url)))

const help = `Usage: entrepot <command>

  serve     start the registry
  doctor    check settings, database, storage, clock and disk, and say what to do
  verify    read every blob and compare it with its digest; damaged ones are marked
            --json           the report as JSON
            --fix            put right what follows from other rows: marks of references, counters
            --sweep-orphans  agree to the removal of what sweeps have seen unnamed until now
  version   show the version

Settings come from ENTREPOT_… environment variables and entrepot.yaml: see docs/settings.md.`

type Command = (args: readonly string[]) => Promise<number>

const commands: Readonly<Record<string, Command>> = {
  async serve(args) {
    takeNoArguments(args)
    const { serverProgram } = await import('./commands/serve.ts')
    const { becomeWorker, serve } = await import('./processes.ts')
    const { readConfig } = await import('./config.ts')
    const { systemClock } = await import('./clock.ts')
    const program = serverProgram(readVersion())
    if (becomeWorker(program)) return new Promise<number>(() => {})
    const terminal = {
      isTTY: process.stdout.isTTY === true,
      print: (line: string) => console.log(line),
    }
    return serve(program, readConfig(), { terminal, clock: systemClock() })
  },
  async doctor(args) {
    takeNoArguments(args)
    const { doctor } = await import('./commands/doctor.ts')
    return doctor((line) => console.log(line))
  },
  async verify(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean' },
        fix: { type: 'boolean' },
        'sweep-orphans': { type: 'boolean' },
      },
    })
    const { runVerify } = await import('./commands/verify.ts')
    const { readConfig } = await import('./config.ts')
    const { createLog } = await import('./log.ts')
    const { config } = readConfig()
    return runVerify(config, createLog({ level: 'warn' }), {
      ...values,
      sweepOrphans: values['sweep-orphans'] ?? false,
      print: (line) => console.log(line),
      note: (line) => console.error(line),
    })
  },
  async version(args) {
    takeNoArguments(args)
    console.log(`entrepot ${readVersion()} (Node ${process.version})`)
    return 0
  },
  async help() {
    console.log(help)
    return 0
  },
}

function takeNoArguments(args: readonly string[]): void {
  if (args.length > 0) {
    throw new StartError(`"${args[0]}" is not understood here. See: entrepot help`)
  }
}

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const { version }: { version: string } = JSON.parse(text)
  return version
}

async function run(argv: readonly string[]): Promise<number> {
  const [first = '', ...rest] = argv
  const asked = Object.hasOwn(commands, first) ? commands[first] : undefined
  if (asked && !rest.includes('--help') && !rest.includes('-h')) return asked(rest)
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } },
    allowPositionals: true,
  })
  const [name = values.version ? 'version' : 'help', ...args] = positionals
  const command = values.help ? commands.help : commands[name]
  if (command === undefined || !Object.hasOwn(commands, values.help ? 'help' : name)) {
    throw new StartError(`there is no command "${name}". See: entrepot help`)
  }
  return command(args)
}

function explain(error: unknown): string {
  if (error instanceof StartError) return error.message
  // Of node:util's parser: says which option is unknown.
  const isUsage = error instanceof TypeError && 'code' in error
  if (isUsage && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    return `${error.message.split('\n')[0]}`
  }
  return redact(error instanceof Error ? (error.stack ?? error.message) : String(error))
}

process.exit(
  await run(process.argv.slice(2)).catch((error) => {
    console.error(`entrepot: ${explain(error)}`)
    return 1
  }),
)
