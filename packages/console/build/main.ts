// What the bootstrap runs beside the server. The registry serves whether or not this succeeds.

import { constants, setPriority } from 'node:os'
import { buildConsole } from './build.ts'

function say(line: string): void {
  process.stderr.write(`entrepot: ${line}\n`)
}

try {
  // Pushes and pulls go first.
  setPriority(constants.priority.PRIORITY_LOW)
  if (await buildConsole(say)) say('the console is built')
} catch (error) {
  const words = error instanceof Error ? error.message : String(error)
  say(`the console can't be built; the registry and its API work without it. ${words}`)
  process.exitCode = 1
}
