// Two texts against each other, line by line: signs and words beside the colours.

import { useWords } from '../words/use-words.ts'
import './diff-lines.css'
import { type DiffLine, foldLines } from './line-diff.ts'

const signs: Readonly<Record<DiffLine['kind'], string>> = { same: ' ', added: '+', removed: '−' }

interface DiffLinesProps {
  readonly label: string
  readonly lines: readonly DiffLine[]
  /** How many lines stand around each that differs; undefined: all. */
  readonly context?: number | undefined
}

export function DiffLines({ label, lines, context }: DiffLinesProps) {
  const { t } = useWords()
  const spoken = { same: '', added: t('patterns.added'), removed: t('patterns.removed') }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways can be scrolled by keys
    <section className="diff-lines" tabIndex={0} aria-label={label}>
      <ol>
        {(context === undefined ? lines : foldLines(lines, context)).map((line, at) =>
          line.kind === 'folded' ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name than its number
            <li key={at} className="diff-folded">
              {t('patterns.sameLines', { n: line.count })}
            </li>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <li key={at} className={`diff-${line.kind}`}>
              <span className="spoken">{spoken[line.kind]}</span>
              <span aria-hidden="true">{signs[line.kind]} </span>
              {line.text}
            </li>
          ),
        )}
      </ol>
    </section>
  )
}
