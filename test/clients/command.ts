// Runs the clients' programs: a command to its end, or a daemon until it says that it is ready.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** No client's command takes longer on two cores, a cold container daemon included. */
const commandLimitMs = 180_000
const outputLimitBytes = 64 * 1024 * 1024

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  readonly input?: string
}

export interface Output {
  readonly stdout: string
  readonly stderr: string
}

/** Rejects with the command's output when it ends with anything but 0. */
export function run(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      args,
      {
        env: { ...process.env, ...options.env },
        cwd: options.cwd,
        timeout: commandLimitMs,
        maxBuffer: outputLimitBytes,
      },
      (error, stdout, stderr) => {
        if (!error) return resolve({ stdout, stderr })
        const line = [command, ...args].join(' ')
        reject(new Error(`${line}\n${error.message}\n${stdout}\n${stderr}`, { cause: error }))
      },
    )
    // A command that ends without reading its input is judged by its exit code.
    child.stdin?.on('error', () => {})
    child.stdin?.end(options.input ?? '')
  })
}

/** For what must be refused: resolves with the output, rejects when the command succeeds. */
export async function runRefused(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const refused = await run(command, args, options).then(
    () => undefined,
    (error: Error) => error.message,
  )
  if (refused === undefined) throw new Error(`succeeded: ${command} ${args.join(' ')}`)
  return refused
}

export interface Daemon {
  readonly child: ChildProcess
  /** What it printed so far, both streams. */
  output(): string
  /** Asks it to end and waits until it has. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

export interface DaemonOptions extends CommandOptions {
  /** The output that says that it serves. */
  readonly ready: RegExp
  readonly limitMs?: number
}

const keptOutput = 4 * 1024 * 1024

/** Starts a program that goes on; resolves when its output matches `ready`. */
export function startDaemon(
  command: string,
  args: readonly string[],
  options: DaemonOptions,
): Promise<Daemon> {
  const child = spawn(command, args, {
    env: { ...process.env, ...options.env },
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (code) => resolve(code)),
  )
  const daemon: Daemon = {
    child,
    output: () => output,
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${command}: ${why}\n${output.slice(-8000)}`))
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      fail('not ready in time')
    }, options.limitMs ?? 60_000)
    const listen = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-keptOutput)
      if (!options.ready.test(output)) return
      clearTimeout(timer)
      resolve(daemon)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('error', (error) => fail(error.message))
    void ended.then((code) => {
      clearTimeout(timer)
      fail(`ended with ${code}`)
    })
  })
}

/** The names in `programs` that this machine doesn't have. */
export function missingPrograms(programs: readonly string[]): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).concat('/usr/sbin', '/sbin')
  return programs.filter((program) => !folders.some((folder) => executable(join(folder, program))))
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
