// A chart's package: a tar of one folder, compressed by gzip. It comes from strangers, so it is read within limits and
// never written anywhere: entries of any kind but file and folder, names that lead out of the folder, and packages that
// grow out of proportion are refused. What plain `tar czf` makes (entries for folders, `./` before names) is taken.

import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { maxChartBytes } from '@entrepot/contract/entrepot/charts.ts'
import { extract, type Header } from 'tar-stream'
import { printable, refuseChart } from './problem.ts'

/** As helm has them (`MaxDecompressedChartSize`, `MaxDecompressedFileSize`, helm 3.17). */
const maxUnpackedBytes = 100 * 1024 * 1024
const maxFileBytes = 5 * 1024 * 1024
const maxEntries = 10_000
/** JSON full of blanks comes to about 40. */
const maxRatio = 200
/** What is smaller hurts nobody, whatever its ratio. */
const ratioFromBytes = 4 * 1024 * 1024
const maxPathChars = 1024

export interface PackageFile {
  /** Below the folder. */
  readonly path: string
  readonly sizeBytes: number
}

export interface ChartPackage {
  /** The one folder at the top. */
  readonly folder: string
  /** By path. */
  readonly files: readonly PackageFile[]
  /** Of the files that were asked for. */
  readonly contents: ReadonlyMap<string, Buffer>
}

/** Throws CHART_INVALID. `wants`: files whose bytes are kept. */
export async function readPackage(
  bytes: Uint8Array,
  wants: (path: string) => boolean,
): Promise<ChartPackage> {
  if (bytes.byteLength > maxChartBytes) {
    refuseChart(
      'package',
      `has more than ${maxChartBytes} bytes; leave out what the chart does not need (.helmignore)`,
      `超过 ${maxChartBytes} 字节，请用 .helmignore 去掉不需要的文件`,
    )
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) {
    refuseChart(
      'package',
      'is not compressed by gzip; make it with helm package, or tar czf',
      '不是 gzip 压缩文件，请用 helm package 或 tar czf 打包',
    )
  }
  const reading = new PackageReading(wants)
  // tar-stream reads names; `feed` gives it what was unpacked, within the limits.
  const tar = extract()
  const feeding = feed(bytes, tar)
  try {
    for await (const entry of tar) await reading.take(entry.header, entry)
    await feeding
  } catch (error) {
    tar.destroy()
    throw (await feeding.then(() => undefined, asRefusal)) ?? asRefusal(error)
  }
  return reading.end()
}

type Extract = ReturnType<typeof extract>

async function feed(bytes: Uint8Array, tar: Extract): Promise<void> {
  const gunzip = Readable.from([bytes]).pipe(createGunzip())
  let unpackedBytes = 0
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      unpackedBytes += chunk.byteLength
      refuseBomb(unpackedBytes, bytes.byteLength)
      if (tar.destroyed) return
      if (!tar.write(chunk)) await drained(tar)
    }
    tar.end(undefined)
  } catch (error) {
    const refusal = asRefusal(error)
    tar.destroy(refusal)
    throw refusal
  }
}

function drained(tar: Extract): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      tar.off('drain', done)
      tar.off('close', done)
      resolve()
    }
    tar.on('drain', done)
    tar.on('close', done)
  })
}

function refuseBomb(unpackedBytes: number, packedBytes: number): void {
  const isTooMuch = unpackedBytes > maxUnpackedBytes
  const isBomb = unpackedBytes > ratioFromBytes && unpackedBytes > packedBytes * maxRatio
  if (!isTooMuch && !isBomb) return
  refuseChart(
    'package',
    `unpacks to more than ${isTooMuch ? `${maxUnpackedBytes} bytes` : `${maxRatio} times its size`}`,
    `解压后超过 ${isTooMuch ? `${maxUnpackedBytes} 字节` : `原大小的 ${maxRatio} 倍`}`,
  )
}

/** What zlib and tar-stream throw is about the bytes. */
function asRefusal(error: unknown): Error {
  if (error instanceof Error && error.name === 'ApiError') return error
  try {
    return refuseChart(
      'package',
      'is damaged: not a whole tar compressed by gzip; pack it again',
      '已损坏：不是完整的 gzip 压缩 tar 包，请重新打包',
    )
  } catch (refusal) {
    return refusal as Error
  }
}

