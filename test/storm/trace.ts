// Reads `strace -f -yy -ttt` of the server into calls with a begin and an end, in the kernel's order.

import { readFileSync } from 'node:fs'

export interface SystemCall {
  readonly name: string
  /** As strace prints them: descriptors with their paths, texts cut. */
  readonly args: string
  readonly result: string
  readonly beganAt: number
  readonly endedAt: number
}

const line = /^(\d+)\s+(\d+\.\d+)\s+(.*)$/
const whole = /^(\w+)\((.*)\)\s+= (.*)$/s
const begun = /^(\w+)\((.*) <unfinished \.\.\.>$/s
const resumed = /^<\.\.\. (\w+) resumed>(.*)\)\s+= (.*)$/s

export function readTrace(path: string): SystemCall[] {
  const calls: SystemCall[] = []
  const open = new Map<string, { name: string; args: string; at: number }>()
  for (const text of readFileSync(path, 'latin1').split('\n')) {
    const [, pid = '', time, event = ''] = line.exec(text) ?? []
    const at = Number(time)
    const [, name, args = '', result = ''] = whole.exec(event) ?? []
    if (name) {
      calls.push({ name, args, result, beganAt: at, endedAt: at })
      continue
    }
    const [, beginning, firstArgs = ''] = begun.exec(event) ?? []
    if (beginning) open.set(pid, { name: beginning, args: firstArgs, at })
    const [, ending, lastArgs = '', endResult = ''] = resumed.exec(event) ?? []
    const start = open.get(pid)
    if (!ending || !start) continue
    open.delete(pid)
    const call = { name: start.name, args: start.args + lastArgs, result: endResult }
    calls.push({ ...call, beganAt: start.at, endedAt: at })
  }
  return calls
}

/** The first call of these names at or after `from` whose arguments match. */
export function findCall(
  calls: readonly SystemCall[],
  names: readonly string[],
  args: RegExp,
  from = 0,
): SystemCall | undefined {
  return calls.find(
    (call) => call.beganAt >= from && names.includes(call.name) && args.test(call.args),
  )
}
