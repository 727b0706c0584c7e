// A terminal of a test: what is printed is kept, what is read is given.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './program.ts'
import type { Terminal } from './terminal.ts'

export interface TestTerminalOptions {
  readonly env?: Terminal['env']
  readonly home?: string
  readonly input?: string
  readonly isTerminal?: boolean
  readonly columns?: number
}

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface TestTerminal extends Terminal {
  readonly out: string
  readonly err: string
}

export function testTerminal(options: TestTerminalOptions = {}): TestTerminal {
  const { env = {}, home = '/nonexistent', input = '', isTerminal = false } = options
  const lines = input.split('\n')
  let out = ''
  let err = ''
  return {
    env,
    home,
    isOutputTerminal: isTerminal,
    isErrorTerminal: isTerminal,
    columns: options.columns ?? 100,
    signal: new AbortController().signal,
    print: (text) => {
      out += text
    },
    note: (text) => {
      err += text
    },
    readInput: async () => input,
    openQuestions: () => ({
      async ask(question) {
        err += question
        return lines.shift()
      },
      close: () => undefined,
    }),
    get out() {
      return out
    },
    get err() {
      return err
    },
  }
}

export async function runWith(
  options: TestTerminalOptions,
  ...argv: readonly string[]
): Promise<Ran> {
  const terminal = testTerminal(options)
  const code = await run(argv, terminal)
  return { code, out: terminal.out, err: terminal.err }
}

/** A home of its own. */
export function temporaryHome(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'entrepot-cli-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
