// Says that the server can't be reached, and when it is tried again. What was read stays; writes wait for the person.

import { tryConnection, useSecondsToRetry } from '../api/connection.ts'
import { Button } from '../patterns/button.tsx'
import { useWords } from '../words/use-words.ts'

export function ConnectionBar() {
  const { t } = useWords()
  const left = useSecondsToRetry()
  if (left === undefined) return null
  return (
    <div className="connection" role="alert">
      <span>{t('frame.connectionLost', { n: left })}</span>
      <Button onClick={() => void tryConnection()}>{t('patterns.tryAgain')}</Button>
    </div>
  )
}
