// The account asks for a second factor that this person has not yet: it is set up before anything else.

import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { logOut, sessionKey } from '../../api/session.ts'
import { Button } from '../../patterns/button.tsx'
import { useNotices } from '../../patterns/notices.tsx'
import { Skeleton } from '../../patterns/states.tsx'
import { withWords } from '../../words/load-words.ts'
import { useWords } from '../../words/use-words.ts'

const SetUpFactor = lazy(withWords(['me'], () => import('../me/set-up-factor.tsx')))

interface FirstFactorProps {
  readonly onActive: () => void
  readonly onDone: () => void
  /** Logged out: somebody else, or the same person from the beginning. */
  readonly onLeave: () => void
}

export function FirstFactor({ onActive, onDone, onLeave }: FirstFactorProps) {
  const { t } = useWords()
  const { tellError } = useNotices()
  const client = useQueryClient()
  const look = () => client.refetchQueries({ queryKey: sessionKey })
  return (
    <>
      <p>{t('login.factorNeeded')}</p>
      <Suspense fallback={<Skeleton />}>
        <SetUpFactor onActive={onActive} onDone={() => void look().then(onDone)} />
      </Suspense>
      <Button theme="text" onClick={() => void logOut().then(onLeave).then(look).catch(tellError)}>
        {t('login.restart')}
      </Button>
    </>
  )
}
