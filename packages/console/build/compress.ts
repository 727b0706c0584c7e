// Compressed once, at the build, by the best that each format can do: the server sends the files as they lie there.

import { readdir, readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const compressible: ReadonlySet<string> = new Set(['.css', '.js', '.json', '.svg', '.txt'])
/** Below it the headers weigh more than what is saved. */
const minBytes = 1024

const toBrotli = promisify(brotliCompress)
const toGzip = promisify(gzip)

export async function compressFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!compressible.has(extname(name))) continue
    const path = join(folder, name)
    const bytes = await readFile(path)
    if (bytes.length < minBytes) continue
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    }
    await writeFile(`${path}.br`, await toBrotli(bytes, { params }))
    await writeFile(`${path}.gz`, await toGzip(bytes, { level: constants.Z_BEST_COMPRESSION }))
  }
}
