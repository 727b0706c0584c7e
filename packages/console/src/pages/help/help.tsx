// A page of the docs, served with the console: it is there without the internet. Its Chinese twin where there is one.

import { Link, useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useDocsPage } from '../../api/docs.ts'
import { paths } from '../../paths.ts'
import { Empty, Failed, Skeleton } from '../../patterns/states.tsx'
import { useTitle } from '../../patterns/use-title.ts'
import { withWords } from '../../words/load-words.ts'
import { useWords, type WordKey } from '../../words/use-words.ts'
import './help.css'

const Markdown = lazy(withWords([], () => import('../../patterns/markdown.tsx')))

const pages: readonly (readonly [string, WordKey])[] = [
  ['instances', 'help.instances'],
  ['access', 'help.access'],
  ['personal', 'help.personal'],
  ['immutability', 'help.immutability'],
  ['retention', 'help.retention'],
  ['charts', 'help.charts'],
  ['ai-artifacts', 'help.aiArtifacts'],
  ['cli', 'help.cli'],
  ['audit', 'help.audit'],
  ['protocol', 'help.protocol'],
  ['running', 'help.running'],
  ['settings', 'help.settings'],
  ['storage', 'help.storage'],
  ['postgresql', 'help.postgresql'],
  ['tls', 'help.tls'],
  ['service', 'help.service'],
  ['recycle-bin', 'help.recycleBin'],
  ['clean-up', 'help.cleanUp'],
  ['words', 'help.words'],
]

export function HelpPage() {
  const { t, language } = useWords()
  const { page: asked = '' } = useParams({ strict: false })
  const page = /^[\w.-]+$/.test(asked) && asked !== 'README' ? asked : (pages[0]?.[0] ?? '')
  const own = useDocsPage(language === 'zh' ? `${page}.zh` : page)
  // Most pages for operators are in English alone.
  const english = useDocsPage(page)
  const text = own.data ?? english.data
  useTitle(t('help.title'))
  return (
    <div className="help">
      <nav aria-label={t('help.pages')}>
        <ul>
          {pages.map(([id, label]) => (
            <li key={id}>
              <Link to={paths.help(id)} aria-current={id === page ? 'page' : undefined}>
                {t(label)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <article className="panel">
        {text === null && <Empty title={t('help.none')} />}
        {english.error && <Failed error={english.error} />}
        {text === undefined && <Skeleton lines={8} />}
        {typeof text === 'string' && (
          <Suspense fallback={<Skeleton lines={8} />}>
            <Markdown text={text} docsLink={(to) => paths.help(to.replace(/\.zh$/, ''))} />
          </Suspense>
        )}
      </article>
    </div>
  )
}
