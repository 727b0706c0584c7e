// Text on a screen: how wide it is, what in it would move the cursor, and colours.

import type { Terminal } from './terminal.ts'

/** Scripts whose signs take two columns. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
const zeroWidth = /\p{Mark}|\u200b|\u200d|\ufeff/u

export function widthOf(text: string): number {
  let width = 0
  for (const sign of text) width += zeroWidth.test(sign) ? 0 : wide.test(sign) ? 2 : 1
  return width
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

/** At most so wide; what is cut off is shown by a sign. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  for (const sign of text) {
    if (widthOf(kept + sign) > width - 1) break
    kept += sign
  }
  return `${kept}…`
}

/** A description from the server could hold sequences that rewrite the screen. */
export function harmless(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (sign) => {
    if (sign === '\n') return '\\n'
    return sign === '\t' ? '\\t' : `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

export interface Style {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
}

const plain: Style = { bold: (text) => text, dim: (text) => text, red: (text) => text }
const paint = (on: number, off: number) => (text: string) => `\u001b[${on}m${text}\u001b[${off}m`
const coloured: Style = { bold: paint(1, 22), dim: paint(2, 22), red: paint(31, 39) }

/** See https://no-color.org: any value but the empty one. */
export function styleOf(
  terminal: Pick<Terminal, 'env'>,
  isTerminal: boolean,
  hasNoColor: boolean,
): Style {
  const { NO_COLOR, TERM } = terminal.env
  return isTerminal && !hasNoColor && !NO_COLOR && TERM !== 'dumb' ? coloured : plain
}
