// A policy document in two views, fields and JSON, with what is wrong in it and what it would grant without being
// noticed.

import { lazy, Suspense, useMemo, useState } from 'react'
import { permissions } from '../../api/permissions.ts'
import { Banner, Skeleton } from '../../patterns/states.tsx'
import { withWords } from '../../words/load-words.ts'
import { useWords } from '../../words/use-words.ts'
import { checkDocument, type Problem, statementPlaces } from './check-document.ts'
import type { CodeMark } from './code-editor.tsx'
import { Segments } from './labelled.tsx'
import type { Marked } from './simulation.ts'
import { VisualEditor } from './visual-editor.tsx'
import { DocumentWarnings } from './warnings.tsx'

const CodeEditor = lazy(withWords([], () => import('./code-editor.tsx')))

const names = permissions.map(({ name }) => name)

export function useProblems(text: string): readonly Problem[] {
  return useMemo(() => checkDocument(text, names), [text])
}

interface PolicyEditorProps {
  readonly text: string
  readonly problems: readonly Problem[]
  /** By the simulation beside it. */
  readonly marked?: Marked | undefined
  onText(text: string): void
}

type View = 'visual' | 'json'

export function PolicyEditor({ text, problems, marked, onText }: PolicyEditorProps) {
  const { t } = useWords()
  const [view, setView] = useState<View>('visual')
  const [goTo, setGoTo] = useState<{ readonly from: number; readonly to: number }>()
  const marks = useMemo<readonly CodeMark[]>(() => {
    const wrong = problems.map(({ from, to, isError, key, values }) => ({
      from,
      to,
      isError,
      text: t(key, values),
    }))
    return wrong
  }, [problems, t])
  const decided = marked && statementPlaces(text)[marked.index]
  return (
    <div className="stack">
      <div className="row policy-views">
        <Segments<View>
          label={t('policies.view')}
          value={view}
          choices={[
            { value: 'visual', label: t('policies.visual') },
            { value: 'json', label: t('policies.json') },
          ]}
          onChange={setView}
        />
        {view === 'json' && decided && marked && (
          <button
            type="button"
            className="button button-text"
            onClick={() => setGoTo({ ...decided })}
          >
            {t('policies.showDecided', { n: marked.index + 1 })}
          </button>
        )}
      </div>
      <Problems
        problems={problems}
        onShow={(problem) => {
          setView('json')
          setGoTo({ from: problem.from, to: problem.to })
        }}
      />
      <DocumentWarnings text={text} />
      {view === 'visual' ? (
        <VisualEditor text={text} marked={marked} onText={onText} />
      ) : (
        <Suspense fallback={<Skeleton lines={12} />}>
          <CodeEditor
            text={text}
            label={t('policies.documentJson')}
            marks={marks}
            goTo={goTo}
            onText={onText}
          />
        </Suspense>
      )}
    </div>
  )
}

interface ProblemsProps {
  readonly problems: readonly Problem[]
  onShow(problem: Problem): void
}

const shownProblems = 10

function Problems({ problems, onShow }: ProblemsProps) {
  const { t } = useWords()
  const errors = problems.filter(({ isError }) => isError).length
  return (
    <div role="status" className="policy-status">
      {problems.length > 0 && (
        <Banner tone={errors > 0 ? 'bad' : 'warn'}>
          <ul className="policy-problems" aria-label={t('policies.problems')}>
            {problems.slice(0, shownProblems).map((problem) => (
              <li key={`${problem.from} ${problem.key}`}>
                <button type="button" className="policy-link" onClick={() => onShow(problem)}>
                  {t('policies.line', { n: problem.line })}
                </button>
                <span>{t(problem.key, problem.values)}</span>
              </li>
            ))}
          </ul>
          {problems.length > shownProblems &&
            t('policies.moreProblems', { n: problems.length - shownProblems })}
        </Banner>
      )}
    </div>
  )
}
