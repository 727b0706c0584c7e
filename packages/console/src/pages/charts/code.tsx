// The text of a file with colours. The part that knows languages is loaded with the first of them; until then, and for
// who reads with a screen reader's browse mode, it is plain text in its place.

import { lazy, Suspense } from 'react'
import { CopyButton } from '../../patterns/shown.tsx'
import { withWords } from '../../words/load-words.ts'

const CodeView = lazy(withWords([], () => import('./code-view.tsx')))

interface CodeProps {
  readonly text: string
  /** Of the file: its ending tells the language. */
  readonly name: string
}

export function Code({ text, name }: CodeProps) {
  return (
    <div className="chart-code">
      <CopyButton text={text} what={name} />
      <Suspense fallback={<pre className="chart-code-plain">{text}</pre>}>
        <CodeView text={text} name={name} />
      </Suspense>
    </div>
  )
}
