// The README of a chart: Markdown of whoever packed it.

import { lazy, Suspense } from 'react'
import { Panel } from '../../patterns/detail.tsx'
import { Empty, Skeleton } from '../../patterns/states.tsx'
import { withWords } from '../../words/load-words.ts'
import { useWords } from '../../words/use-words.ts'

const Markdown = lazy(withWords([], () => import('../../patterns/markdown.tsx')))

export function ReadmeTab({ text }: { readonly text: string | null }) {
  const { t } = useWords()
  if (text === null || text.trim() === '') {
    return <Empty title={t('charts.noReadme')}>{t('charts.noReadmeAbout')}</Empty>
  }
  return (
    <Panel title={t('charts.tabReadme')}>
      <Suspense fallback={<Skeleton lines={8} />}>
        <Markdown text={text} isInner />
      </Suspense>
    </Panel>
  )
}
