import { readFileSync } from 'node:fs'

/** The same place beside the sources and in the packed program. */
export function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const { version }: { version: string } = JSON.parse(text)
  return version
}
