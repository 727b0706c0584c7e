// What was sent at one time, and what came back.

import { CommandBlock } from '../../patterns/commands.tsx'
import { useWords } from '../../words/use-words.ts'
import type { Attempt } from './trigger-words.ts'

interface AttemptDetailProps {
  readonly attempt: Attempt
  /** Where it isn't shown beside it. */
  readonly body?: string
}

export function AttemptDetail({ attempt, body }: AttemptDetailProps) {
  const { t } = useWords()
  const { RequestHeaders, ResponseHeaders, ResponseBody, IsResponseCut, DurationMs } = attempt
  return (
    <details className="attempt">
      <summary>
        {t('triggers.requestHeaders')} · {t('triggers.responseHeaders')} ·{' '}
        {t('triggers.milliseconds', { n: DurationMs })}
      </summary>
      <Block label={t('triggers.requestHeaders')} text={RequestHeaders} />
      {body !== undefined && <Block label={t('triggers.body')} text={readable(body)} />}
      {ResponseHeaders === null ? (
        <p className="quiet">{t('triggers.noAnswer')}</p>
      ) : (
        <Block label={t('triggers.responseHeaders')} text={ResponseHeaders} />
      )}
      {ResponseBody ? <Block label={t('triggers.responseBody')} text={ResponseBody} /> : null}
      {IsResponseCut && <p className="quiet">{t('triggers.cut')}</p>}
    </details>
  )
}

export function Block({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div className="attempt-block">
      <p className="command-label">{label}</p>
      <CommandBlock lines={text} label={label} />
    </div>
  )
}

/** JSON in lines; anything else as it is. */
export function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    // No JSON: nothing to lay out.
    return text
  }
}
