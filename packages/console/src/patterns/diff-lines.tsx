// Two texts against each other, line by line: signs and words beside the colours.

import { useWords } from '../words/use-words.ts'
import './diff-lines.css'
import type { DiffLine } from './line-diff.ts'

const signs: Readonly<Record<DiffLine['kind'], string>> = { same: ' ', added: '+', removed: '−' }

interface DiffLinesProps {
  readonly label: string
  readonly lines: readonly DiffLine[]
}

export function DiffLines({ label, lines }: DiffLinesProps) {
  const { t } = useWords()
  const spoken = { same: '', added: t('patterns.added'), removed: t('patterns.removed') }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways can be scrolled by keys
    <section className="diff-lines" tabIndex={0} aria-label={label}>
      <ol>
        {lines.map(({ kind, text }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name than its number
          <li key={at} className={`diff-${kind}`}>
            <span className="spoken">{spoken[kind]}</span>
            <span aria-hidden="true">{signs[kind]} </span>
            {text}
          </li>
        ))}
      </ol>
    </section>
  )
}
