// Tables and links of generated pages.

import type { Doc } from '../fields.ts'

export type Language = keyof Doc

export const languages: readonly Language[] = ['en', 'zh']

/** `tcr.md` and `tcr.zh.md`. */
export function pageName(name: string, language: Language): string {
  return language === 'en' ? `${name}.md` : `${name}.${language}.md`
}

export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)]
}

/** A link to a heading of the same page, as code hosts make anchors of names. */
export function linkTo(name: string): string {
  return `[${name}](#${name.toLowerCase()})`
}

/** Words as a table shows them: what is not code is no markup. */
export function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll(/[*<[\]]/g, '\\$&')))
    .join('')
    .replaceAll('|', '\\|')
}
