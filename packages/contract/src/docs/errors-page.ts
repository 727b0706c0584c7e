// The table of errors as a page: what a caller can meet, by the code of the management API.

import { errorTable } from '../errors.ts'
import { type Language, prose, table } from './markdown.ts'
import { words } from './words.ts'

const titles = {
  en: {
    title: 'Errors',
    text: 'A code with a dot is a kind of the one before the dot. Under `/v2` a failure has the status and the code of its own protocol.',
    head: ['Code', 'Meaning', 'Status under `/v2`', 'Code under `/v2`'],
  },
  zh: {
    title: '错误码',
    text: '带点的错误码是点前错误码的子类。在 `/v2` 下，错误使用该协议自己的状态码和错误码。',
    head: ['错误码', '说明', '`/v2` 状态码', '`/v2` 错误码'],
  },
} as const

export function renderErrorsPage(language: Language): string {
  const { title, text, head } = titles[language]
  const errors = Object.values(errorTable).sort((a, b) => compare(a.cloud, b.cloud))
  const rows = errors.map(({ cloud, message, zh, status, oci }) => [
    `\`${cloud}\``,
    prose(language === 'en' ? message : zh),
    String(status),
    `\`${oci}\``,
  ])
  return `${[`# ${title}`, words.warning[language], text, table(head, rows).join('\n')].join('\n\n')}\n`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
