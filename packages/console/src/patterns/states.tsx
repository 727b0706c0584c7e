// What stands where rows or facts would: nothing yet, nothing found, not allowed, failed.

import type { ReactNode } from 'react'
import { isMissing, isRefused } from '../api/call.ts'
import { useWords } from '../words/use-words.ts'
import { Button } from './button.tsx'
import { explainError } from './errors.tsx'
import { NotAllowed } from './not-allowed.tsx'

interface EmptyProps {
  readonly title: string
  readonly children?: ReactNode
  readonly actions?: ReactNode
}

export function Empty({ title, children, actions }: EmptyProps) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children !== undefined && <div className="empty-about">{children}</div>}
      {actions !== undefined && <div className="empty-actions">{actions}</div>}
    </div>
  )
}

interface FailedProps {
  readonly error: unknown
  retry?(): void
}

/** Instead of a page or a list that could not be read. */
export function Failed({ error, retry }: FailedProps) {
  const { t } = useWords()
  if (isRefused(error)) return <NotAllowed error={error} />
  if (isMissing(error)) {
    return <Empty title={t('patterns.missing')}>{explainError(error, t)}</Empty>
  }
  return (
    <div className="empty" role="alert">
      <p className="empty-title">{t('patterns.failed')}</p>
      <div className="empty-about">{explainError(error, t)}</div>
      {retry && (
        <div className="empty-actions">
          <Button onClick={retry}>{t('patterns.tryAgain')}</Button>
        </div>
      )}
    </div>
  )
}

/** Appears only when it takes longer than a glance. */
export function Skeleton({ lines = 4 }: { readonly lines?: number }) {
  const { t } = useWords()
  return (
    <div className="skeleton" role="status" aria-label={t('patterns.loading')}>
      {Array.from({ length: lines }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of nothing have no other name
        <span key={i} />
      ))}
    </div>
  )
}

export function Banner({
  tone = 'plain',
  children,
  actions,
}: {
  readonly tone?: 'plain' | 'warn' | 'bad'
  readonly children: ReactNode
  readonly actions?: ReactNode
}) {
  return (
    <div className={`banner banner-${tone}`}>
      <div>{children}</div>
      {actions}
    </div>
  )
}
