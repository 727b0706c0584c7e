// YAML out of packages: text of limited size, aliases that can't multiply, one document, no key twice.

import { parse, YAMLError } from 'yaml'
import { printable, refuseChart } from './problem.ts'

const maxAliases = 100

/** Throws CHART_INVALID. */
export function parseYaml(file: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: maxAliases, uniqueKeys: true, logLevel: 'error' })
  } catch (error) {
    // A library's words, about a stranger's text.
    const why = error instanceof YAMLError ? error.message : String(error)
    return refuseChart(file, `is no YAML: ${printable(why)}`, `不是合法的 YAML：${printable(why)}`)
  }
}

/** Throws CHART_INVALID for bytes that are no UTF-8. */
export function decodeText(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return refuseChart(file, 'is not text in UTF-8', '不是 UTF-8 文本')
  }
}
