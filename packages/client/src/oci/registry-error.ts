// What a registry refused (distribution-spec, "Error Codes"), or that it answered what it must not.

import { membersOf, readJson } from './limited-body.ts'

export class RegistryError extends Error {
  /** Of the specification, where the registry says one: `MANIFEST_UNKNOWN`. */
  readonly code: string
  /** 0: the answer itself was wrong. */
  readonly status: number

  constructor(code: string, status: number, message: string) {
    super(message)
    this.name = 'RegistryError'
    this.code = code
    this.status = status
  }
}

const maxErrorBytes = 64 * 1024

/** Reads the answer's body. */
export async function refusalOf(response: Response, what: string): Promise<RegistryError> {
  const { status } = response
  const [first] = await errorsIn(response)
  const code = first?.code ?? (codeOf[status] || `HTTP_${status}`)
  const message = first?.message || response.statusText || 'refused'
  return new RegistryError(code, status, `${what}: ${message} (${status})`)
}

const codeOf: Readonly<Record<number, string>> = {
  401: 'UNAUTHORIZED',
  403: 'DENIED',
  404: 'NOT_FOUND',
  429: 'TOOMANYREQUESTS',
}

interface ErrorEntry {
  readonly code: string
  readonly message: string
}

/** None where who answered is no registry, or a proxy before one, or went away. */
async function errorsIn(response: Response): Promise<readonly ErrorEntry[]> {
  const { errors } = membersOf(await readJson(response, maxErrorBytes).catch(() => undefined))
  if (!Array.isArray(errors)) return []
  return errors.map(membersOf).map(({ code, message }) => ({
    code: String(code ?? 'UNKNOWN'),
    message: String(message ?? ''),
  }))
}

/** The answer contradicts what was asked for. */
export function badAnswer(code: string, message: string): RegistryError {
  return new RegistryError(code, 0, message)
}