class PackageReading {
  readonly #wants: (path: string) => boolean
  readonly #sizes = new Map<string, number>()
  readonly #contents = new Map<string, Buffer>()
  #folder: string | undefined
  #entries = 0

  constructor(wants: (path: string) => boolean) {
    this.#wants = wants
  }

  async take(header: Header, body: AsyncIterable<unknown>): Promise<void> {
    this.#entries += 1
    if (this.#entries > maxEntries) {
      refuseChart('package', `has more than ${maxEntries} files`, `文件数超过 ${maxEntries}`)
    }
    const segments = segmentsOf(header.name)
    refuseKind(header)
    const isFolder = header.type === 'directory'
    const [folder, ...below] = segments
    // `./` of a tar that was made in the folder above.
    if (folder === undefined && isFolder) return
    if (folder === undefined || (below.length === 0 && !isFolder)) {
      refuseChart(
        header.name,
        'lies outside a folder: pack the folder of the chart, not its content',
        '不在文件夹中：请打包 Chart 文件夹本身，而不是其内容',
      )
    }
    this.#folder ??= folder
    if (folder !== this.#folder) {
      refuseChart(
        header.name,
        `lies outside the folder ${printable(this.#folder)}: a package holds one folder at its top`,
        `不在文件夹 ${printable(this.#folder)} 中：包的顶层只能有一个文件夹`,
      )
    }
    if (!isFolder) await this.#takeFile(below.join('/'), header.size, body)
    else for await (const _ of body);
  }

  async #takeFile(path: string, sizeBytes: number, body: AsyncIterable<unknown>): Promise<void> {
    if (sizeBytes > maxFileBytes) {
      refuseChart(
        path,
        `has more than ${maxFileBytes} bytes, and helm reads no such file`,
        `超过 ${maxFileBytes} 字节，helm 无法读取`,
      )
    }
    if (this.#sizes.has(path)) {
      refuseChart(path, 'is in the package twice; pack it again', '在包中出现两次，请重新打包')
    }
    this.#sizes.set(path, sizeBytes)
    const chunks: Buffer[] = []
    const isWanted = this.#wants(path)
    for await (const chunk of body) {
      // Of this library's types a stream yields anything.
      if (isWanted && Buffer.isBuffer(chunk)) chunks.push(chunk)
    }
    if (isWanted) this.#contents.set(path, Buffer.concat(chunks))
  }

  end(): ChartPackage {
    if (this.#folder === undefined || this.#sizes.size === 0) {
      refuseChart('package', 'holds no file', '包中没有文件')
    }
    const files = [...this.#sizes].map(([path, sizeBytes]) => ({ path, sizeBytes }))
    files.sort((a, b) => (a.path < b.path ? -1 : 1))
    return { folder: this.#folder, files, contents: this.#contents }
  }
}

const kindsOfEntries: Readonly<Record<string, { readonly en: string; readonly zh: string }>> = {
  link: { en: 'a hard link', zh: '硬链接' },
  symlink: { en: 'a symbolic link', zh: '符号链接' },
}

function refuseKind({ name, type }: Header): void {
  if (type === 'file' || type === 'directory' || type === 'contiguous-file') return
  const kind = kindsOfEntries[type] ?? { en: 'a device or the like', zh: '设备等特殊文件' }
  refuseChart(
    name,
    `is ${kind.en}; a package holds only files: pack the file it stands for (tar -h)`,
    `是${kind.zh}；包中只能有普通文件，请打包其指向的文件（tar -h）`,
  )
}

/** Of `./web/./Chart.yaml`: `web`, `Chart.yaml`. */
function segmentsOf(name: string): readonly string[] {
  const isLong = name.length > maxPathChars
  const segments = name.split('/').filter((segment) => segment !== '' && segment !== '.')
  const leadsOut = name.startsWith('/') || /^[A-Za-z]:/.test(name) || segments.includes('..')
  if (leadsOut || isLong || /[\\\p{Cc}]/u.test(name)) {
    refuseChart(
      name,
      'is no path below the folder: no / or drive before it, no .., no \\, no control characters, at most 1024 characters',
      '不是文件夹内的路径：不能以 / 或盘符开头，不能含 ..、\\ 或控制字符，最长 1024 个字符',
    )
  }
  return segments
}
