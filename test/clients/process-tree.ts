// What a server costs, from the operating system's accounting: processor time and resident memory of a
// process and everything below it.

import { readdirSync, readFileSync } from 'node:fs'

/** The kernel's accounting unit, 1/100 s on every Linux that runs Node (`getconf CLK_TCK`). */
const ticksPerSecond = 100

interface ProcessStat {
  readonly pid: number
  readonly parent: number
  readonly cpuSeconds: number
}

/** Seconds of processor time that the tree has used so far, children that ended included. */
export function cpuSecondsOf(root: number): number {
  return treeOf(root).reduce((sum, process) => sum + process.cpuSeconds, 0)
}

export interface ResidentProcess {
  readonly pid: number
  readonly residentMb: number
  readonly command: string
}

export function residentOf(root: number): ResidentProcess[] {
  return treeOf(root).map(({ pid }) => {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return { pid, residentMb: (kilobytes * 1024) / 1e6, command }
  })
}

/** Process ids below `root`, children first. */
export function descendantsOf(root: number): number[] {
  return treeOf(root)
    .slice(1)
    .map(({ pid }) => pid)
}

function treeOf(root: number): ProcessStat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat !== undefined)
  const tree = all.filter(({ pid }) => pid === root)
  for (const process of tree) tree.push(...all.filter(({ parent }) => parent === process.pid))
  return tree
}

function statOf(pid: number): ProcessStat | undefined {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    // It ended between the listing and now.
    return undefined
  }
  // proc_pid_stat(5); the command's name may hold spaces and parentheses, so count from the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [parent, ...times] = [fields[1], fields[11], fields[12], fields[13], fields[14]].map(Number)
  const ticks = times.reduce((sum, time) => sum + time, 0)
  return { pid, parent: parent ?? 0, cpuSeconds: ticks / ticksPerSecond }
}
