// Files that hold secrets: the owner's alone, and never half-written.

import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CommandError } from './failures.ts'
import type { Terminal } from './terminal.ts'

const ownerOnly = 0o600
const ownerOnlyFolder = 0o700

type Surroundings = Pick<Terminal, 'env' | 'home'>

/** `~/.config/entrepot`, or below `XDG_CONFIG_HOME`. */
export function configPath({ env, home }: Surroundings, name: string): string {
  const base = env.XDG_CONFIG_HOME || join(home, '.config')
  return join(base, 'entrepot', name)
}

/** Undefined: there is no such file. */
export function readTextFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw unreadable(path, error)
  }
}

export function readJsonFile(path: string): Record<string, unknown> | undefined {
  const text = readTextFile(path)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>
    }
  } catch (error) {
    throw unreadable(path, error)
  }
  throw unreadable(path, new Error('no object'))
}

/** True when others of this machine may read it; Windows has no such bits. */
export function isExposed(path: string): boolean {
  if (process.platform === 'win32') return false
  try {
    return (statSync(path).mode & 0o077) !== 0
  } catch (error) {
    if (isMissing(error)) return false
    throw unreadable(path, error)
  }
}

/** Other processes see the old file or the new one. */
export function writeJsonFile(path: string, value: unknown, indent: string | number = 2): void {
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true, mode: ownerOnlyFolder })
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  try {
    const text = `${JSON.stringify(value, null, indent)}\n`
    writeFileSync(temporary, text, { mode: ownerOnly, flag: 'wx' })
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    const why = error instanceof Error ? error.message : ''
    const words = { en: `${path} can't be written: ${why}`, zh: `无法写入 ${path}：${why}` }
    throw new CommandError('failed', words)
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function unreadable(path: string, error: unknown): CommandError {
  const why = error instanceof Error ? error.message : ''
  return new CommandError('usage', {
    en: `${path} can't be read: ${why}`,
    zh: `无法读取 ${path}：${why}`,
  })
}
