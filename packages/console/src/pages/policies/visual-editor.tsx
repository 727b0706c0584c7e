// The document as fields, a card for each statement.

import { AddIcon, CopyIcon, DeleteIcon } from 'tdesign-icons-react'
import { Button, IconButton } from '../../patterns/button.tsx'
import { Banner } from '../../patterns/states.tsx'
import { useWords } from '../../words/use-words.ts'
import { ActionPicker } from './action-picker.tsx'
import { ConditionRows } from './condition-rows.tsx'
import { newStatement, readDocument, type Statement, writeDocument } from './document.ts'
import { Segments } from './labelled.tsx'
import { ResourcePicker } from './resource-picker.tsx'
import type { Marked } from './simulation.ts'

interface VisualEditorProps {
  readonly text: string
  readonly marked: Marked | undefined
  onText(text: string): void
}

export function VisualEditor({ text, marked, onText }: VisualEditorProps) {
  const { t } = useWords()
  const statements = readDocument(text)
  if (!statements) return <Banner tone="warn">{t('policies.onlyAsText')}</Banner>
  const write = (next: readonly Statement[]) => onText(writeDocument(next))
  return (
    <div className="stack">
      {statements.map((statement, at) => (
        <StatementCard
          // biome-ignore lint/suspicious/noArrayIndexKey: a statement has no other name than its number
          key={at}
          number={at + 1}
          statement={statement}
          mark={marked?.index === at ? marked.effect : undefined}
          onChange={(next) => write(statements.with(at, next))}
          onCopy={() => write(statements.toSpliced(at + 1, 0, statement))}
          onRemove={() => write(statements.toSpliced(at, 1))}
        />
      ))}
      <div>
        <Button icon={<AddIcon />} onClick={() => write([...statements, newStatement])}>
          {t('policies.addStatement')}
        </Button>
      </div>
    </div>
  )
}

interface StatementCardProps {
  readonly number: number
  readonly statement: Statement
  /** The simulation was decided by it. */
  readonly mark: Marked['effect'] | undefined
  onChange(statement: Statement): void
  onCopy(): void
  onRemove(): void
}

function StatementCard(props: StatementCardProps) {
  const { number, statement, mark, onChange, onCopy, onRemove } = props
  const { t } = useWords()
  const title = t('policies.statementNumber', { n: number })
  return (
    <section
      className={`panel policy-statement ${mark === undefined ? '' : `policy-decided-${mark}`}`}
      aria-label={title}
    >
      <header className="panel-head">
        <h2>
          {title}
          {mark !== undefined && (
            <span className="policy-mark">{t('policies.decidesSimulation')}</span>
          )}
        </h2>
        <span>
          <IconButton
            icon={<CopyIcon />}
            label={t('policies.duplicateStatement', { n: number })}
            onClick={onCopy}
          />
          <IconButton
            icon={<DeleteIcon />}
            label={t('policies.removeStatement', { n: number })}
            onClick={onRemove}
          />
        </span>
      </header>
      <div className="row">
        <span className="field-label">{t('policies.effect')}</span>
        <Segments
          label={t('policies.effect')}
          value={statement.effect}
          choices={[
            { value: 'allow', label: t('policies.allow') },
            { value: 'deny', label: t('policies.deny') },
          ]}
          onChange={(effect) => onChange({ ...statement, effect })}
        />
      </div>
      <ActionPicker
        actions={statement.actions}
        onChange={(actions) => onChange({ ...statement, actions })}
      />
      <ResourcePicker
        resources={statement.resources}
        onChange={(resources) => onChange({ ...statement, resources })}
      />
      <ConditionRows
        conditions={statement.conditions}
        onChange={(conditions) => onChange({ ...statement, conditions })}
      />
    </section>
  )
}
