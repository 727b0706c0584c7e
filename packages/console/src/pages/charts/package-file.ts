// What a file says it is, before it is sent: name and version out of the Chart.yaml in it. Only a preview: the server
// reads the whole package, and judges it.

export interface PackageFacts {
  readonly name: string
  readonly version: string
  readonly appVersion: string
  readonly type: string
}

/** Why a file can't be a chart. */
export type PackageProblem = 'notGzip' | 'noChartYaml' | 'noName' | 'tooLarge'

export class NotChart extends Error {
  readonly problem: PackageProblem

  constructor(problem: PackageProblem) {
    super(problem)
    this.problem = problem
  }
}

const blockBytes = 512
const maxPackageBytes = 20 * 1024 * 1024
/** Of what unpacks to more, the browser looks at no more. */
const maxUnpackedBytes = 200 * 1024 * 1024
const maxChartYamlBytes = 1024 * 1024

/** Throws NotChart. */
export async function readPackage(file: Blob): Promise<PackageFacts> {
  if (file.size > maxPackageBytes) throw new NotChart('tooLarge')
  const yaml = await findChartYaml(file.stream().pipeThrough(new DecompressionStream('gzip')))
  if (yaml === undefined) throw new NotChart('noChartYaml')
  const facts = {
    name: scalarOf(yaml, 'name'),
    version: scalarOf(yaml, 'version'),
    appVersion: scalarOf(yaml, 'appVersion'),
    type: scalarOf(yaml, 'type') || 'application',
  }
  if (facts.name === '' || facts.version === '') throw new NotChart('noName')
  return facts
}

/** `<folder>/Chart.yaml` of a tar archive; the rest is passed over. */
async function findChartYaml(stream: ReadableStream<Uint8Array>): Promise<string | undefined> {
  const bytes = new Bytes(stream.getReader())
  try {
    for (;;) {
      const header = await bytes.take(blockBytes)
      if (!header || header[0] === 0) return undefined
      const path = textOf(header, 345, 155) + textOf(header, 0, 100)
      const size = Number.parseInt(textOf(header, 124, 12).trim() || '0', 8)
      if (!Number.isSafeInteger(size) || bytes.taken > maxUnpackedBytes) return undefined
      const padded = Math.ceil(size / blockBytes) * blockBytes
      const isFile = header[156] === 0 || header[156] === 48
      if (isFile && /^(?:\.\/)?[^/]+\/Chart\.yaml$/.test(path) && size <= maxChartYamlBytes) {
        const body = await bytes.take(padded)
        return body && new TextDecoder().decode(body.subarray(0, size))
      }
      if (!(await bytes.skip(padded))) return undefined
    }
  } catch {
    // The browser's word for what is not gzip, or was cut.
    throw new NotChart('notGzip')
  } finally {
    await bytes.end()
  }
}

function textOf(header: Uint8Array, from: number, length: number): string {
  const field = header.subarray(from, from + length)
  const end = field.indexOf(0)
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end))
}

/** A stream by counts of bytes. */
class Bytes {
  taken = 0
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  #chunk = new Uint8Array()

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>) {
    this.#reader = reader
  }

  /** Undefined: there are no more so many. */
  async take(count: number): Promise<Uint8Array | undefined> {
    const taken = new Uint8Array(count)
    let filled = 0
    const isWhole = await this.#pass(count, (part) => {
      taken.set(part, filled)
      filled += part.length
    })
    return isWhole ? taken : undefined
  }

  skip(count: number): Promise<boolean> {
    return this.#pass(count, () => undefined)
  }

  async end(): Promise<void> {
    // A stream that failed can't be cancelled, and needs not.
    await this.#reader.cancel().catch(() => undefined)
  }

  async #pass(count: number, use: (part: Uint8Array) => void): Promise<boolean> {
    let left = count
    while (left > 0) {
      if (this.#chunk.length === 0) {
        const { value, done } = await this.#reader.read()
        if (done) return false
        this.#chunk = new Uint8Array(value)
      }
      const part = this.#chunk.subarray(0, left)
      use(part)
      this.#chunk = this.#chunk.subarray(part.length)
      this.taken += part.length
      left -= part.length
    }
    return true
  }
}

/** A plain value at the top of a YAML document: quotes and comments left out. JSON is YAML, too. */
export function scalarOf(yaml: string, key: string): string {
  if (yaml.trimStart().startsWith('{')) return memberOf(yaml, key)
  const line = new RegExp(`^${key}:[ \\t]+(.*)$`, 'm').exec(yaml)?.[1]?.trim() ?? ''
  const quoted = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)')/.exec(line)
  if (quoted) return quoted[1] ?? quoted[2] ?? ''
  return line.replace(/\s+#.*$/, '').trim()
}

function memberOf(json: string, key: string): string {
  try {
    const value: unknown = JSON.parse(json)[key]
    return typeof value === 'string' ? value : ''
  } catch {
    // YAML's own braces: the server reads those.
    return ''
  }
}

/** Undefined over plain HTTP, where browsers give no hashes. */
export async function digestOf(file: Blob): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle) return undefined
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
  return `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** The API's parts: at most a MiB of characters each, divisible by four. */
const partChars = 1024 * 1024

export async function base64Parts(file: Blob): Promise<readonly string[]> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
  const text = url.slice(url.indexOf(',') + 1)
  const count = Math.ceil(text.length / partChars)
  return Array.from({ length: count }, (_, i) => text.slice(i * partChars, (i + 1) * partChars))
}
