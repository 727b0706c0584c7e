// The program's log: one JSON object per line on stderr. Nothing reaches it unredacted: messages, fields and
// errors (with their causes) pass through `redactor`, and a field named like a secret never shows its value.

import { type DestinationStream, destination, pino } from 'pino'
import { hiddenText, isSecretField, redactor } from './redact.ts'

export type LogFields = Readonly<Record<string, unknown>>
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  /** Put the caught error in the field `error`. */
  error(message: string, fields?: LogFields): void
  /** A log that adds these fields (`requestId`, `job`) to each line. */
  child(fields: LogFields): Log
}

interface LogOptions {
  readonly level: LogLevel
  /** Values that must never appear: `secretsOf(config)`. */
  readonly secrets?: readonly string[]
  /** Instead of stderr, for tests: gets each line without its newline. */
  readonly write?: (line: string) => void
}

// A reader of stderr that stands still must neither stop the server nor fill its memory: lines beyond this
// are dropped.
const maxPendingBytes = 16 * 1024 * 1024

export function createLog(options: LogOptions): Log {
  const { write } = options
  const stream: DestinationStream = write
    ? { write: (line) => write(line.trimEnd()) }
    : destination({ dest: 2, sync: false, maxLength: maxPendingBytes })
  const logger = pino(
    {
      level: options.level,
      messageKey: 'message',
      base: { pid: process.pid },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
    },
    stream,
  )
  const hide = redactor(options.secrets ?? [])

  function withFields(base: LogFields): Log {
    function line(level: LogLevel, message: string, fields: LogFields | undefined): void {
      if (!logger.isLevelEnabled(level)) return
      const all = fields ? { ...base, ...fields } : base
      logger[level](plainFields(all, hide), hide(message))
    }
    return {
      debug: (message, fields) => line('debug', message, fields),
      info: (message, fields) => line('info', message, fields),
      warn: (message, fields) => line('warn', message, fields),
      error: (message, fields) => line('error', message, fields),
      child: (fields) => withFields({ ...base, ...fields }),
    }
  }
  return withFields({})
}

/** Swallows everything: for code that must have a log and whose lines nobody asked for. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLog,
}

const maxDepth = 6
const maxEntries = 100

type Hide = (text: string) => string

function plainFields(fields: LogFields, hide: Hide, depth = 0): Record<string, unknown> {
  const plain: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields).slice(0, maxEntries)) {
    plain[name] =
      isSecretField(name) && value !== undefined && value !== null
        ? hiddenText
        : plainValue(value, hide, depth + 1)
  }
  return plain
}

function plainValue(value: unknown, hide: Hide, depth: number): unknown {
  if (typeof value === 'string') return hide(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > maxDepth) return '…'
  if (value instanceof Error) return plainError(value, hide, depth)
  if (value instanceof Date) return value
  if (value instanceof URL) return hide(value.href)
  if (ArrayBuffer.isView(value)) return `(${value.byteLength} bytes)`
  if (Array.isArray(value)) {
    return value.slice(0, maxEntries).map((item) => plainValue(item, hide, depth + 1))
  }
  return plainFields(value as LogFields, hide, depth)
}

// Of an error only what tells where it comes from: libraries hang requests, headers and whole rows on theirs.
const errorDetails = ['code', 'status', 'fault', 'syscall', 'path', 'address', 'port', 'constraint']

function plainError(error: Error, hide: Hide, depth: number): Record<string, unknown> {
  const plain: Record<string, unknown> = { name: error.name, message: hide(error.message) }
  for (const name of errorDetails) {
    const value: unknown = Reflect.get(error, name)
    if (typeof value === 'string') plain[name] = hide(value)
    if (typeof value === 'number') plain[name] = value
  }
  if (error.stack) plain.stack = hide(error.stack)
  if (error.cause !== undefined) plain.cause = plainValue(error.cause, hide, depth + 1)
  if (error instanceof AggregateError) plain.errors = plainValue(error.errors, hide, depth + 1)
  return plain
}
