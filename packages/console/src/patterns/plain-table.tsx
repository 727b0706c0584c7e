// A table that is only read: no rows to open or select. What scrolls sideways can be scrolled by keys.

import type { ReactNode } from 'react'

interface PlainTableProps {
  /** Spoken: a heading stands above it for the eyes. */
  readonly caption: string
  readonly heads: readonly { readonly label: string; readonly isNumber?: boolean }[]
  /** Rows: `<tr>`, whose cells say their head in `data-head` for narrow screens. */
  readonly children: ReactNode
  readonly className?: string
}

export function PlainTable({ caption, heads, children, className = '' }: PlainTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className="table-frame" tabIndex={0} aria-label={caption}>
      <table className={`table plain-table ${className}`}>
        <caption className="spoken">{caption}</caption>
        <thead>
          <tr>
            {heads.map(({ label, isNumber }) => (
              <th key={label} scope="col" className={isNumber ? 'cell-number' : undefined}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  )
}
