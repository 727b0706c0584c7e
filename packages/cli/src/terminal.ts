// Whoever started the program: the environment, both outputs, questions. The only file that knows the process.

import { homedir } from 'node:os'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** False: the output is a program's, so JSON and no colours. */
  readonly isOutputTerminal: boolean
  readonly isErrorTerminal: boolean
  readonly columns: number
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  print(text: string): void
  note(text: string): void
  readInput(): Promise<string>
  /** A line each; undefined at the end of the input. */
  openQuestions(): Questions
}

export interface Questions {
  ask(question: string, options?: { readonly isSecret?: boolean }): Promise<string | undefined>
  close(): void
}

const defaultColumns = 100

export function systemTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process
  const stop = new AbortController()
  process.once('SIGINT', () => {
    stop.abort(new Interrupted())
    stdin.destroy()
  })
  // `entrepot … | head`: nobody reads on, which is no failure.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  return {
    env,
    home: homedir(),
    isOutputTerminal: stdout.isTTY === true,
    isErrorTerminal: stderr.isTTY === true,
    // 0 where nobody told the terminal its size.
    columns: stdout.columns || defaultColumns,
    signal: stop.signal,
    print: (line) => stdout.write(line),
    note: (line) => stderr.write(line),
    readInput: () =>
      text(stdin).catch((error) => {
        throw stop.signal.aborted ? stop.signal.reason : error
      }),
    openQuestions: () => questionsOf(stdin, stderr),
  }
}

export class Interrupted extends Error {}
/** As shells give it for SIGINT. */
const interruptedCode = 130

/** On standard error, so that the output stays clean; what is secret is not shown. */
function questionsOf(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Questions {
  let isMuted = false
  const shown = new Writable({
    write(chunk, _encoding, done) {
      if (!isMuted) output.write(chunk)
      done()
    },
  })
  const isTerminal = input.isTTY === true
  const lines = createInterface({ input, output: shown, terminal: isTerminal })
  const iterator = lines[Symbol.asyncIterator]()
  lines.once('SIGINT', () => {
    output.write('\n')
    process.exit(interruptedCode)
  })
  return {
    async ask(question, { isSecret = false } = {}) {
      // As the prompt, so that it stays when a sign is taken back.
      lines.setPrompt(question)
      lines.prompt()
      isMuted = isSecret
      const { value, done } = await iterator.next()
      isMuted = false
      if (isSecret || !isTerminal) output.write('\n')
      return done ? undefined : value
    },
    close: () => lines.close(),
  }
}
