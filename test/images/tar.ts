// A small ustar writer: regular files only, fixed owner and time, so that the same content has the same digest.

const blockBytes = 512
/** What stands behind the last file. */
export const endOfTarBytes = 2 * blockBytes

export interface TarFile {
  readonly name: string
  readonly bytes: Uint8Array
}

export function tar(files: readonly TarFile[]): Buffer {
  const parts: Buffer[] = []
  for (const file of files) {
    parts.push(header(file), Buffer.from(file.bytes))
    const rest = file.bytes.length % blockBytes
    if (rest > 0) parts.push(Buffer.alloc(blockBytes - rest))
  }
  parts.push(Buffer.alloc(endOfTarBytes))
  return Buffer.concat(parts)
}

function header(file: TarFile): Buffer {
  const block = Buffer.alloc(blockBytes)
  block.write(file.name, 0, 100, 'utf8')
  writeOctal(block, 0o644, 100, 8)
  writeOctal(block, 0, 108, 8)
  writeOctal(block, 0, 116, 8)
  writeOctal(block, file.bytes.length, 124, 12)
  writeOctal(block, 0, 136, 12)
  block.write('        ', 148, 8, 'latin1')
  block.write('0', 156, 1, 'latin1')
  block.write('ustar\x0000', 257, 8, 'latin1')
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 8, 'latin1')
  return block
}

function writeOctal(block: Buffer, value: number, offset: number, length: number): void {
  block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset, length, 'latin1')
}
